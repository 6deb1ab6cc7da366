"""Rows of numbers, and rows as plain JSON values: no NaN, no infinity."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from assay.claims.evidence import Summary
from assay.outcomes.outcome import Value
from assay.report.data.rows import RunCounts, SeedRow, SummaryRow

NOTHING = SummaryRow(None, None, None, 0, 0, None, [])
"""An outcome of which nothing is said."""


def plain(value: Any) -> Any:
    """Rows as `report.json` and `assay claims --json` have them."""
    if is_dataclass(value):
        found: dict[str, Any] = {}
        for field in fields(value):
            each = plain(getattr(value, field.name))
            found |= each if field.metadata.get("inline") else {field.name: each}
        return found
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else value


def finite(value: float | None) -> float | None:
    """The value, or None where it is none or not finite."""
    return None if value is None or not math.isfinite(value) else value


def summary_row(summary: Summary, seeds: Sequence[int]) -> SummaryRow:
    """An outcome over seeds: median and range, how many never reached it, and every value."""
    known = [value for value in summary.values if finite(value.value) is not None]
    ends = [value.censored_at for value in summary.values if _censored(value)]
    return SummaryRow(
        median=finite(summary.median),
        low=finite(summary.low),
        high=finite(summary.high),
        n=len(known) + len(ends),
        censored=len(ends),
        censored_at=min((end for end in ends if end is not None), default=None),
        values=[
            SeedRow(seed, finite(value.value), value.censored_at)
            for seed, value in zip(seeds, summary.values, strict=True)
        ],
    )


def run_counts(status: Mapping[str, int]) -> RunCounts:
    """How far runs are, from how many there are of each status."""
    names = ("finished", "diverged", "failed", "unfinished", "not started")
    counts = [status.get(name, 0) for name in names]
    return RunCounts(sum(counts), *counts)


def _censored(value: Value) -> bool:
    return value.value is None and value.censored_at is not None
