"""Verdicts of made-up runs: each word, from what the seeds say."""

import json
from pathlib import Path
from typing import Any

import pytest

from assay.claims.snapshot import Snapshot
from assay.claims.verdicts import ClaimVerdict
from assay.cli import call
from assay.store import Store
from assay.store.log import Check, Diverged
from assay.study import load_study
from tests.claims.made_up_claims import arm, declare, fill, log, part, write
from tests.report.made_up_runs import write_run

HIGH = [0.95, 0.96, 0.97, 0.98, 0.99, 0.95, 0.96, 0.97]
LOW = [0.10, 0.12, 0.11, 0.14, 0.13, 0.10, 0.12, 0.11]
CLOSE = [value - 0.005 for value in HIGH]
OTHER = {"of": '{ experiment = "second" }', "against": '{ experiment = "first" }'}
THIRD = {"against": '{ experiment = "third" }'}


def claims(path: Path, store: Store, capsys: Any, profile: str = "full") -> list[dict[str, Any]]:
    """What `assay claims --json` prints."""
    arguments = ["claims", str(path), "--profile", profile, "--store", str(store.root), "--json"]
    assert call(arguments) == 0, capsys.readouterr().err
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["claims"]
    return found


def judged(path: Path, store: Store, profile: str = "full") -> list[ClaimVerdict]:
    return Snapshot(load_study(str(path)), profile, store).verdicts


def words(found: list[ClaimVerdict]) -> list[str]:
    return [each.word for each in found]


def test_supported_contrary_and_no_difference(tmp_path, store) -> None:
    path = write(tmp_path, [part()], [part(**OTHER)], [part(**THIRD)])
    fill(path, store, first=HIGH, second=LOW, third=CLOSE)
    found = judged(path, store)
    assert words(found) == ["supported", "contrary", "no difference"]
    # 3 claims that are all decided need 20 each, which 5 seeds reach and 4 do not.
    assert [each.decision.seeds for each in found] == [5, 5, 5]
    assert found[0].decision.evidence.support == pytest.approx(16 + 63 / 12)
    assert [each.sign for each in found[2].parts[0].effects.confirming] == [-1] * 8


def test_what_is_decided_stays_decided(tmp_path, store) -> None:
    path = write(tmp_path, [part()])
    fill(path, store, first=HIGH[:5] + [0.1] * 3, second=LOW[:5] + [0.9] * 3)
    (found,) = judged(path, store)
    assert (found.word, found.decision.seeds) == ("supported", 5)


def test_open_until_there_is_enough(tmp_path, store) -> None:
    path = write(tmp_path, [part()])
    fill(path, store, first=HIGH[:4], second=LOW)
    (found,) = judged(path, store)
    assert (found.word, found.decision.needed) == ("open", 20)
    assert found.decision.evidence.support == pytest.approx(8 + 31 / 10)


def test_partly_supported_says_which_parts(tmp_path, store) -> None:
    path = write(tmp_path, [part("Holds."), part("Is close.", **THIRD), part("Is low.", **OTHER)])
    fill(path, store, first=HIGH, second=LOW, third=CLOSE)
    (found,) = judged(path, store)
    assert found.word == "partly supported"
    assert [each.word for each in found.parts] == ["supported", "no difference", "contrary"]
    assert found.decided


def test_an_open_claim_has_open_parts(tmp_path, store) -> None:
    path = write(tmp_path, [part(), part(**THIRD, margin="0.004")])
    mixed = [value + (0.01 if seed % 2 else -0.01) for seed, value in enumerate(HIGH)]
    fill(path, store, first=HIGH, second=LOW, third=mixed)
    (found,) = judged(path, store)
    assert (found.word, [each.word for each in found.parts]) == ("open", ["open", "open"])


def test_no_room_where_the_other_arm_is_at_the_limit(tmp_path, store) -> None:
    path = write(tmp_path, [part(**THIRD, limit="1.0")], [part(**THIRD)])
    fill(path, store, first=[0.99] * 8, third=[0.96, 0.97, 0.98, 0.99, 0.94, 0.99, 0.99, 0.99])
    assert words(judged(path, store)) == ["no room", "no difference"]


@pytest.mark.parametrize(
    ("second", "word"), [([0.95] * 12, "contrary"), ([0.5] * 12, "no difference")]
)
def test_shares_of_solved_runs_are_contrary_by_their_difference(
    second, word, tmp_path, store
) -> None:
    """Accuracies may differ by more than a margin that is one of shares, and no run be solved."""
    solved = {"kind": '"solved"', "solved": "0.9", "margin": "0.3"}
    path = write(tmp_path, [part(**solved)])
    fill(path, store, first=[0.1] * 12, second=second)
    assert words(judged(path, store)) == [word]


