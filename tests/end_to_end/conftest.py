"""The command line as a user has it: what is typed, printed and left in a folder."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import chdir, redirect_stderr, redirect_stdout
from functools import partial
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from assay.cli import call

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


def here(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What a command prints in a folder, and its exit code; in this process.

    A process of its own takes seconds of a core to import PyTorch. `start` begins one, for what is
    killed; `test_names.py` tries the installed command.
    """
    out, error = (TextIOWrapper(BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with chdir(folder), redirect_stdout(out), redirect_stderr(error):
        code = call(list(arguments))
    printed = [stream.buffer.getvalue().decode() for stream in (out, error)]
    return subprocess.CompletedProcess(arguments, code, *printed)


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    """Run `assay` in a temporary folder and return what it printed and its exit code."""
    return partial(here, tmp_path)


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
