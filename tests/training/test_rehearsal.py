"""State that a checkpoint would not hold is found before a run, and named; nothing else is."""

import re
from pathlib import Path

import pytest
import torch

from assay.config import GanConfig, MemoryConfig, RunConfig, kind_named
from assay.errors import PluginError
from assay.plugins import resolve

CELL = """
import random
import numpy as np
import torch
from torch import nn

SEEN = []

class Own(nn.Module):
    count = 0
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.mix = nn.Linear(input_size + hidden_size, hidden_size)
        {init}

    def forward(self, x, state):
        h = state[0]
        new = torch.tanh(self.mix(torch.cat([x, h], 1)))
        {step}
        return (new,)
"""


def check(config: RunConfig) -> str:
    try:
        kind_named(config.kind).check(config)
    except PluginError as error:
        return str(error)
    return ""


@pytest.fixture
def cell(tmp_path: Path):
    """Check a cell with these lines in it; the sentence that refuses it, or nothing."""

    def check_cell(init: str, step: str) -> str:
        lines = step.replace("\n", "\n        ")
        (tmp_path / "own.py").write_text(CELL.format(init=init, step=lines))
        config = MemoryConfig(
            cell="own:Own", hidden_size=6, data_size=60, epochs=1, folder=str(tmp_path)
        )
        return check(resolve(config))

    return check_cell


HIDDEN = {
    "a counter": ("self.steps = 0", "self.steps += 1\nnew = new / (1 + self.steps / 6000)"),
    "a late one": ("self.steps = 0", "self.steps += 1\nif self.steps > 40000: new = new * 0.5"),
    "a float": ("self.heat = 1.0", "self.heat *= 0.999\nnew = new * self.heat"),
    "a tensor": (
        "self.mean = torch.zeros(6)",
        "self.mean = 0.9 * self.mean + 0.1 * new.detach().mean(0)\nnew = new - self.mean",
    ),
    "one in place": (
        "self.mean = torch.zeros(6)",
        "self.mean.mul_(0.9).add_(0.1 * new.detach().mean(0))\nnew = new - self.mean",
    ),
    "a list": ("self.past = []", "self.past.append(1)\nnew = new / (1 + len(self.past) / 100)"),
    "a dictionary": ("self.now = {'n': 0}", "self.now['n'] += 1\nnew = new / (1 + self.now['n'])"),
    "an array": ("self.mean = np.zeros(1)", "self.mean += 0.01\nnew = new - float(self.mean[0])"),
    "a buffer not kept": (
        "self.register_buffer('t', torch.zeros(()), persistent=False)",
        "self.t += 1\nnew = new / (1 + self.t / 100)",
    ),
    "its first random draw": (
        "self.mask = None",
        "if self.mask is None and len(x) > 3: self.mask = torch.rand(6)\n"
        "new = new if self.mask is None else new * self.mask",
    ),
}
NAMES = {
    "a counter": "Own.steps",
    "a late one": "Own.steps",
    "a float": "Own.heat",
    "a tensor": "Own.mean",
    "one in place": "Own.mean",
    "a list": "Own.past",
    "a dictionary": "Own.now",
    "an array": "Own.mean",
    "its first random draw": "Own.mask",
}


@pytest.mark.parametrize("kind", HIDDEN)
def test_state_that_is_not_held_is_refused_and_named(cell, kind: str) -> None:
    said = cell(*HIDDEN[kind])
    assert said.startswith("own:Own keeps state that its state_dict does not hold")
    assert f"numbers: {NAMES.get(kind, 'none of its attributes')}" in said
    assert "buffer" in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("init", "step"),
    [
        ("", "SEEN.append(1)\nnew = new / (1 + len(SEEN) / 100)"),
        ("", "Own.count += 1\nnew = new / (1 + Own.count / 100)"),
        ("", "new = new * (1 + 0.01 * np.random.rand())"),
        ("", "new = new * (1 + 0.01 * random.random())"),
    ],
    ids=["a global", "a class attribute", "NumPy's draws", "Python's draws"],
)
def test_what_lies_outside_its_attributes_is_found_too(cell, init: str, step: str) -> None:
    assert "none of its attributes, so maybe a global variable, or NumPy's" in cell(init, step)


