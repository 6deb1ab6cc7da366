"""What would decide a claim, held to the numbers of the design and to trying it."""

import math
import random

import pytest

from assay.claims.evalues import majority
from assay.claims.outlook import outlook
from tests.claims.made_up_claims import declare, fill, part, write
from tests.claims.test_verdicts import CLOSE, HIGH, LOW, THIRD, judged


def looks(path, store, most: float = 0.5, seconds=lambda arm: 60.0, **options):
    return [outlook(each, most, seconds, **options) for each in judged(path, store)]


def test_before_any_run_of_one_claim_five_seeds_do(tmp_path, store) -> None:
    path = write(tmp_path, [part()])
    declare(path, store)
    (found,) = looks(path, store)
    assert (found.least, found.arms, found.never) == (5, ["first", "second"], "")
    assert (found.seconds, found.seconds_least) == (120, 600)


def test_of_nineteen_claims_ten_do_while_none_is_decided_and_six_once_fifteen_are(
    tmp_path, store
) -> None:
    path = write(tmp_path, *[[part()]] * 19)
    declare(path, store)
    assert [each.least for each in looks(path, store)] == [10] * 19
    path = write(tmp_path, *[[part()]] * 15, *[[part(**THIRD)]] * 4)
    fill(path, store, first=HIGH + [0.96] * 4, second=LOW + [0.1] * 4)
    found = looks(path, store)
    assert [each.decided for each in found] == [True] * 15 + [False] * 4
    assert [each.least for each in found[15:]] == [6] * 4


def test_seeds_that_are_there_are_not_asked_for_again(tmp_path, store) -> None:
    path = write(tmp_path, [part()])
    fill(path, store, first=HIGH[:3], second=LOW[:3])
    (found,) = looks(path, store)
    assert (found.least, found.supports) == (2, True)


def test_runs_against_a_claim_are_continued_against_it(tmp_path, store) -> None:
    path = write(tmp_path, [part(**THIRD)])
    fill(path, store, first=HIGH[:4], third=CLOSE[:4])
    (found,) = looks(path, store)
    assert (found.least, found.supports) == (1, False)


def test_the_expected_number_is_that_of_a_simulation(tmp_path, store) -> None:
    path = write(tmp_path, [part()])
    declare(path, store)
    (found,) = looks(path, store)
    rng, total, times = random.Random(0), 0, 4_000
    for _ in range(times):
        yes = runs = 0
        while runs < 60 and majority(yes, runs) < 20:
            runs += 1
            yes += rng.random() < 0.9
        total += runs
    assert found.expected == pytest.approx(total / times, rel=0.03)
    assert found.expected > found.least


def test_a_claim_that_is_half_and_half_is_open_for_ever_at_its_margin(tmp_path, store) -> None:
    path = write(tmp_path, [part(**THIRD, margin="0.004")])
    mixed = [value + (0.01 if seed % 2 else -0.01) for seed, value in enumerate(HIGH)]
    fill(path, store, first=HIGH, third=mixed)
    (found,) = looks(path, store)
    assert found.never.startswith("4 of 8 seeds show it, and at that rate 60 would not decide it")
    assert found.least is None


def test_no_more_seeds_than_are_allowed(tmp_path, store) -> None:
    path = write(tmp_path, [part()])
    fill(path, store, first=HIGH[:1], second=LOW[:1])
    (found,) = looks(path, store, most_seeds=4)
    assert (found.least, found.expected) == (None, None)


def test_unknown_costs_are_unknown(tmp_path, store) -> None:
    path = write(tmp_path, [part()])
    declare(path, store)
    (found,) = looks(path, store, seconds=lambda arm: None if arm == "second" else 1.0)
    assert (found.seconds, found.seconds_least, found.seconds_expected) == (None, None, None)


def test_a_profile_that_gives_no_verdict_never_does(tmp_path, store) -> None:
    path = write(tmp_path, [part()])
    fill(path, store, "quick", first=HIGH, second=LOW)
    (verdict,) = judged(path, store, "quick")
    assert outlook(verdict, 0.5, lambda arm: 1.0).never.endswith("numbers and no verdict")


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": '"solved"', "solved": "0.9", "margin": "0.1"},
        {"kind": '"solved"', "solved": "0.9", "margin": "0.3", "test": '"equivalent"'},
        {
            **{"kind": '"solved"', "solved": "0.9", "threshold": "0.6", "against": ""},
            **{"test": '"above"', "margin": "0.0"},
        },
        {"kind": '"shift"'},
        {"metric": '"updates_to_90"', "test": '"faster"', "margin": "1.25"},
    ],
)
def test_the_least_seeds_are_those_that_decide_it(changes, tmp_path, store) -> None:
    """One seed fewer leaves it open, and so many decide it, of runs that all agree."""
    path = write(tmp_path, [part(**changes)], seeds=60)
    declare(path, store)
    (found,) = looks(path, store)
    assert found.least is not None
    low = 0.95 if changes.get("test") == '"equivalent"' else 0.1
    fill(path, store, first=[0.95] * (found.least - 1), second=[low] * (found.least - 1))
    assert not judged(path, store)[0].decided
    fill(path, store, first=[0.95] * found.least, second=[low] * found.least)
    assert judged(path, store)[0].word == "supported"
    assert math.isfinite(found.expected or 0.0)


def test_few_seeds_that_disagree_do_not_close_a_claim(tmp_path, store) -> None:
    """3 of 5 may well be a share that 60 seeds decide; 30 of 50 hardly."""
    path = write(tmp_path, [part(**THIRD, margin="0.004")], seeds=50)

    def mixed(runs: int) -> list[float]:
        return [0.95 + (-0.01 if seed % 5 < 3 else 0.01) for seed in range(runs)]

    fill(path, store, first=[0.95] * 5, third=mixed(5))
    assert looks(path, store)[0].never == ""
    fill(path, store, first=[0.95] * 50, third=mixed(50))
    assert looks(path, store)[0].never.startswith("30 of 50 seeds show it")
