"""The contract tests for other packages pass what holds, and name what does not."""

import json
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from assay.config import Ending, FigureKind, Kind, MemoryConfig, kind_named
from assay.models import CELLS
from assay.store.log import Numbers
from assay.testing import check_cell, check_kind

TOY = Path(__file__).parents[1] / "kinds" / "toy"


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The kind of another package, `tests/kinds/toy`."""
    monkeypatch.syspath_prepend(str(TOY))
    import sorting_kind

    yield sorting_kind
    del sys.modules["sorting_kind"]


def test_a_kind_of_another_package_holds(toy: Any, tmp_path: Path) -> None:
    check_kind(toy.KIND, toy.SortingConfig(steps=220), tmp_path)


def test_recurrent_networks_hold(small: MemoryConfig, tmp_path: Path) -> None:
    check_kind(kind_named("memory"), small.replace(measure_at=(0, 3)), tmp_path)


def _broken(toy: Any, how: str) -> Kind:
    """The toy kind with one promise broken."""

    class Broken(toy.SortingKind):  # type: ignore[misc, name-defined]
        def execute(self, config: Any, folder: Any, watch: Any, *rest: Any) -> Ending:
            if how == "seed":
                config = config.model_copy(update={"seed": time.perf_counter_ns()})
            if how == "stop":
                return super().execute(config, folder, watch, lambda: False, rest[1])
            if how == "status":
                return Ending("failed", 0, 0.0, "no luck")
            state = folder.checkpoints / "state.json"
            if how == "resume" and state.exists():
                saved = json.loads(state.read_text())
                state.write_text(json.dumps({**saved, "rng": random.Random(99).getstate()}))
            ending = super().execute(config, folder, watch, *rest)
            if how == "moments" and ending.status == "finished":
                log = folder.log("metrics")
                log.append(Numbers(config.steps + 1, {"in_order": 1.0}))
                log.close()
            return ending

        def updates(self, config: Any) -> int:
            return config.steps + (how == "updates")

        def pace(self, config: Any) -> str:
            return str(config.seed) if how == "pace" else super().pace(config)

        def work(self, config: Any) -> float:
            return float("inf") if how == "work" else super().work(config)

        def logged(self, config: Any) -> Any:
            more = {"never": frozenset({1})} if how == "logged" else {}
            return {**super().logged(config), **more}

    if how == "answers":
        Broken.answers = ("nothing",)
    if how == "figure":
        Broken.figures = {"progress": FigureKind("sorting_kind.drawing:no", "Nothing.")}
    if how == "empty figure":
        Broken.figures = {"progress": FigureKind("builtins:list", "A list, which is no figure.")}
    return Broken()


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("seed", "every random number has to come from the seed"),
        ("stop", "never asks whether to stop"),
        ("status", "it ended failed: no luck"),
        ("resume", "taken up again, it logs other bytes"),
        ("moments", "in_order is promised at updates"),
        ("updates", "it tells of 220 updates, and its kind of 221"),
        ("pace", "pace depends on the seed"),
        ("work", "work is not a finite number"),
        ("logged", "never is promised, and was never logged"),
        ("answers", "its table shows nothing"),
        ("figure", "its figure progress cannot be drawn: AttributeError"),
        ("empty figure", "its figure progress is a list, and should be a Matplotlib figure"),
    ],
)
def test_a_broken_promise_is_named(toy: Any, tmp_path: Path, how: str, message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        check_kind(_broken(toy, how), toy.SortingConfig(steps=220), tmp_path)


@pytest.mark.parametrize("name", CELLS)
def test_the_cells_of_assay_hold(name: str) -> None:
    options = {"heads": 2} if name == "mlstm" else {}
    check_cell(lambda input_size, hidden_size: CELLS[name](input_size, hidden_size, **options))


class Mixed(nn.Module):
    """A cell whose flaw is chosen."""

    def __init__(self, input_size: int, hidden_size: int, flaw: str) -> None:
        super().__init__()
        self.flaw, self.mix = flaw, nn.Linear(input_size + hidden_size, hidden_size)
        self.scale = torch.rand(1) + 0.5

    def forward(self, x: Tensor, state: tuple[Tensor]) -> tuple[Tensor]:
        h = torch.tanh(self.mix(torch.cat([x, state[0]], dim=1)))
        if self.flaw == "batch":
            h = h - h.mean(dim=0)
        if self.flaw == "hidden weight":
            h = self.scale * h
        if self.flaw == "noise":
            h = h + 0.1 * torch.rand_like(h)
        return (h,)


@pytest.mark.parametrize(
    ("flaw", "message"),
    [
        ("batch", "depends on the others in its batch"),
        ("hidden weight", "in no parameter and no buffer"),
        ("noise", "two passes over one input differ"),
    ],
)
def test_a_flaw_of_a_cell_is_named(flaw: str, message: str) -> None:
    def make(input_size: int, hidden_size: int) -> nn.Module:
        return Mixed(input_size, hidden_size, flaw)

    with pytest.raises(AssertionError, match=message):
        check_cell(make)
