"""Every point of every curve, run by run, in columns."""

from collections.abc import Mapping
from typing import Any

from assay.claims.evidence import ArmRuns
from assay.store.log import Log, Measures


def curve_data(runs: Mapping[str, ArmRuns]) -> list[dict[str, Any]]:
    """What each run logged: its epochs, the looks between them, and its probes."""
    return [
        {"arm": key, "seed": seed, "run": found.arm.run(seed).run_id, **_columns(log)}
        for key, found in runs.items()
        for seed, log in zip(found.seeds, found.logs, strict=True)
    ]


def _columns(log: Log) -> dict[str, Any]:
    return {
        "epoch": [line.epoch for line in log.epochs],
        "update": [line.update for line in log.epochs],
        "training": _by_quantity([line.training for line in log.epochs]),
        "validation": _by_quantity([line.validation for line in log.epochs]),
        "checks": {
            "update": [line.update for line in log.checks],
            **_by_quantity([line.measures for line in log.checks]),
        },
        "probes": [line.line() for line in log.probes],
    }


def _by_quantity(measures: list[Measures]) -> dict[str, list[Any]]:
    names = measures[0] if measures else {}
    return {name: [measure[name] for measure in measures] for name in names}
