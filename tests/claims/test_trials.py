"""A part's statement as tests, against references from scipy and from other runs."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from assay.claims.floors import part_floor
from assay.claims.trials import Sample, put_on_trial
from assay.statements.trial import Trial
from assay.study.file import Part, Selector

ARM = Selector(experiment="one")


def part(**changes: Any) -> Part:
    fields: dict[str, Any] = {
        "sentence": "It is so.",
        "metric": "final_accuracy",
        "kind": "bounded",
        "of": ARM,
        "margin": 0.0,
        "unit": "accuracy",
    }
    return Part(**fields | changes)


def sample(values: list[float], horizon: float = 1.0) -> Sample:
    return Sample(np.array(values), list(range(len(values))), horizon)


@pytest.mark.parametrize("test", ["above", "below"])
@pytest.mark.parametrize("margin", [0.0, 0.1])
def test_a_share_against_a_threshold_is_a_binomial_test(test: str, margin: float) -> None:
    declared = part(kind="solved", solved=0.9, test=test, threshold=0.7, margin=margin)
    solved, total = 3, 9
    found = put_on_trial(declared, [sample([0.95] * solved + [0.1] * (total - solved))], 0.025)
    if test == "above":
        p = stats.binom.sf(solved - 1, total, 0.7 + margin)
        assert found.effect == pytest.approx(solved / total - 0.7)
    else:
        p = stats.binom.cdf(solved, total, 0.7 - margin)
        assert found.effect == pytest.approx(0.7 - solved / total)
    assert found.p_supported == pytest.approx(p)


@pytest.mark.parametrize("test", ["above", "below"])
def test_the_floor_of_a_share_is_where_every_run_or_none_is_solved(test: str) -> None:
    declared = part(kind="solved", solved=0.9, test=test, threshold=0.8)
    every, none = (put_on_trial(declared, [sample([value] * 5)], 0.025) for value in (1.0, 0.0))
    best, worst = (every, none) if test == "above" else (none, every)
    assert part_floor(declared, [5]) == pytest.approx((best.p_supported, worst.p_refuted))
    assert best.p_supported == pytest.approx((0.8 if test == "above" else 0.2) ** 5)


def test_times_are_compared_up_to_where_both_arms_were_followed() -> None:
    declared = part(
        metric="updates_to_90", kind="time", test="faster", against=ARM, margin=1.25, unit="times"
    )
    short = sample([20.0, 30.0, 40.0, 45.0, 50.0], 100)
    long = sample([80.0, 300.0, 400.0, 500.0, 600.0], 1_000)
    cut = sample([80.0, *[np.inf] * 4], 100)
    assert put_on_trial(declared, [short, long], 0.025) == put_on_trial(
        declared, [short, cut], 0.025
    )


def test_of_a_trend_each_step_counts() -> None:
    """Up, up and a step back: no rise, and refuted by the worst of three tests, times three."""
    declared = part(kind="smooth", test="rising", of=[ARM, ARM, ARM], margin=0.1)
    rng = np.random.default_rng(0)
    arms = [level + 0.05 * rng.standard_normal(6) for level in (0.0, 1.0, 0.7)]
    found = put_on_trial(declared, [sample(list(arm)) for arm in arms], 0.025)

    def of(after: int, before: int, margin: float) -> tuple[float, float]:
        result = [
            stats.ttest_ind(
                arms[after] - margin, arms[before], equal_var=False, alternative=alternative
            ).pvalue
            for alternative in ("greater", "less")
        ]
        return float(result[0]), float(result[1])

    tests = [of(2, 0, 0.1), of(1, 0, -0.1), of(2, 1, -0.1)]
    assert found.p_supported == pytest.approx(max(p for p, _ in tests))
    assert found.p_refuted == pytest.approx(3 * min(p for _, p in tests))
    assert found.effect == pytest.approx(arms[2].mean() - arms[0].mean())
    falls = part(kind="smooth", test="falling", of=[ARM, ARM, ARM], margin=0.1)
    assert put_on_trial(falls, [sample(list(arm)) for arm in arms[::-1]], 0.025) == found


def test_a_gain_that_diminishes_is_the_first_less_the_second() -> None:
    gains = {"up": ([0.0, 0.5, 0.6], 0.4), "down": ([1.0, 0.4, 0.3], 0.5)}
    for gain, (levels, effect) in gains.items():
        declared = part(test="diminishing", of=[ARM, ARM, ARM], gain=gain)
        found: Trial = put_on_trial(declared, [sample([each] * 5) for each in levels], 0.025)
        assert found.effect == pytest.approx(effect)
