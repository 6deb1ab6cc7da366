"""Which seeds a campaign trains, and when it stops: with runs that come to what a test says."""

from pathlib import Path

import pytest

from assay.api import Study
from assay.campaign import CampaignEnd
from assay.claims.standing import Standing
from assay.config import MemoryConfig
from assay.errors import ConfigError, StudyError
from assay.store import Store
from tests.campaign.made_up_executor import MadeUp
from tests.claims.made_up_claims import log, part, write
from tests.claims.test_verdicts import OTHER, THIRD
from tests.report.made_up_runs import write_run

HIGH, LOW = 0.95, 0.1


def clear(config: MemoryConfig) -> float:
    """The LSTM, which is first, is far better than the RNN, and the GRU half and half."""
    return {"lstm": HIGH, "rnn": LOW, "gru": HIGH - 0.02 + 0.04 * (config.seed % 2)}[config.cell]


EVEN = {**THIRD, "margin": "0.0"}


def decide(path: Path, store: Store, executor: MadeUp, **options) -> CampaignEnd:
    return Study(str(path), store).decide(executor=executor, **options)


def words(end: CampaignEnd) -> dict[str, str]:
    return {each.claim: each.verdict.word for each in end.standings}


def test_a_claim_is_decided_by_the_fewest_seeds_and_that_is_all(tmp_path, store) -> None:
    path, executor = write(tmp_path, [part()]), MadeUp(clear)
    end = decide(path, store, executor)
    assert (end.why, words(end), end.open) == ("decided", {"C1": "supported"}, [])
    assert executor.seeds("lstm") == executor.seeds("rnn") == [0, 1, 2, 3, 4]
    assert executor.seeds("gru") == [], "an arm of no claim"
    again = MadeUp(clear)
    assert decide(path, store, again).why == "decided"
    assert again.begun == []


def test_the_number_of_seeds_of_the_profile_plays_no_part(tmp_path, store) -> None:
    path, executor = write(tmp_path, [part()], seeds=2), MadeUp(clear)
    assert decide(path, store, executor).why == "decided"
    assert executor.seeds("lstm") == [0, 1, 2, 3, 4]


def test_arms_of_decided_claims_get_no_more_seeds(tmp_path, store) -> None:
    path, executor = write(tmp_path, [part()], [part(**EVEN)]), MadeUp(clear)
    end = decide(path, store, executor)
    assert (end.why, words(end)) == ("left", {"C1": "supported", "C2": "open"})
    assert len(executor.seeds("rnn")) <= 7
    assert len(executor.seeds("gru")) > len(executor.seeds("rnn"))
    (left,) = end.open
    assert left.why.endswith("at that rate 60 would not decide it at this margin")


def test_no_more_seeds_than_are_allowed(tmp_path, store) -> None:
    path, executor = write(tmp_path, [part()]), MadeUp(lambda config: clear(config))
    end = decide(path, store, executor, most_seeds=4)
    assert end.why == "left"
    assert [each.why for each in end.open] == ["it would need more than 4 seeds"]
    assert executor.begun == [], "known before any run"
    several = write(tmp_path, [part()], [part(**EVEN)])
    decide(several, store, executor, most_seeds=6)
    assert max(executor.seeds("gru")) <= 5


def test_the_cheaper_evidence_comes_first(tmp_path, store) -> None:
    """Two claims that are alike but for the time of an arm: the quick one is decided first."""
    path = write(tmp_path, [part()], [part(**THIRD)])
    executor = MadeUp(
        lambda config: HIGH if config.cell == "lstm" else LOW,
        lambda config: 1000.0 if config.cell == "gru" else 10.0,
    )
    looks: list[dict[str, int]] = []

    def look(standings: list[Standing]) -> None:
        looks.append({each.claim: each.seeds for each in standings if each.decided})

    end = decide(path, store, executor, look=look)
    assert words(end) == {"C1": "supported", "C2": "supported"}
    first = next(found for found in looks if found)
    assert list(first) == ["C1"]
    before = executor.begun[: looks.index(first)]
    assert sum(config.cell == "gru" for config in before) <= 1
    # The dear claim then needs 20 to 1 and no more, since the other is decided: 5 seeds.
    assert executor.seeds("gru") == [0, 1, 2, 3, 4]


