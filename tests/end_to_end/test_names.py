"""A user's files that are named like modules of Python's, or of assay's needs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.conftest import COMMAND

NAMES = ("copy", "random", "select", "queue", "numpy", "torch", "statistics", "socket")
TRAIN = "train memory --updates 3 --hidden-size 4 --data-size 100 --folder . --cell mine:Own"
CELL = """
import random
import torch
from torch import nn

class Own(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.mix = nn.Linear(input_size + hidden_size, hidden_size)
    def forward(self, x, state):
        import copy, statistics
        return (torch.tanh(self.mix(torch.cat([x, state[0]], 1))),)
"""


@pytest.mark.parametrize("command", [[COMMAND], [sys.executable, "-m", "assay"]])
def test_they_are_in_nobody_s_way(tmp_path: Path, command: list[str]) -> None:
    for name in NAMES:
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('this is not Python\\'s')\n")
    (tmp_path / "mine.py").write_text(CELL)
    done = subprocess.run(
        [*command, *TRAIN.split()], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert re.fullmatch("[0-9a-f]{16}\n", done.stdout)