def test_a_limit_far_away_is_no_excuse(tmp_path, store) -> None:
    path = write(tmp_path, [part(**OTHER, limit="1.0", margin="0.01")])
    fill(path, store, first=[0.9] * 8, second=[0.8] * 8)
    assert words(judged(path, store)) == ["contrary"]


def test_a_seed_on_the_margin_shows_nothing(tmp_path, store) -> None:
    path = write(tmp_path, [part()])
    # 0.95 - 0.90 is 0.05 less a rounding error.
    fill(path, store, first=[0.95] * 8, second=[0.90] * 8)
    (found,) = judged(path, store)
    assert [each.sign for each in found.parts[0].effects.confirming] == [0] * 8
    assert found.word == "no difference"


def test_a_diverged_run_counts_against_whichever_verdict_is_tried(tmp_path, store) -> None:
    path = write(tmp_path, [part()])
    fill(path, store, first=[*HIGH[:4], None, *HIGH[5:]], second=LOW)
    (found,) = judged(path, store)
    evidence = found.parts[0].decision.evidence
    assert found.word == "open"
    assert evidence.support == pytest.approx(2**9 / 72 * 0.5 * (1 - 10 / 512), rel=1e-9)
    assert evidence.against < 0.1


def test_what_a_diverged_run_had_logged_at_its_end_is_no_result(tmp_path, store) -> None:
    path = write(tmp_path, [part()])
    fill(path, store, first=HIGH[:7], second=LOW)
    last = arm(load_study(str(path)), "first").runs[7]
    write_run(store, last, [*log(0.99), Diverged(140)], status="diverged")
    (found,) = judged(path, store)
    assert found.parts[0].effects.confirming[7].sign is None


def test_seeds_count_up_to_the_first_that_is_missing(tmp_path, store) -> None:
    path = write(tmp_path, [part()])
    fill(path, store, first=HIGH, second=LOW[:2])
    study = load_study(str(path))
    for seed in (3, 4, 5, 6, 7):
        write_run(store, arm(study, "second").run(seed), log(LOW[seed]))
    (found,) = judged(path, store)
    effects = found.parts[0].effects
    assert ([each.seed for each in effects.confirming], effects.waiting) == ([0, 1], 5)
    assert found.word == "open"


@pytest.mark.parametrize("order", [{}, OTHER])
def test_arms_of_one_training_count_from_the_first_seed_of_both(order, tmp_path, store) -> None:
    path = write(tmp_path, [part(**order)])
    longer = "[experiments.second]\nepochs = 30\nfirst_seed = 2"
    path.write_text(path.read_text().replace('[experiments.second]\ncell = "rnn"', longer))
    fill(path, store, first=HIGH, second=LOW)
    (found,) = judged(path, store)
    confirming = [each.seed for each in found.parts[0].effects.confirming]
    assert confirming == [2, 3, 4, 5, 6, 7]


def test_seeds_beyond_the_profile_count(tmp_path, store) -> None:
    path = write(tmp_path, [part()], seeds=2)
    fill(path, store, first=HIGH, second=LOW)
    (found,) = judged(path, store)
    assert (found.word, len(found.parts[0].effects.confirming)) == ("supported", 8)


def test_the_more_claims_are_decided_the_less_each_needs(tmp_path, store) -> None:
    open_parts = [[part(**THIRD, margin="0.004")] for _ in range(9)]
    path = write(tmp_path, [part()], *open_parts)
    mixed = [value + (0.01 if seed % 2 else -0.01) for seed, value in enumerate(HIGH)]
    fill(path, store, first=HIGH, second=LOW, third=mixed)
    found = judged(path, store)
    # Ten claims of which none other is decided need 200: 128 + 512 / 18 are 156, of 8 seeds.
    assert found[0].word == "open"
    assert found[0].decision.needed == pytest.approx(200)
    many = write(tmp_path, *[[part()]] * 9, [part(**THIRD, margin="0.004")])
    declare(many, store)
    assert words(judged(many, store)) == ["supported"] * 9 + ["open"]


def test_a_control_waits_for_its_claim_and_taxes_none(tmp_path, store) -> None:
    path = write(tmp_path, [part()], [part(**THIRD)], [part(**OTHER)])
    text = path.read_text().replace('id = "C3"', 'id = "C3"\ncontrol_of = "C1"')
    path.write_text(text)
    fill(path, store, first=HIGH[:4], second=LOW[:4], third=CLOSE[:4])
    found = judged(path, store)
    assert (found[2].word, found[2].waits_for) == ("not tested", "C1")
    assert found[0].decision.needed == 40  # two claims, not three
    fill(path, store, first=HIGH, second=LOW, third=CLOSE)
    assert words(judged(path, store)) == ["supported", "no difference", "contrary"]


