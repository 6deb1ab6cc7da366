"""What is looked at of a cluster before a run, and what is told of one that failed there."""

from collections.abc import Callable
from pathlib import Path

import pytest
from distributed import KilledWorker

from assay.config import MemoryConfig
from assay.errors import ConfigError
from assay.execution.cluster.attempt import Attempt, how_it_ended
from assay.execution.cluster.connect import check_shared, offered_by, resources_of
from assay.execution.events import Result
from assay.kinds.command.config import CommandConfig
from assay.store import Store


def _command(**needs: int) -> CommandConfig:
    return CommandConfig(command="true", pattern=["loss {loss}"], **needs)


@pytest.mark.parametrize(
    ("offered", "asked"),
    [
        ({}, {}),
        ({"cores": 8.0}, {"cores": 2.0}),
        ({"cores": 8.0, "gpus": 2.0, "memory": 5.0}, {"cores": 2.0, "gpus": 1.0}),
    ],
)
def test_a_run_asks_for_what_it_needs_of_what_workers_say_they_have(
    offered: dict[str, float], asked: dict[str, float]
) -> None:
    assert resources_of(_command(cores=2, gpus=1), offered) == asked


def test_a_run_with_a_thread_asks_for_one_core() -> None:
    assert resources_of(MemoryConfig(), {"cores": 8.0, "gpus": 1.0}) == {"cores": 1.0}


@pytest.mark.parametrize(
    ("needs", "message"),
    [
        ({"cores": 9}, "cores = 9: the most that a worker of the cluster offers is 8"),
        ({"gpus": 3}, "gpus = 3: the most that a worker of the cluster offers is 2"),
    ],
)
def test_one_that_needs_more_than_any_has_is_refused(needs: dict[str, int], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        resources_of(_command(**needs), {"cores": 8.0, "gpus": 2.0})


def test_what_is_offered_is_the_most_that_one_worker_has() -> None:
    workers = [{"cores": 2.0}, {"cores": 8.0}, {"gpus": 1.0}, {}]
    assert offered_by(workers) == {"cores": 8.0, "gpus": 1.0}
    assert offered_by([]) == {}


def test_a_worker_that_does_not_see_the_store_is_named(tmp_path: Path) -> None:
    class Client:
        """Of two workers, one with another file system."""

        def run(self, look: Callable[[str], bool], name: str) -> dict[str, bool]:
            return {"tcp://near:1": look(name), "tcp://far:1": look(f"/far/{name}")}

    with pytest.raises(ConfigError, match="is not on the file system of worker tcp://far:1: name"):
        check_shared(Client(), tmp_path)  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_a_run_whose_workers_are_lost_again_and_again_has_failed(
    small: MemoryConfig, store: Store
) -> None:
    class Future:
        status = "error"

        def exception(self) -> KilledWorker:
            return KilledWorker("train", None, 3)  # type: ignore[arg-type]

    attempt = Attempt(small, Future())  # type: ignore[arg-type]
    result = how_it_ended(attempt, store)
    assert isinstance(result, Result)
    assert result.status == "failed"
    assert "the workers that trained it were lost one after another" in result.message
