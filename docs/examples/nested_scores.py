"""Run the example as it is, and write the scores of its trials as a table."""

import csv
import runpy
import sys

import matplotlib

matplotlib.use("agg")
found = runpy.run_path(sys.argv[1])
with open(sys.argv[2], "w", newline="", encoding="utf-8") as file:
    table = csv.writer(file)
    table.writerow(["cv", "seed", "score"])
    for name in ("non_nested", "nested"):
        for seed, score in enumerate(found[f"{name}_scores"]):
            table.writerow([name, seed, float(score)])