def test_a_seed_that_serves_two_claims_counts_for_both(tmp_path, store) -> None:
    """Runs cost the same, so that the arms of two claims are worth more than those of one."""
    path = write(tmp_path, [part(**THIRD)], [part()], [part(margin="0.06")])
    executor = MadeUp(lambda config: HIGH if config.cell == "lstm" else LOW)
    decide(path, store, executor)
    assert {config.cell for config in executor.begun[:2]} == {"lstm", "rnn"}


@pytest.mark.parametrize("workers", [2, 5])
def test_workers_side_by_side_come_to_the_same_verdict(workers, tmp_path, store) -> None:
    path, executor = write(tmp_path, [part()]), MadeUp(clear)
    end = decide(path, store, executor, workers=workers)
    assert words(end) == {"C1": "supported"}
    assert len(executor.ended) >= 10
    # What is begun though those under way may make it needless is no more than keeps them busy.
    assert len(executor.begun) < 10 + workers
    assert end.standings[0].verdict.decision.seeds == 5


def test_seeds_that_had_been_seen_are_not_trained_again(tmp_path, store) -> None:
    path = write(tmp_path, [part()])
    study = Study(str(path), store)
    for experiment in ("first", "second"):
        (arm,) = study.arms("full", experiment)
        for seed in range(3):
            write_run(store, arm.run(seed), log(HIGH if experiment == "first" else LOW))
    executor = MadeUp(clear)
    end = decide(path, store, executor)
    assert executor.seeds("lstm") == executor.seeds("rnn") == [3, 4, 5, 6, 7]
    (part_verdict,) = end.standings[0].verdict.parts
    assert [each.seed for each in part_verdict.effects.seen] == [0, 1, 2]
    assert [each.seed for each in part_verdict.effects.confirming] == [3, 4, 5, 6, 7]


def test_a_failed_run_stops_its_claims_and_no_other(tmp_path, store) -> None:
    path = write(tmp_path, [part()], [part(**THIRD)])

    def accuracy(config: MemoryConfig) -> float:
        if config.cell == "gru" and config.seed == 1:
            raise ZeroDivisionError("by zero")
        return HIGH if config.cell == "lstm" else LOW

    executor = MadeUp(accuracy)
    end = decide(path, store, executor)
    assert words(end)["C1"] == "supported"
    (left,) = end.open
    assert left.claim == "C2"
    assert left.why.startswith("run ")
    assert "failed, which it needs: gru" in left.why
    assert [result.status for result in end.results].count("failed") == 1
    assert executor.seeds("gru").count(1) == 1
    mended = MadeUp(lambda config: HIGH if config.cell == "lstm" else LOW)
    assert decide(path, store, mended).why == "decided"
    assert 1 in mended.seeds("gru"), "the same call tries it again"


def _with(path: Path, claim: str, line: str) -> Path:
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(f'id = "{claim}"', f'id = "{claim}"\n{line}'), encoding="utf-8")
    return path


def test_a_control_is_trained_once_its_claim_is_decided(tmp_path, store) -> None:
    path = _with(write(tmp_path, [part()], [part(**THIRD)]), "C2", 'control_of = "C1"')
    executor = MadeUp(lambda config: HIGH if config.cell == "lstm" else LOW)
    end = decide(path, store, executor)
    assert end.why == "decided"
    first = next(place for place, each in enumerate(executor.begun) if each.cell == "gru")
    assert first >= 10
    assert executor.seeds("lstm") == [0, 1, 2, 3, 4], "the control's arm has them already"


