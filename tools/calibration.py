"""How often a verdict is passed where there is nothing, and how many seeds it takes otherwise.

Simulates outcomes with an effect of exactly the margin and counts the verdicts of the functions
that judge a study, watched after every seed; then studies of many claims; then effects that are
there. Beside them run the tests that are usual. Writes docs/images/calibration.{json,svg,png} and
docs/explanation/calibration.md. Seeded; some ten minutes on one core.

    python -m tools.calibration            simulate, draw and write (`make calibration`)
    python -m tools.calibration --draw     draw and write the committed numbers again
"""

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from assay.execution.machine import machine
from tools.calibrating import rates
from tools.calibrating.families import FAMILIES, PROCEDURES
from tools.calibrating.figure import draw
from tools.calibrating.page import write
from tools.calibrating.scenarios import AT_THE_MARGIN, EFFECTS, Effect, Scenario

DOCS = Path(__file__).parent.parent / "docs"
NUMBERS = DOCS / "images" / "calibration.json"
PAGE = DOCS / "explanation" / "calibration.md"
STUDIES = {"majority": 10_000, "two shares": 4_000, "shift": 5_000}
MANY = 2_000
FEW = 200


def false_verdicts(number: int, scenario: Scenario) -> dict[str, Any]:
    """The row of a scenario where there is nothing."""
    found = {}
    for place, method in enumerate(rates.methods_of(scenario.outcome, scenario.symmetric)):
        rng = np.random.default_rng([number, place])
        found[method] = rates.false_of_ours(scenario, method, rng, STUDIES[method])
    rng = np.random.default_rng([number, 9])
    found |= rates.false_of_others(scenario, rng, FEW, MANY)
    return {"name": scenario.name, "outcome": scenario.outcome, "false": _plain(found)}


def parts(sure: int) -> dict[str, Any]:
    """The row of a claim of three parts."""
    rng = np.random.default_rng([300, sure])
    found = {"majority": rates.false_of_parts(sure, rng, STUDIES["majority"])}
    name = f"three parts, {sure} of them sure" if sure else "three parts, all at the margin"
    return {"name": name, "outcome": "parts", "false": _plain(found)}


def seeds_needed(number: int, effect: Effect) -> dict[str, Any]:
    """The row of a scenario where there is something."""
    rng = np.random.default_rng([100, number])
    found = rates.needed_by_ours(effect, rng, 1_000)
    found |= rates.needed_by_others(effect, rng, FEW, MANY)
    return {"name": effect.name, "outcome": effect.outcome, "needed": _plain(found)}


def families() -> list[dict[str, Any]]:
    """A row for each study of many claims."""
    rows = []
    for number, family in enumerate(FAMILIES):
        found = {}
        for place, (name, (procedure, studies)) in enumerate(PROCEDURES.items()):
            rng = np.random.default_rng([200, number, place])
            found[name] = procedure(family, rng, studies)
        rows.append({"name": family.name, "found": _plain(found)})
    return rows


def measure() -> dict[str, Any]:
    """All numbers of the page."""
    start = time.process_time()
    numbers = {
        "false": [_timed(false_verdicts, *row) for row in enumerate(AT_THE_MARGIN)]
        + [parts(sure) for sure in (0, 2)],
        "needed": [_timed(seeds_needed, *row) for row in enumerate(EFFECTS)],
        "families": families(),
    }
    minutes = round((time.process_time() - start) / 60)
    return {"machine": machine()["processor"], "minutes": minutes, **numbers}


def _timed(make: Callable[..., dict[str, Any]], number: int, of: Any) -> dict[str, Any]:
    start = time.process_time()
    row = make(number, of)
    print(f"{of.name}: {time.process_time() - start:.0f} s", flush=True)
    return row


def _plain(found: dict[str, Any]) -> dict[str, Any]:
    return {name: asdict(value) for name, value in found.items()}


def main() -> None:
    """Simulate unless told to draw alone; draw and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draw", action="store_true", help="draw the committed numbers again")
    given = parser.parse_args()
    if not given.draw:
        NUMBERS.write_text(json.dumps(measure(), indent=1) + "\n", encoding="utf-8")
    numbers = json.loads(NUMBERS.read_text(encoding="utf-8"))
    draw(numbers, NUMBERS.parent)
    PAGE.write_text(write(numbers), encoding="utf-8")


if __name__ == "__main__":
    main()
