"""Which run comes next, of verdicts on made-up runs."""

from pathlib import Path

from assay.claims.ahead import Ahead, Runs, ahead
from assay.claims.choice import choose
from assay.claims.snapshot import Snapshot
from assay.config import RunConfig
from assay.store import Store
from assay.study import load_study
from tests.claims.made_up_claims import arm, declare, fill, part, write
from tests.claims.test_verdicts import HIGH, LOW, THIRD

Seconds = dict[str, float]
SAME: Seconds = {"first": 10.0, "second": 10.0, "third": 10.0}


class Situation:
    """A store of a study, and what is under way or failed."""

    def __init__(self, path: Path, store: Store, seconds: Seconds) -> None:
        self.study, self.store = load_study(str(path)), store
        self.under_way: set[str] = set()
        self.failed: set[str] = set()
        self.runs = Runs(self._ended, self.under_way, self.failed, lambda arm: seconds[arm])
        self.arms = {each.key: each for each in self.study.arms("full")}

    def _ended(self, config: RunConfig) -> bool:
        folder = self.store.folder(config)
        return folder.exists and folder.complete

    def run(self, experiment: str, seed: int) -> RunConfig:
        return arm(self.study, experiment).run(seed)

    def ahead(self, most_seeds: int = 60) -> list[Ahead]:
        verdicts = Snapshot(self.study, "full", self.store).verdicts
        return [ahead(each, self.arms, self.runs, most_seeds) for each in verdicts]

    def next(self, most_seeds: int = 60) -> tuple[str, int] | None:
        """The experiment and the seed that are chosen."""
        found = choose(self.ahead(most_seeds), 0.5, self.runs)
        if found is None:
            return None
        (name,) = (
            key for key, each in self.arms.items() if each.run(found.seed).run_id == found.run_id
        )
        return name, found.seed

    def several(self, number: int) -> list[tuple[str, int] | None]:
        """Those that are chosen one after another, each under way when the next is."""
        found = []
        for _ in range(number):
            found.append(self.next())
            if found[-1]:
                self.under_way.add(self.run(*found[-1]).run_id)
        return found


def test_both_arms_of_a_seed_then_the_next_seed(tmp_path, store) -> None:
    path = write(tmp_path, [part()])
    declare(path, store)
    found = Situation(path, store, SAME | {"second": 20.0}).several(4)
    # The longer run of a seed comes first.
    assert found == [("second", 0), ("first", 0), ("second", 1), ("first", 1)]


def test_a_seed_that_lies_before_others_comes_first(tmp_path, store) -> None:
    path = write(tmp_path, [part()])
    fill(path, store, first=HIGH, second=LOW)
    missing = Situation(path, store, SAME).run("second", 2)
    for each in store.folder(missing).path.rglob("*"):
        if each.is_file():
            each.unlink()
    assert Situation(path, store, SAME).next() == ("second", 2)


def test_the_cheaper_of_two_claims_alike(tmp_path, store) -> None:
    path = write(tmp_path, [part()], [part(**THIRD)])
    fill(path, store, first=HIGH)
    assert Situation(path, store, SAME | {"third": 5.0}).next() == ("third", 0)
    assert Situation(path, store, SAME | {"second": 5.0}).next() == ("second", 0)


def test_what_is_there_or_under_way_costs_nothing(tmp_path, store) -> None:
    path = write(tmp_path, [part()], [part(**THIRD)])
    fill(path, store, third=LOW)
    situation = Situation(path, store, SAME | {"second": 30.0})
    assert situation.next() == ("first", 0)
    situation.under_way.add(situation.run("first", 0).run_id)
    assert situation.next() == ("first", 1), "the other claim's arm is dearer"


def test_unanimous_seeds_are_worth_more_than_even_ones(tmp_path, store) -> None:
    path = write(tmp_path, [part(**THIRD, margin="0.0")], [part()])
    even = [value + (0.01 if seed % 2 else -0.01) for seed, value in enumerate(HIGH)]
    fill(path, store, first=HIGH[:4], second=LOW[:4], third=even[:4])
    assert Situation(path, store, SAME).several(2) == [("first", 4), ("second", 4)]


def test_the_part_that_a_claim_hangs_on_is_brought_on_alone(tmp_path, store) -> None:
    """One part has all the seeds it needs, and the other has fewer: only that one gets more."""
    path = write(tmp_path, [part(), part("Nor the third.", **THIRD)])
    fill(path, store, first=HIGH, second=LOW, third=LOW[:3])
    assert Situation(path, store, SAME).next() == ("third", 3)


def test_no_part_is_without_a_run_for_long(tmp_path, store) -> None:
    """However dear the first run of an arm is: without it the claim is not tried at all."""
    path = write(tmp_path, [part(), part("Nor the third.", **THIRD)])
    fill(path, store, first=HIGH[:1], second=LOW[:1])
    assert Situation(path, store, SAME | {"third": 1e6}).next() == ("third", 0)


def test_nothing_after_a_run_that_failed_nor_beyond_the_most_seeds(tmp_path, store) -> None:
    path = write(tmp_path, [part()])
    fill(path, store, first=HIGH[:2], second=LOW[:2])
    situation = Situation(path, store, SAME)
    assert situation.next(2) is None
    assert situation.next(3) == ("first", 2)
    failed = situation.run("second", 2)
    situation.failed.add(failed.run_id)
    assert situation.next() is None
    assert situation.ahead()[0].failed == failed


def test_what_those_under_way_will_decide_comes_last(tmp_path, store) -> None:
    path = write(tmp_path, [part()], [part(**THIRD)])
    fill(path, store, first=HIGH[:5], second=LOW[:5], third=LOW[:2])
    situation = Situation(path, store, SAME | {"third": 100.0})
    # C1 needs 6 seeds while nothing is decided: the sixth is under way, and a seventh is doubtful.
    assert situation.several(2) == [("first", 5), ("second", 5)]
    assert situation.next() == ("third", 2)