@pytest.mark.parametrize("draw", ["np.random.randn()", "random.random()"])
def test_weights_that_no_seed_decides_are_refused(cell, draw: str) -> None:
    said = cell(f"self.mix.bias.data.add_({draw})", "pass")
    assert "begins with other numbers each time it is built with one seed" in said


@pytest.mark.parametrize(
    ("init", "step"),
    [
        ("pass", "new = nn.functional.dropout(new, 0.2, self.training)"),
        ("self.calls = 0", "self.calls += 1"),
        ("self.calls = 0", "self.calls += 1\nif self.calls > 900: raise RuntimeError('later')"),
        ("self.calls = 0", "self.calls += 1\nif self.calls > 900: new = new * float('nan')"),
        ("self.eye = None", "if self.eye is None: self.eye = torch.eye(6)\nnew = new @ self.eye"),
        ("self.seen = []", "self.seen.append(float(new.detach().mean()))"),
        ("self.last = None", "self.last = new"),
        ("self.norm = nn.BatchNorm1d(6)", "new = self.norm(new)"),
        (
            "self.register_buffer('steps', torch.zeros(()))",
            "self.steps += 1\nnew = new / (1 + self.steps / 6000)",
        ),
    ],
    ids=[
        *("dropout", "an idle counter", "one that raises", "one that ends in NaN"),
        *("a constant made once", "a diary", "its last output", "batch statistics", "a buffer"),
    ],
)
def test_what_decides_nothing_or_is_held_passes(cell, init: str, step: str) -> None:
    assert cell(init, step) == ""


def test_the_global_generator_and_threads_are_left_as_they_were(cell) -> None:
    torch.manual_seed(3)
    before, threads = torch.get_rng_state(), torch.get_num_threads()
    assert cell("pass", "new = nn.functional.dropout(new, 0.2, self.training)") == ""
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.get_num_threads() == threads


def test_a_fault_in_the_first_updates_names_the_line(cell) -> None:
    said = cell("self.calls = 0", "self.calls += 1\nif self.calls > 9: raise OSError('disk')")
    assert re.fullmatch(
        r"own:Own failed in its first updates: OSError: disk \(/.*/own\.py, line \d+\)", said
    )


def test_a_state_dict_that_grows_is_refused(cell) -> None:
    said = cell("self.k = None", "if new.shape[0] > 3: self.register_buffer('late', new.detach())")
    assert "cannot be taken up again after 2 updates" in said
    assert "late" in said


PAIR = """
import torch
from torch import nn

class G(nn.Module):
    def __init__(self, z, shape):
        super().__init__()
        self.shape, self.steps = shape, 0
        self.layer = nn.Linear(z, shape[0] * shape[1] * shape[2])
    def forward(self, z, labels=None):
        {generator}
        return torch.tanh(self.layer(z)).view(-1, *self.shape)

class D(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.steps = 0
        self.layer = nn.Linear(shape[0] * shape[1] * shape[2], 1)
    def forward(self, x, labels=None):
        {discriminator}
        return self.layer(x.flatten(1)).flatten()

def make(latent_dim, image_shape, classes):
    return G(latent_dim, image_shape), D(image_shape)

class Loss:
    relativistic = False
    def __init__(self, weight=1.0): self.weight, self.calls = weight, 0
    def generator(self, fake, real): return -fake.mean()
    def discriminator(self, real, fake):
        {loss}
        return self.weight * (fake.mean() - real.mean())
    def penalty(self, critic, real, fake): return None
"""


@pytest.mark.parametrize(
    ("part", "line", "named"),
    [
        ("generator", "self.steps += 1; z = z / (1 + self.steps)", "G.steps"),
        ("discriminator", "self.steps += 1; x = x / (1 + self.steps)", "D.steps"),
        ("loss", "self.calls += 1; self.weight *= 0.9", "Loss.weight"),
        ("", "", ""),
    ],
)
def test_pairs_and_losses_are_rehearsed_too(
    tmp_path: Path, part: str, line: str, named: str
) -> None:
    lines = dict.fromkeys(("generator", "discriminator", "loss"), "pass") | {part: line}
    (tmp_path / "pair.py").write_text(PAIR.format(**lines))
    config = GanConfig(
        network="pair:make", loss="pair:Loss", updates=5, latent_dim=4, folder=str(tmp_path)
    )
    said = check(resolve(config))
    assert (named in said) if named else said == ""
