"""The command line as a user has it: the installed command, in a process of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Cli = Callable[..., subprocess.CompletedProcess[str]]

COMMAND = str(Path(sys.executable).with_name("assay"))

STUDY = """
title = "A small study"
[defaults]
hidden_size = 8
data_size = 300
batch_size = 32
epochs = 3
[experiments.forms]
grid = { lstm_form = ["standard", "as_reported"] }
[experiments.rnn]
cell = "rnn"
[profiles.quick]
seeds = 2
[profiles.full]
seeds = 3
"""


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    """Run `assay` in a temporary folder and return what it printed and its exit code."""

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [COMMAND, *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return call


@pytest.fixture
def study(tmp_path: Path) -> str:
    """A study file of six short runs."""
    (tmp_path / "small.toml").write_text(STUDY)
    return "small.toml"


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start `assay` in a process group of its own, so that a test can kill all of it."""
    return subprocess.Popen(
        [COMMAND, *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def signal_all(process: subprocess.Popen[str], number: signal.Signals) -> None:
    """Send a signal to a process and its workers, as a terminal or a crash would."""
    os.killpg(process.pid, number)
