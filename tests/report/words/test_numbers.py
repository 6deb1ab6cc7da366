import math
import statistics
from dataclasses import replace
from typing import Any

import pytest

from assay.report.data.rows import (
    ArmRow,
    EffectRow,
    EvidenceRow,
    PartRow,
    RunCounts,
    SeedRow,
    SizeRow,
    SummaryRow,
)
from assay.report.words import numbers as words
from assay.report.words.cells import asked_and_shown


def _summary(values: list[float], censored: int = 0, at: int = 1875) -> SummaryRow:
    every = [*values, *[math.inf] * censored]
    median = statistics.median(every) if every else None
    return SummaryRow(
        median=None if median == math.inf else median,
        low=min(values, default=None),
        high=None if censored else max(values, default=None),
        n=len(every),
        censored=censored,
        censored_at=at if censored else None,
        values=[
            SeedRow(seed, None, at) if value == math.inf else SeedRow(seed, value, None)
            for seed, value in enumerate(every)
        ],
    )


def _arm(label: str, summary: SummaryRow) -> ArmRow:
    return ArmRow(label, label, summary.n, summary.n, 0, summary)


def _plain(text: str) -> str:
    return text.replace(words.NBSP, " ")


@pytest.mark.parametrize(
    ("value", "metric", "unit", "text"),
    [
        (0.98765, "final_accuracy", "accuracy", "98.8 %"),
        (1.0, "best_accuracy", "accuracy", "100.0 %"),
        (0.0123, "accuracy_fluctuation", "accuracy", "1.2 points"),
        (62_500.0, "updates_to_90", "updates", "62,500"),
        (162.5, "updates_to_90", "updates", "162.5"),
        (0.00234, "clipped_share", "share of updates", "0.234 %"),
        (1.0, "gradient_change", "nats", "1.00"),
        (0.0000123, "update_norm", "norm", "1.23e-5"),
    ],
)
def test_amounts(value, metric, unit, text) -> None:
    assert _plain(words.amount(value, metric, unit)) == text


def test_a_range_has_its_unit_once() -> None:
    assert _plain(words.spread(_summary([0.9, 0.95, 1.0]), "", "accuracy")) == "90.0 to 100.0 %"
    assert _plain(words.spread(_summary([0.9, 0.9]), "", "accuracy")) == "90.0 %"
    assert words.spread(_summary([0.9]), "", "accuracy") == ""
    assert words.spread(_summary([]), "", "accuracy") == ""
    assert words.spread(_summary([1.04, 1.2]), "", "nats") == "1.04 to 1.20"
    assert words.spread(_summary([-1.5, -1.0]), "", "nats") == "−1.50 to −1.00"


def test_what_was_never_reached_is_no_number() -> None:
    none, half, one = _summary([], 3), _summary([400.0], 2), _summary([300.0, 400.0], 1)
    shown = [words.median(each, "updates_to_90", "updates") for each in (none, half, one)]
    assert shown == ["never reached", "not reached by half", "400"]
    shown = [_plain(words.spread(each, "updates_to_90", "updates")) for each in (none, half, one)]
    assert shown == ["≥ 1,875", "400 to ≥ 1,875", "300 to ≥ 1,875"]
    assert words.censored(one) == "1 of 3 never"
    assert words.censored(_summary([1.0])) == ""
    assert _plain(words.each(one, "updates_to_90", "updates")) == "300, 400, ≥ 1,875"


