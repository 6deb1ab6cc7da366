"""What a command is told, what it leaves, and how it goes on."""

import json
import threading
from pathlib import Path

import pytest

from assay.execution.runner import execute
from assay.kinds.command import KIND, devices
from assay.testing import check_kind
from tests.kinds.command.helpers import Trial
from tests.kinds.command.test_bad import after

COUNTING = """
import json, os, pathlib, time
folder = pathlib.Path(os.environ["ASSAY_FOLDER"])
saved, step = folder / "saved", 0
if os.environ["ASSAY_RESUME"] == "1" and saved.exists():
    step = int(saved.read_text())
with (folder / "m.jsonl").open("a") as file:
    while step < {steps}:
        step += 1
        print(json.dumps({{"step": step, "a": step * step}}), file=file, flush=True)
        print(f"step {{step}} b {{-step}}")
        if step % 3 == 0:
            (folder / "saving").write_text(str(step))
            (folder / "saving").replace(saved)
        time.sleep({pause})
"""


def test_it_holds_what_assay_relies_on(trial: Trial, tmp_path: Path) -> None:
    # It saves at every step, since it is stopped soon after each start.
    code = COUNTING.format(steps=8, pause=0.05).replace("step % 3 == 0", "True")
    settings = {"metrics": "m.jsonl", "pattern": "step {step} b {b}", "updates": 8}
    config = trial.config(code, resumes=True, **settings)
    check_kind(KIND, config, tmp_path / "check")


def test_it_goes_on_in_its_folder(trial: Trial) -> None:
    code = COUNTING.format(steps=30, pause=0.05)
    settings = {"metrics": "m.jsonl", "pattern": "step {step} b {b}"}
    assert trial.run(code, seed=1, **settings).status == "finished"
    whole = (trial.at.path / "metrics.jsonl").read_bytes()
    for _ in range(2):
        assert trial.run(code, after(0.4), resumes=True, **settings).status == "stopped"
        assert trial.at.status == "unfinished"
    result = trial.run(code, resumes=True, **settings)
    assert result.status == "finished", result.message
    assert "it went on from what it had saved: that its numbers" in result.notices[0]
    assert (trial.at.path / "metrics.jsonl").read_bytes() == whole
    record = trial.at.record()
    assert record.compute_path["attempts"] == 3
    assert record.compute_path["bit_identity"] == "the command's promise"
    assert len((trial.work / "m.jsonl").read_text().splitlines()) >= 30


def test_one_that_does_not_go_on_starts_over_in_an_empty_folder(trial: Trial) -> None:
    code = COUNTING.format(steps=20, pause=0.05)
    assert trial.run(code, after(0.4), metrics="m.jsonl").status == "stopped"
    assert trial.run(code, metrics="m.jsonl").status == "finished"
    assert len((trial.work / "m.jsonl").read_text().splitlines()) == 20
    assert trial.at.record().notices == []


def test_what_it_is_told(trial: Trial) -> None:
    code = """
import json, os, sys
print(json.dumps([sys.argv[1:], {k: v for k, v in os.environ.items()}, os.getcwd()]))
print("accuracy 1")
"""
    (trial.folder / "d.txt").write_text("x")
    line = "python script.py {x} {flag} {seed} {folder} {resume} {study} {data} {cores}"
    result = trial.run(
        code, command=line, x=1e-5, flag=True, seed=3, data="d.txt", cores=2, env={"E": "x={x}"}
    )
    assert result.status == "finished", result.message
    arguments, found, cwd = json.loads((trial.at.path / "output.txt").read_text().splitlines()[0])
    work, home = str(trial.work.absolute()), str(trial.folder)
    assert arguments == ["1e-05", "true", "3", work, "0", home, f"{home}/d.txt", "2"]
    assert cwd == home
    told = {name: found[f"ASSAY_{name}"] for name in ("SEED", "FOLDER", "RESUME")}
    assert told == {"SEED": "3", "FOLDER": work, "RESUME": "0"}
    assert found["E"] == "x=1e-05"
    assert found["OMP_NUM_THREADS"] == "2"
    assert "PYTHONSAFEPATH" not in found


def test_a_container_stands_before_it_with_a_python_of_its_own(trial: Trial) -> None:
    """What is called `docker` here passes on what follows the image, as the real one does."""
    docker = trial.folder / "docker"
    docker.write_text('#!/bin/sh\necho "image $3" >&2\nshift 3\nIN=$PWD exec "$@"\n')
    docker.chmod(0o755)
    code = "import os; print(os.environ['IN'], 'accuracy 1')"
    line = "python3 script.py {seed}"
    prefix = "./docker run -v{folder}:/out image:{tag}"
    result = trial.run(code, command=line, prefix=prefix, tag=7)
    assert result.status == "finished", result.message
    said = (trial.at.path / "output.txt").read_text()
    assert "image image:7" in said
    assert f"{trial.folder} accuracy 1" in said


def test_in_its_own_folder(trial: Trial) -> None:
    code = "open('m.csv', 'w').write('step,a\\n1,2\\n')"
    assert trial.run(code, cwd="run", metrics="m.csv").status == "finished"
    assert trial.points("a") == [(1, 2)]


def test_through_a_shell_only_if_it_says_so(trial: Trial) -> None:
    line = "echo accuracy 1 | sed s/1/2/"
    assert trial.run(command=line, shell=True).status == "finished"
    assert trial.points("accuracy") == [(1, 2)]
    assert trial.run(command=line).status == "finished"  # echo prints all the words
    assert trial.points("accuracy") == [(1, 1)]


def test_progress_while_it_runs(trial: Trial) -> None:
    trial.run(COUNTING.format(steps=6, pause=0.2), metrics="m.jsonl", updates=6)
    assert len(trial.told) >= 3
    assert trial.told[-1].update == trial.told[-1].updates == 6
    trial.run(COUNTING.format(steps=6, pause=0), metrics="m.jsonl", seed=1)
    assert trial.told[-1].updates is None


def test_devices_are_handed_out(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_GPUS", "4,GPU-x,6")
    code = """
import os, time
print("gpus", os.environ["CUDA_VISIBLE_DEVICES"], os.environ["ROCR_VISIBLE_DEVICES"])
time.sleep(0.5)
print("accuracy 1")
"""
    configs = [trial.config(code, gpus=2, seed=seed) for seed in range(2)]
    configs += [trial.config(code, gpus=1, seed=2)]
    results = []
    threads = [
        threading.Thread(
            target=lambda each=each: results.append(
                execute(each, trial.store, lambda at: None, lambda: False)
            )
        )
        for each in configs
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [result.status for result in results] == ["finished"] * 3
    records = [trial.store.folder(each).record() for each in configs]
    held = [set(str(record.compute_path["devices"]).split(",")) for record in records]
    assert [len(each) for each in held] == [2, 2, 1]
    assert all(each <= {"4", "GPU-x", "6"} for each in held)
    with devices.held(3, lambda: False) as all_free:
        assert all_free == ["4", "GPU-x", "6"]
        with devices.held(1, lambda: False) as none_left:
            assert none_left is None


def test_more_devices_than_there_are(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_GPUS", "0")
    with pytest.raises(Exception, match=r"gpus = 2: this machine has 1 \(0\)"):
        KIND.check(trial.config("", gpus=2))


def test_what_is_known_of_a_run_before_it_runs(trial: Trial) -> None:
    config = trial.config("", pattern=["epoch {step} acc {acc}", "loss {loss}"])
    assert KIND.logged(config) == {"acc": "step", "loss": "step"}
    assert KIND.updates(config) is None
    assert list(config.source_sha256) == ["script.py"]
