"""What is written is read back by MLflow's own client and by assay, from a file and a server."""

import hashlib
import io
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mlflow import MlflowClient

from assay.readers.mlflow_runs import MlflowRuns
from assay.store import Store
from assay.tracking.mlflow import MlflowSink
from assay.tracking.sink import Ended
from assay.tracking.target import parse_target
from tests.tracking.made import begun, bring, end, line, write

LINES = [line(update, 1 / update) for update in (1, 2, 3)] + [line(4, None)]


def _runs(address: str) -> list[Any]:
    client = MlflowClient(address)
    (experiment,) = [each for each in client.search_experiments() if each.name == "small"]
    return list(client.search_runs([experiment.experiment_id]))


def _losses(address: str) -> list[tuple[int, float]]:
    (run,) = _runs(address)
    return [
        (each.step, each.value)
        for each in MlflowClient(address).get_metric_history(run.info.run_id, "loss")
    ]


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty one: making one takes MLflow seconds."""
    path = tmp_path_factory.mktemp("mlflow") / "empty.db"
    MlflowClient(f"sqlite:///{path}").search_experiments()
    return path


@pytest.fixture
def file(database: Path, tmp_path: Path) -> str:
    (tmp_path / "runs.db").write_bytes(database.read_bytes())
    return f"sqlite:///{tmp_path / 'runs.db'}"


def _samples() -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.full((25, 3, 4, 4), 200, np.uint8))
    return buffer.getvalue()


@pytest.mark.parametrize("where", ["file", "server"])
def test_numbers_settings_pictures_and_state_are_read_back(
    where: str, request: pytest.FixtureRequest, store: Store
) -> None:
    address = request.getfixturevalue(where)
    digest = hashlib.sha256(_samples()).hexdigest()
    probe = json.dumps({"update": 5, "probe": "samples", "sha256": digest})
    folder = begun(store, [*LINES, probe])
    path = folder.artifact("samples", 5, ".npy")
    path.parent.mkdir()
    path.write_bytes(_samples())
    end(folder)
    target = parse_target(f"mlflow:{address}")
    for _ in range(2):  # the second finds all of it there
        standing = bring(lambda: MlflowSink(target), folder)
        assert (standing.whole, standing.problem) == (1, "")

    (run,) = _runs(address)
    assert (run.info.status, run.info.run_name) == ("FINISHED", "forms[cell=lstm] seed=3")
    assert run.data.params["hidden_size"] == "8"
    tags = run.data.tags
    assert (tags["seed"], tags["experiment"], tags["assay.run"], tags["assay.status"]) == (
        ("3", "forms, other", folder.run_id, "finished")
    )
    client = MlflowClient(address)
    assert [each.path for each in client.list_artifacts(run.info.run_id, "samples")] == [
        "samples/0000000005.png"
    ]
    found = dict(_losses(address))
    assert [found[update] for update in (1, 2, 3)] == [1.0, 1 / 2, 1 / 3]
    assert math.isnan(found[4])

    (read,) = MlflowRuns().read(address, "loss")
    assert read.series is not None
    assert read.series.values[:3].tolist() == [1.0, 1 / 2, 1 / 3]
    assert read.settings["experiment"] == "forms, other"
    assert "loss" in read.metrics
    (other,) = [name for name in read.metrics if name != "loss"]
    assert other.startswith("split/top 5 ___")  # MLflow takes no ( nor %


def test_an_interrupted_run_goes_on_and_has_nothing_twice(file: str, store: Store) -> None:
    target = parse_target(f"mlflow:{file}")
    folder = begun(store, LINES[:2])
    bring(lambda: MlflowSink(target), folder)
    (run,) = _runs(file)
    assert (run.info.status, run.data.tags["assay.status"]) == ("KILLED", "stopped")
    write(folder, LINES)
    end(folder)
    bring(lambda: MlflowSink(target), folder)
    assert [step for step, _ in _losses(file)] == [1, 2, 3, 4]
    assert _runs(file)[0].info.status == "FINISHED"


def test_a_run_that_was_trained_anew_replaces_what_was_there(file: str, store: Store) -> None:
    target = parse_target(f"mlflow:{file}")
    folder = begun(store, [line(1, 9.0)])
    bring(lambda: MlflowSink(target), folder)
    write(folder, LINES[1:3])
    end(folder, "diverged", "at update 3")
    bring(lambda: MlflowSink(target), folder)
    assert _losses(file) == [(2, 1 / 2), (3, 1 / 3)]
    (run,) = _runs(file)
    assert (run.info.status, run.data.tags["assay.status"]) == ("FAILED", "diverged")
    assert run.data.tags["assay.message"] == "at update 3"


def test_a_failed_run_that_is_tried_again_ends_as_it_does(file: str, store: Store) -> None:
    target = parse_target(f"mlflow:{file}")
    folder = begun(store, LINES[:1])
    bring(lambda: MlflowSink(target), folder, Ended("failed", "out of memory"))
    assert _runs(file)[0].info.status == "FAILED"
    write(folder, LINES)
    end(folder)
    bring(lambda: MlflowSink(target), folder)
    assert _runs(file)[0].info.status == "FINISHED"
    assert len(_losses(file)) == 4