def _part(**changes: Any) -> PartRow:
    part = PartRow(
        sentence="One is better.",
        describe="validation accuracy",
        metric="final_accuracy",
        unit="accuracy",
        kind="majority",
        test="greater",
        is_time=False,
        solved=None,
        threshold=None,
        limit=None,
        margin=0.05,
        margin_unit="accuracy",
        update=None,
        tested=True,
        untested="",
        word="open",
        evidence=EvidenceRow(1.0, 1.0),
        seen_evidence=None,
        seeds=[],
        yes=0,
        runs=0,
        otherwise=1.0,
        size=SizeRow(None, None, None, median_infinite=False, high_infinite=False),
        waiting=0,
        missing=0,
        computed=None,
        arms=[
            _arm("LSTM", _summary([0.9, 0.95, 1.0])),
            _arm("RNN", _summary([0.4, 0.45, 0.5])),
        ],
    )
    return replace(part, **changes)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "greater in the first by more than 5.0 percentage points"),
        ({"test": "smaller"}, "smaller in the first by more than 5.0 percentage points"),
        ({"test": "equivalent"}, "the same within 5.0 percentage points"),
        ({"test": "above", "threshold": 0.9, "margin": 0.0}, "above 90.0 %"),
        (
            {"test": "below", "threshold": 0.9, "margin": 0.01},
            "below 90.0 % by more than 1.0 percentage points",
        ),
        (
            {"test": "faster", "is_time": True, "unit": "updates", "margin": 1.25},
            "the other takes more than 1.25 times as many updates",
        ),
        (
            {"kind": "solved", "solved": 0.9, "margin": 0.1},
            "share of runs at 90.0 % or more greater in the first by more than 10.0 percentage "
            "points",
        ),
        (
            {"kind": "solved", "solved": 0.9, "test": "above", "threshold": 0.5, "margin": 0.0},
            "share of runs at 90.0 % or more above 50.0 %",
        ),
        (
            {"test": "rising", "unit": "nats", "margin": 1.0},
            "rises in the order listed (margin 1 nat)",
        ),
        (
            {"test": "below", "unit": "nats per step", "threshold": 0.0, "margin": 0.1},
            "below 0 by more than 0.1 nats per step",
        ),
        ({"test": "falling"}, "falls in the order listed (margin 5.0 percentage points)"),
        (
            {"test": "diminishing"},
            "changes less and less in the order listed (margin 5.0 percentage points)",
        ),
        (
            {"unit": "share of updates", "margin": 0.001},
            "greater in the first by more than 0.1 percentage points",
        ),
    ],
)
def test_tests_in_words(changes, text) -> None:
    assert _plain(words.test(_part(**changes))) == text


def test_what_is_measured_names_the_moment_and_the_unit() -> None:
    text = words.measure(_part(unit="nats", metric="gradient_change", update=625))
    assert text == "Validation accuracy, in nats, at update 625"
    assert words.measure(_part()) == "Validation accuracy"


def test_a_part_says_what_it_asks_for_and_what_seeds_show() -> None:
    asks = "The test asks for: greater in the first by more than 5.0 percentage points."
    untested = _part(tested=False, untested="needs 62,500 updates of x")
    assert _plain(asked_and_shown(untested)) == (
        f"Not tested in this profile: needs 62,500 updates of x. {asks}"
    )
    size = SizeRow(0.5, 0.4, 0.6, median_infinite=False, high_infinite=False)
    seeds = [EffectRow(seed, 0.5, False, 1, seed < 2, False) for seed in range(3)]
    assert _plain(asked_and_shown(_part(size=size, seeds=seeds, runs=3))) == (
        f"{asks} Seeds that show it: 2 of 3; effect, by its median: +50.0 percentage points, "
        "range +40.0 to +60.0 percentage points."
    )


def test_runs_in_words() -> None:
    assert words.runs(RunCounts(24, 12, 0, 0, 0, 0)) == "12 of 24 runs finished"
    counts = RunCounts(24, 12, diverged=1, failed=2, unfinished=3, not_started=7)
    assert words.runs(counts) == (
        "12 of 24 runs finished (1 of them diverged, 2 failed, 3 under way or interrupted, "
        "7 not started)"
    )


@pytest.mark.parametrize(
    ("seconds", "text"), [(12.3, "12 seconds"), (600, "10 minutes"), (7200, "2.0 hours")]
)
def test_durations(seconds, text) -> None:
    assert words.duration(seconds) == text


def test_settings_and_changes() -> None:
    assert words.setting_text(list(range(8)), "seed") == "0 to 7"
    assert words.setting_text([0], "seed") == "0"
    assert words.setting_text({"a": 1, "b": "x"}, "cell_options") == "a = 1, b = x"
    assert words.setting_text(1e-3, "learning_rate") == "1e-3"
    assert words.changed({}) == "default parameters"
    assert words.changed({"learning_rate": 1e-2}) == "learning_rate = 1e-2"
    assert words.count(None) == "–"
