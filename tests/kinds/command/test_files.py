"""Files of numbers that a path or a pattern finds, event files among them."""

from pathlib import Path

import pytest

from assay.kinds.command.files import NumberFiles
from tests.kinds.command.helpers import Trial
from tests.readers.test_tensorboard import event, written

WRITE = """
import os, pathlib, shutil, time
folder = pathlib.Path(os.environ["ASSAY_FOLDER"])
for path in sorted(pathlib.Path("made").rglob("*tfevents*")):
    (folder / path.parent.relative_to("made")).mkdir(parents=True, exist_ok=True)
    shutil.copy(path, folder / path.relative_to("made"))
    time.sleep(0.25)
"""


def made(folder: Path, name: str, tag: str, steps: dict[int, float]) -> Path:
    path = folder / "made" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    written(path, [event(tag, step, simple_value=value) for step, value in steps.items()])
    return path


def test_a_file_of_events_in_a_folder_of_any_name(trial: Trial) -> None:
    made(trial.folder, "runs/Nov30_host/events.out.tfevents.1", "Loss/train", {1: 0.5, 2: 0.25})
    result = trial.run(WRITE, metrics="runs/*")
    assert result.status == "finished", result.message
    assert trial.points("Loss/train") == [(1, 0.5), (2, 0.25)]
    trial.run(WRITE, metrics="runs/*/events.out.tfevents.*")
    assert trial.points("Loss/train") == [(1, 0.5), (2, 0.25)]
    assert trial.at.record().alarms == []
    assert trial.told[-1].update == 2


def test_folders_below_one_stand_before_their_numbers(trial: Trial) -> None:
    made(trial.folder, "logs/train/events.out.tfevents.1", "epoch_loss", {0: 0.5})
    made(trial.folder, "logs/validation/events.out.tfevents.1", "epoch_loss", {0: 0.75})
    assert trial.run(WRITE, metrics="logs").status == "finished"
    assert trial.points("train/epoch_loss") == [(0, 0.5)]
    assert trial.points("validation/epoch_loss") == [(0, 0.75)]


def test_one_that_goes_on_in_another_file(trial: Trial) -> None:
    made(trial.folder, "events.out.tfevents.1", "a", {1: 1, 2: 2, 3: 3})
    made(trial.folder, "events.out.tfevents.2", "a", {2: 20, 4: 40})
    assert trial.run(WRITE, metrics="*tfevents*").status == "finished"
    assert trial.points("a") == [(1, 1), (2, 20), (4, 40)]
    assert "a went back from step 3 to step 2" in trial.at.record().alarms[0]


def test_what_is_damaged_is_an_alarm(trial: Trial) -> None:
    path = made(trial.folder, "events.out.tfevents.1", "a", {1: 1, 2: 2})
    path.write_bytes(path.read_bytes()[:-3])
    assert trial.run(WRITE, metrics="*tfevents*").status == "finished"
    assert trial.points("a") == [(1, 1)]
    (alarm,) = trial.at.record().alarms
    assert alarm.endswith("not all could be read: its last record is not all there")


def test_a_pattern_that_finds_nothing(trial: Trial) -> None:
    result = trial.run("print(1)", metrics="runs/*/events*")
    assert result.status == "failed"
    assert "work/runs/*/events* is not there" in result.message


@pytest.mark.parametrize("named", ["*.csv", "m[1].csv", "[m]*/../*.csv"])
def test_patterns_of_other_files(tmp_path: Path, named: str) -> None:
    (tmp_path / "m[1].csv").write_text("step,a\n1,2\n")
    (tmp_path / "m").mkdir()
    found = [each for _, each in NumberFiles(tmp_path, named, "").read(final=True)]
    assert found == [(1, {"a": 2})]
