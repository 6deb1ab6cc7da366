"""A short crash campaign; the long one is `make torture`, and has a page."""

import random
from collections.abc import Iterator

import pytest

from tests.reliability.campaign import chosen, clocks, whole_commands_at
from tests.reliability.faults import Action, Fault, Moment
from tests.reliability.scenes import Scene
from tests.reliability.trials import Outcome, Stage


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with Stage(tmp_path_factory.mktemp("crash") / "a store of Zoë's, 雪") as stage:
        yield stage


def _lost(outcomes: list[Outcome]) -> list[Outcome]:
    return [outcome for outcome in outcomes if outcome.losses]


def test_killed_or_out_of_disk_at_any_change_nothing_is_lost(stage: Stage) -> None:
    quick = [scene for scene in stage.scenes if scene.name != "export"]
    assert not _lost(list(chosen(stage, random.Random(1), 1, quick)))


def test_a_clock_that_was_set_changes_no_number(stage: Stage) -> None:
    assert not _lost(list(clocks(stage, random.Random(2), 2, [stage.scene("memory")])))


def test_a_command_whose_parent_or_all_processes_are_killed_goes_on(stage: Stage) -> None:
    assert not _lost(list(whole_commands_at(stage, random.Random(3), 2, ["command"])))


def test_the_campaign_notices_a_file_that_is_half_there(stage: Stage) -> None:
    careless = Scene("careless", {"careless": True})
    assert stage.reference(careless).kinds == "cw"
    assert stage.disturbed(careless, Fault(2, Moment.HALF, Action.KILL_SELF)).losses
    assert not stage.disturbed(careless, Fault(1, Moment.BEFORE, Action.KILL_SELF)).losses
