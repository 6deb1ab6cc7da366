"""A short calibration, which fails where a verdict is passed too often; the long one has a page."""

import json
from pathlib import Path

import numpy as np
import pytest

from tools.calibrating import old, ours, rates
from tools.calibrating.families import ALPHA, FAMILIES, Family, watched
from tools.calibrating.page import write
from tools.calibrating.scenarios import AT_THE_MARGIN, EFFECTS, Scenario
from tools.calibrating.times_and_shares import times_at_half
from tools.calibrating.values import Ceiling, Collapse

DOCS = Path(__file__).parents[2] / "docs"
NUMBERS = json.loads((DOCS / "images" / "calibration.json").read_text(encoding="utf-8"))
STUDIES = {"majority": 3_000, "two shares": 1_000, "shift": 400}
CASES = [
    pytest.param(scenario, method, id=f"{scenario.name}, {method}")
    for scenario in AT_THE_MARGIN
    for method in rates.methods_of(scenario.outcome, scenario.symmetric)
]


def _most(studies: int) -> float:
    """5 % and two standard errors of so many studies."""
    return 0.05 + 2 * (0.05 * 0.95 / studies) ** 0.5


@pytest.mark.parametrize(("scenario", "method"), CASES)
def test_watched_to_sixty_seeds_few_verdicts_are_false(
    scenario: Scenario, method: ours.Method
) -> None:
    rng = np.random.default_rng(11)
    found = rates.false_of_ours(scenario, method, rng, STUDIES[method])
    assert found.worse <= _most(found.studies)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_few_verdicts_of_a_study_are_false(family: Family) -> None:
    found = watched(family, np.random.default_rng(12), 200)
    assert max(found.false) <= ALPHA
    assert family.true == 0 or (found.true is not None and found.true > 0.95)


@pytest.mark.parametrize("sure", [0, 2])
def test_a_claim_of_parts_is_rarely_false(sure: int) -> None:
    assert rates.false_of_parts(sure, np.random.default_rng(13), 3_000).worse <= 0.05


def test_it_notices_a_test_that_does_not_hold() -> None:
    """Where a seed in ten collapses Welch's t is false by far, once or looked at often."""
    scenario = next(s for s in AT_THE_MARGIN if s.name == "collapse in 1 of 10 seeds")
    assert scenario.mean is not None
    x, y = scenario.draw(np.random.default_rng(14), 300, 20)
    once = rates.planned(old.welch((x[:, :5] - scenario.mean, y[:, :5])))
    often, _ = rates.looked((x - scenario.mean, y), range(3, 21))
    assert rates.rate(once).worse > 0.4
    assert rates.rate(often).worse > rates.rate(once).worse


def test_it_notices_evidence_that_is_a_little_too_large() -> None:
    scenario = AT_THE_MARGIN[0]
    pairs = scenario.draw(np.random.default_rng(15), 3_000, 60)
    for_it, against = ours.evidence("majority", "value", pairs)
    assert rates.rate(rates.watch((2 * for_it, 2 * against))[0]).worse > 0.05


@pytest.mark.parametrize("scenario", AT_THE_MARGIN, ids=lambda scenario: scenario.name)
def test_the_share_beyond_the_margin_is_what_is_asked(scenario: Scenario) -> None:
    pairs = scenario.draw(np.random.default_rng(16), 1, 400_000)
    if scenario.outcome == "share":
        assert float((pairs[0] - pairs[1]).mean()) == pytest.approx(0.1, abs=0.005)
    else:
        shown = float(ours.beyond(scenario.outcome, pairs).mean())
        assert shown == pytest.approx(scenario.most, abs=0.005)
    if scenario.mean is not None:
        assert float((pairs[0] - pairs[1]).mean()) == pytest.approx(scenario.mean, abs=0.02)


def test_ceilings_are_tied_as_often_as_they_say() -> None:
    x, y = Ceiling(0.8, 4 / 9)(np.random.default_rng(17), 1, 200_000)
    assert float((x == y).mean()) == pytest.approx(0.8 * 4 / 9, abs=0.005)


def test_collapse_may_be_where_most_are_above() -> None:
    x, y = Collapse(10, 0.8)(np.random.default_rng(18), 1, 200_000)
    assert float((x > y).mean()) == pytest.approx(0.8, abs=0.005)
    assert float((y > 5).mean()) == pytest.approx(0.1, abs=0.005)


def test_a_third_of_the_times_is_never() -> None:
    x, _ = times_at_half(2_000)(np.random.default_rng(19), 1, 200_000)
    assert 0.3 < float(np.isinf(x).mean()) < 0.36
    assert set(np.unique(x[np.isfinite(x)] % 25)) == {0.0}


def test_the_seeds_that_a_verdict_takes() -> None:
    verdicts, taken = np.array([1, 1, 1, 1, 0.0]), np.array([5, 6, 7, 9, 0.0])
    found = rates.needed(verdicts, taken, 60)
    assert (found.usually, found.decided) == (9, 0.8)
    assert found.mean == pytest.approx((5 + 6 + 7 + 9 + 60) / 5)
    assert rates.needed(verdicts[2:], taken[2:], 60).usually is None


def test_all_against_none_takes_six_seeds() -> None:
    effect = next(e for e in EFFECTS if e.name == "all against none solved")
    found = rates.needed_by_ours(effect, np.random.default_rng(20), 5)
    assert found["two shares"].usually == 6


def test_the_committed_calibration_holds() -> None:
    assert [row["name"] for row in NUMBERS["false"]][: len(AT_THE_MARGIN)] == [
        scenario.name for scenario in AT_THE_MARGIN
    ]
    for row in NUMBERS["false"]:
        own = {"majority", "shift", "two shares"} & row["false"].keys()
        assert own, row["name"]
        for name in own:
            found = row["false"][name]
            assert max(found["for_it"], found["against"]) <= _most(found["studies"]), row["name"]
    for row in NUMBERS["families"]:
        assert max(row["found"]["e-BH, watched"]["false"]) <= 0.05, row["name"]


def test_the_page_says_the_committed_numbers() -> None:
    page = (DOCS / "explanation" / "calibration.md").read_text(encoding="utf-8")
    assert page == write(NUMBERS)
