"""Every point of every curve, run by run, in columns."""

from collections.abc import Mapping
from typing import Any

from assay.claims.evidence import ArmRuns
from assay.claims.logs import Log, epochs
from assay.report.data.plain import Data


def curve_data(runs: Mapping[str, ArmRuns]) -> list[Data]:
    """What each run logged: its epochs, the looks between them, and its probes."""
    return [
        {"arm": key, "seed": seed, "run": found.arm.runs[seed].run_id, **_columns(log)}
        for key, found in runs.items()
        for seed, log in zip(found.seeds, found.logs, strict=True)
    ]


def _columns(log: Log) -> Data:
    ends = epochs(log)
    checks = [line for line in log if "check" in line]
    return {
        "epoch": [line["epoch"] for line in ends],
        "update": [line["update"] for line in ends],
        "training": _by_quantity([line["training"] for line in ends]),
        "validation": _by_quantity([line["validation"] for line in ends]),
        "checks": {
            "update": [line["update"] for line in checks],
            **_by_quantity([line["check"] for line in checks]),
        },
        "probes": [line for line in log if "probe" in line],
    }


def _by_quantity(measures: list[dict[str, Any]]) -> dict[str, list[Any]]:
    names = measures[0] if measures else {}
    return {name: [measure[name] for measure in measures] for name in names}
