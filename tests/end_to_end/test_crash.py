"""Killed, interrupted, out of disk: nothing is lost, and the end is bit for bit the same."""

import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from assay.store import RunFolder
from tests.end_to_end.conftest import COMMAND, Cli, signal_all, start

# About three seconds of training, with a checkpoint at every look up from work.
LONG = (
    *("train", "memory", "--length", "12", "--hidden-size", "48", "--data-size", "20000"),
    *("--batch-size", "64", "--checkpoint-seconds", "0.2", "--epochs", "4"),
)
ENDLESS = (*LONG[:-1], "4000")


def _digests(store: Path) -> dict[str, str]:
    """Hashes of everything deterministic in a store."""
    paths = [*store.glob("*/metrics.jsonl"), *store.glob("*/checkpoints/*.safetensors")]
    newest = {
        path.parent: max(path.parent.glob("*.safetensors"))
        for path in paths
        if path.suffix == ".safetensors"
    }
    chosen = [path for path in paths if path.name == "metrics.jsonl"] + list(newest.values())
    return {
        str(path.relative_to(store)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in chosen
    }


def _wait_for(pattern: str, folder: Path, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not list(folder.glob(pattern)):
        assert time.monotonic() < end, f"{pattern} did not appear"
        time.sleep(0.02)


def _wait_for_words(words: str, process: subprocess.Popen[str]) -> None:
    assert process.stderr is not None
    while words not in (line := process.stderr.readline()):
        assert line, f"it ended without saying {words!r}"


@pytest.fixture
def uninterrupted(cli: Cli, tmp_path: Path) -> dict[str, str]:
    assert cli(*LONG, "--store", "whole").returncode == 0
    return _digests(tmp_path / "whole")


@pytest.mark.parametrize("luck", [1, 2])
def test_killed_at_any_moment_it_ends_bit_identical(
    cli: Cli, tmp_path: Path, uninterrupted: dict[str, str], luck: int
) -> None:
    moment = random.Random(luck)
    for _ in range(4):
        process = start(tmp_path, *LONG, "--store", "killed")
        _wait_for("killed/*/metrics.jsonl", tmp_path)
        time.sleep(moment.uniform(0.0, 3.0))
        signal_all(process, signal.SIGKILL)
        process.communicate()
    assert cli(*LONG, "--store", "killed").returncode == 0
    assert _digests(tmp_path / "killed") == uninterrupted


def test_ctrl_c_saves_and_says_how_to_go_on(
    cli: Cli, tmp_path: Path, uninterrupted: dict[str, str]
) -> None:
    process = start(tmp_path, *LONG, "--store", "stopped")
    _wait_for("stopped/*/checkpoints/*.json", tmp_path)
    signal_all(process, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "everything is saved, and the same command goes on from here" in said
    assert "Traceback" not in said
    assert cli(*LONG, "--store", "stopped").returncode == 0
    assert _digests(tmp_path / "stopped") == uninterrupted


def test_a_second_ctrl_c_ends_at_once_and_the_last_checkpoint_is_kept(tmp_path: Path) -> None:
    """The run's own code is in the way of the first: it never looks up from one long update."""
    (tmp_path / "slow.py").write_text(
        "import time\nfrom torch import nn\n\n"
        "class Slow(nn.RNNCell):\n"
        "    steps = 0\n\n"
        "    def forward(self, x, state):\n"
        "        Slow.steps += 1\n"
        "        if Slow.steps > 400:\n"
        "            open('reached', 'w').close()\n"
        "            time.sleep(600)\n"
        "        return (super().forward(x, state[0]),)\n"
    )
    slow = ("train", "memory", "--cell", "slow:Slow", "--data-size", "100", "--batch-size", "8")
    process = start(tmp_path, *slow)
    _wait_for("reached", tmp_path)
    signal_all(process, signal.SIGINT)
    time.sleep(1)
    assert process.poll() is None
    signal_all(process, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted; the last checkpoints are kept, and the same command goes on" in said
    assert "Traceback" not in said
    assert not list(tmp_path.glob("store/*/record.json"))


def test_a_second_process_waits_for_a_run_and_takes_up_what_was_left(
    cli: Cli, tmp_path: Path, uninterrupted: dict[str, str]
) -> None:
    first = start(tmp_path, *LONG, "--store", "both")
    _wait_for("both/*/checkpoints/*.json", tmp_path)
    signal_all(first, signal.SIGKILL)
    first.communicate()
    run = next((tmp_path / "both").glob("*/config.json")).parent
    with RunFolder(run).lock():  # as if the first were still there
        second = start(tmp_path, *LONG, "--store", "both")
        _wait_for_words("another process is training it", second)
    printed, said = second.communicate(timeout=120)
    assert second.returncode == 0, said
    assert "[1/1]" in said
    assert "failed" not in said
    assert printed.strip() == next(iter(uninterrupted)).split("/")[0]
    assert _digests(tmp_path / "both") == uninterrupted


def test_who_waits_for_another_process_can_be_stopped(tmp_path: Path) -> None:
    first = start(tmp_path, *ENDLESS)
    _wait_for("store/*/metrics.jsonl", tmp_path)
    second = start(tmp_path, *ENDLESS)
    _wait_for_words("another process is training it", second)
    signal_all(second, signal.SIGINT)
    second.communicate(timeout=30)
    assert second.returncode == 130
    assert first.poll() is None
    signal_all(first, signal.SIGKILL)
    first.communicate()


def test_two_commands_on_one_study_train_every_run_once(
    cli: Cli, study: str, tmp_path: Path
) -> None:
    path = tmp_path / study
    path.write_text(path.read_text().replace("epochs = 3", "epochs = 60"))
    both = [start(tmp_path, "run", study) for _ in range(2)]
    said = [process.communicate(timeout=300)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    for text in said:
        assert "[6/6]" in text
        assert "failed" not in text
    runs = list(tmp_path.glob("store/*/metrics.jsonl"))
    assert len(runs) == 6
    for run in runs:
        lines = [json.loads(line) for line in run.read_text().splitlines()]
        epochs = [line["epoch"] for line in lines if "epoch" in line]
        assert epochs == list(range(1, 61)), "trained twice, or over another's lines"


def test_a_worker_that_dies_takes_only_its_run_with_it(
    cli: Cli, study: str, tmp_path: Path
) -> None:
    (tmp_path / "deadly.py").write_text(
        "import os, signal, torch\nfrom torch import nn\n\n"
        "class Deadly(nn.Module):\n"
        "    def __init__(self, input_size, hidden_size):\n"
        "        super().__init__()\n"
        "        self.hidden_size, self.calls = hidden_size, 0\n"
        "        self.mix = nn.Linear(input_size + hidden_size, hidden_size)\n\n"
        "    def forward(self, x, state):\n"
        "        self.calls += 1\n"
        "        if self.calls == 60:\n"
        "            os.kill(os.getpid(), signal.SIGKILL)\n"
        "        return (torch.tanh(self.mix(torch.cat([x, state[0]], dim=1))),)\n\n"
        "class Broken(Deadly):\n"
        "    def forward(self, x, state):\n"
        "        self.calls += 1\n"
        "        if self.calls == 60:\n"
        "            raise ZeroDivisionError('by zero')\n"
        "        return (torch.tanh(self.mix(torch.cat([x, state[0]], dim=1))),)\n"
    )
    path = tmp_path / study
    path.write_text(
        path.read_text()
        + '[experiments.a]\ncell = "deadly:Deadly"\n[experiments.b]\ncell = "deadly:Broken"\n'
    )
    result = cli("run", study)
    assert result.returncode == 1
    assert "its process ended by signal SIGKILL" in result.stderr
    # A long study goes on after a failure, and its reason is told at once.
    assert re.search(
        r": failed.*\n  run \w+: ZeroDivisionError: by zero\b.*deadly\.py", result.stderr
    )
    assert "4 of 10 runs failed" in result.stderr
    assert "Traceback" not in result.stderr
    listed = cli("status").stdout
    assert listed.count("finished") >= 6
    # Two were killed before they could say so, and two said why they failed.
    assert "2 failed" in listed
    assert "2 unfinished" in listed
    assert "4 of 4 runs failed" in cli("run", study).stderr


def test_a_disk_that_fills_up_underway_fails_the_run(
    cli: Cli, tmp_path: Path, uninterrupted: dict[str, str]
) -> None:
    limited = [
        "bash",
        "-c",
        'ulimit -f 50; exec "$@"',
        "limited",
        COMMAND,
        *LONG,
        "--store",
        "small",
    ]
    result = subprocess.run(limited, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "File too large" in result.stderr
    assert "Traceback" not in result.stderr
    assert cli(*LONG, "--store", "small").returncode == 0
    assert _digests(tmp_path / "small") == uninterrupted


def test_workers_end_with_their_parent(tmp_path: Path) -> None:
    process = start(tmp_path, *ENDLESS)
    _wait_for("store/*/metrics.jsonl", tmp_path)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    run = next((tmp_path / "store").glob("*/metrics.jsonl"))
    end = time.monotonic() + 30
    size = -1
    while size != run.stat().st_size:
        assert time.monotonic() < end, "a worker went on without its parent"
        size = run.stat().st_size
        time.sleep(1.5)
    shutil.rmtree(run.parent)
