"""A small calibration; tools/calibration.py has the whole one."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from assay.claims.statistics import sign_test, welch_test
from assay.claims.statistics.rank import rank_p_values
from assay.claims.statistics.times import time_p_values

STUDIES = 400
# 5 % and two standard errors of 400 studies.
MOST = 0.05 + 2 * np.sqrt(0.05 * 0.95 / STUDIES)
NUMBERS = Path(__file__).parents[2] / "docs" / "images" / "calibration.json"

Pair = tuple[np.ndarray, np.ndarray]


def _two_peaks(rng: np.random.Generator, n: int) -> Pair:
    x, y = (np.where(rng.random(n) < 0.6, 0.9, 0.1) + rng.normal(0, 0.01, n) for _ in "xy")
    return x + 0.05, y


def _ties(rng: np.random.Generator, n: int) -> Pair:
    x, y = (rng.integers(0, 4, n) / 4 for _ in "xy")
    return x + 0.05, y


def _unequal(rng: np.random.Generator, n: int) -> Pair:
    return rng.normal(0.05, 0.01, n), rng.normal(0, 0.1, n)


def _times(rng: np.random.Generator, n: int) -> Pair:
    x, y = rng.lognormal(6, 0.5, n), 1.25 * rng.lognormal(6, 0.5, n)
    return np.where(x > 450, np.inf, x), np.where(y > 450, np.inf, y)


def _rank(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    return rank_p_values(x, y, 0.05)


def _log_rank(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    return time_p_values(x, y, 450.0, 1.25)


def _welch(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    found = welch_test(x, y, 0.05)
    return found.p_supported, found.p_refuted


def _sign(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    found = sign_test(x - y, 0.05)
    return found.p_supported, found.p_refuted


@pytest.mark.parametrize("n", [3, 6])
@pytest.mark.parametrize(
    ("test", "draw"),
    [
        (_rank, _two_peaks),
        (_rank, _ties),
        (_rank, _unequal),
        (_log_rank, _times),
        (_welch, _unequal),
        (_sign, _ties),
    ],
)
def test_false_verdicts_are_rare(
    n: int,
    test: Callable[[np.ndarray, np.ndarray], tuple[float, float]],
    draw: Callable[[np.random.Generator, int], Pair],
) -> None:
    rng = np.random.default_rng(7)
    wrong = [2 * min(test(*draw(rng, n))) <= 0.05 for _ in range(STUDIES)]
    assert np.mean(wrong) <= MOST


@pytest.mark.parametrize("n", [3, 4, 5])
def test_how_far_welchs_test_is_an_approximation(n: int) -> None:
    rng = np.random.default_rng(8)
    x, y = rng.normal(0, 1, (100_000, n)), rng.normal(0, 3, (100_000, n))
    wrong = np.mean(stats.ttest_ind(x, y, axis=1, equal_var=False).pvalue <= 0.05)
    assert 0.05 < wrong < 0.056


def test_the_committed_calibration_holds() -> None:
    numbers = json.loads(NUMBERS.read_text(encoding="utf-8"))
    assert {row["kind"] for row in numbers["scenarios"]} == {"solved", "bounded", "time", "smooth"}
    for row in numbers["scenarios"]:
        error = np.sqrt(0.05 * 0.95 / row["repeats"])
        for rates in (*row["false"].values(), row["false_looks"]):
            # Over a hundred rates, one in a few hundred of which lies this far out by chance.
            assert sum(rates.values()) <= 0.05 + 3 * error, row["name"]