def test_a_control_of_a_claim_that_stays_open_waits(tmp_path, store) -> None:
    path = _with(write(tmp_path, [part(**EVEN)], [part()]), "C2", 'control_of = "C1"')
    executor = MadeUp(clear)
    end = decide(path, store, executor)
    assert executor.seeds("rnn") == []
    assert end.open[1].why == "it is a control, tried once C1 is decided"


def test_a_claim_that_was_restated_gets_no_seed(tmp_path, store) -> None:
    path = _with(write(tmp_path, [part()], [part(**THIRD)]), "C2", 'restated_as = ["C1"]')
    executor = MadeUp(clear)
    end = decide(path, store, executor)
    assert words(end) == {"C1": "supported"}
    assert executor.seeds("gru") == []


def test_experiments_that_are_left_out_leave_their_claims(tmp_path, store) -> None:
    path = write(tmp_path, [part()], [part(**THIRD)])
    executor = MadeUp(clear)
    end = decide(path, store, executor, only="[fs]*")
    assert words(end)["C1"] == "supported"
    assert end.open[0].why == "it reads experiments that are left out: third"


def test_parts_are_all_brought_on_and_the_weakest_decides(tmp_path, store) -> None:
    path = write(tmp_path, [part(), part("Nor the GRU.", **THIRD), part("Low.", **OTHER)])
    executor = MadeUp(lambda config: HIGH if config.cell == "lstm" else LOW)
    end = decide(path, store, executor)
    assert words(end) == {"C1": "partly supported"}


def test_a_damaged_log_of_declarations_is_told_and_kept(tmp_path, store) -> None:
    path, executor = write(tmp_path, [part()]), MadeUp(clear)
    store.prepare()
    store.declaration_log.write_text("{]\n")
    told: list[str] = []
    end = decide(path, store, executor, tell=told.append)
    (text,) = told
    assert text.startswith("verdicts will be exploratory: ")
    assert "line 1, is damaged" in text
    assert store.declaration_log.read_text() == "{]\n"
    assert executor.begun == [], "no seed could confirm anything"
    assert end.open[0].why.startswith("no seed can confirm it: ")


def test_quick_decides_nothing(tmp_path, store) -> None:
    path = write(tmp_path, [part()])
    with pytest.raises(StudyError, match="quick gives numbers and no verdict: name another, such"):
        Study(str(path), store).decide("quick")
    with pytest.raises(StudyError, match="no profile 'none'"):
        Study(str(path), store).decide("none")
    path.write_text(path.read_text().replace("[profiles.full]\nseeds = 8\n", ""))
    with pytest.raises(StudyError, match="has no other"):
        Study(str(path), store).decide()


def test_it_may_be_stopped_before_its_session_is_there(tmp_path, store) -> None:
    """As by a server, while another thread is still setting it up."""
    path, executor = write(tmp_path, [part()]), MadeUp(clear)
    campaign = Study(str(path), store).campaign()
    looks: list[list[Standing]] = []

    def look(standings: list[Standing]) -> None:
        looks.append(standings)
        campaign.stop()

    end = campaign.run(look=look, executor=executor)
    assert (end.why, end.results, executor.begun, len(looks)) == ("stopped", [], [], 1)
    assert decide(path, store, executor).why == "decided", "the same call goes on"


def test_a_study_without_claims_is_over_at_once(tmp_path, store) -> None:
    end = decide(write(tmp_path), store, MadeUp(clear))
    assert (end.why, end.standings, end.results) == ("decided", [], [])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"budget": "6 hours"}, "budget = '6 hours': should be a number above 0 and its unit"),
        ({"budget": "0h"}, "budget = '0h': should be"),
        ({"budget": "-1h"}, "budget = '-1h': should be"),
        ({"budget": 0}, "budget = 0 seconds: should be more than 0"),
        ({"budget": float("nan")}, "budget = nan seconds"),
        ({"most_seeds": 0}, "most_seeds = 0: should be 1 or more"),
    ],
)
def test_limits_out_of_range_are_refused(options, message, tmp_path, store) -> None:
    with pytest.raises(ConfigError, match=message):
        Study(str(write(tmp_path, [part()])), store).decide(**options)