def test_a_restated_claim_is_shown_as_it_was_and_taxes_none(tmp_path, store) -> None:
    path = write(tmp_path, [part()], [part(**OTHER)])
    path.write_text(path.read_text().replace('id = "C2"', 'id = "C2"\nrestated_as = ["C1"]'))
    fill(path, store, first=HIGH[:5], second=LOW[:5])
    found = judged(path, store)
    assert words(found) == ["supported", "contrary"]
    assert [each.decision.needed for each in found] == [20, 20]


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"kind": '"solved"', "solved": "0.9", "margin": "0.1"}, "supported"),
        ({"kind": '"shift"'}, "supported"),
        ({"metric": '"updates_to_90"', "test": '"faster"', "margin": "1.25"}, "supported"),
        ({"test": '"above"', "threshold": "0.5", "against": ""}, "supported"),
        ({"test": '"below"', "threshold": "0.5", "against": ""}, "contrary"),
        ({"test": '"equivalent"'}, "contrary"),
        ({"test": '"equivalent"', **THIRD}, "supported"),
        (
            {"test": '"equivalent"', **THIRD, "kind": '"solved"', "solved": "0.9", "margin": "0.5"},
            "supported",
        ),
        (
            {
                **{"test": '"above"', "kind": '"solved"', "solved": "0.9", "threshold": "0.5"},
                **{"margin": "0.0", "against": ""},
            },
            "supported",
        ),
        (
            {
                "test": '"falling"',
                "of": '[{ experiment = "first" }, { experiment = "third" }, '
                '{ experiment = "second" }]',
                "against": "",
            },
            "supported",
        ),
    ],
)
def test_every_statement_and_kind_comes_to_a_verdict(changes, word, tmp_path, store) -> None:
    path = write(tmp_path, [part(**changes)])
    third = [value - 0.004 for value in HIGH]
    values = [HIGH, LOW, third]
    fill(path, store, **dict(zip(("first", "second", "third"), values, strict=True)))
    assert words(judged(path, store)) == [word]


def test_a_trend_that_steps_back_is_not_supported(tmp_path, store) -> None:
    order = '[{ experiment = "third" }, { experiment = "first" }, { experiment = "second" }]'
    path = write(tmp_path, [part(test='"falling"', of=order, against="")])
    fill(path, store, third=[value - 0.3 for value in HIGH], first=HIGH, second=LOW)
    (found,) = judged(path, store)
    assert found.word == "no difference"
    assert found.parts[0].effects.confirming[0].effect > 0.5


def test_most_may_ask_for_more_than_half(tmp_path, store) -> None:
    path = write(tmp_path, [part()], study="most = 0.9")
    fill(path, store, first=HIGH, second=LOW)
    (found,) = judged(path, store)
    assert found.word == "open"
    assert found.decision.evidence.support < 0.9**-8


def test_quick_gives_numbers_and_no_verdict(tmp_path, store) -> None:
    path = write(tmp_path, [part()])
    fill(path, store, "quick", first=HIGH, second=LOW)
    assert words(judged(path, store, "quick")) == ["numbers only"]


def test_what_no_run_tells_is_not_tested(tmp_path, store) -> None:
    path = write(tmp_path, [part()], [part(**THIRD)])
    fill(path, store, first=HIGH, second=LOW)
    found = judged(path, store)
    assert (found[1].word, found[1].untested) == ("not tested", "no run of third has ended")
    # A claim that is not tested still counts among those that are decided together.
    assert found[0].decision.needed == 40


def test_runs_that_end_once_they_are_solved_are_whole(tmp_path, store) -> None:
    times = part(metric='"updates_to_90"', test='"faster"', margin="1.25")
    path = write(tmp_path, [times], [part()])
    goal = "epochs = 20\nupdates = 140\nstop_accuracy = 0.9"
    path.write_text(path.read_text().replace("epochs = 20", goal))
    declare(path, store)
    study = load_study(str(path))
    for experiment, start in (("first", 25), ("second", 75)):
        for config in arm(study, experiment).runs:
            checks = [
                Check(at, {"accuracy": 0.95 if at >= start else 0.1})
                for at in range(25, start + 26, 25)
            ]
            write_run(store, config, checks)
    found = judged(path, store)
    # How long the other takes is known, though the first arm's runs ended before it got there.
    assert found[0].word == "supported"
    assert found[0].parts[0].effects.confirming[0].effect == pytest.approx(3.0)
    # How high they would have ended is not.
    assert found[1].untested == "needs 140 updates of first; this profile trains 50"
