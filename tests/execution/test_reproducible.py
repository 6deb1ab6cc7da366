"""The same bits, however many workers there are and however often a run was cut off."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from assay.config import GanConfig, MemoryConfig, RunConfig
from assay.execution.events import Event, Result, Update
from assay.execution.executor import NOT_SAVED, RunOptions
from assay.execution.runner import execute
from assay.execution.start import follow, start
from assay.kinds.command.config import CommandConfig
from assay.kinds.function.config import FunctionConfig
from assay.plugins import resolve
from assay.store import Store
from assay.store.comparing import compare

FUNCTION = """
import numpy as np

def train(run, rate=0.1):
    state = run.resume() or {"step": 0, "weight": np.zeros(3)}
    for step in range(state["step"], 60):
        noise = np.random.default_rng([run.seed, step]).normal(size=3)
        state["weight"] = state["weight"] * (1 - rate) + rate * noise
        run.log(step + 1, size=float(np.abs(state["weight"]).sum()))
        state["step"] = step + 1
        run.save(state)
"""
SCRIPT = """
import random
import sys

draw = random.Random(int(sys.argv[1]))
for step in range(60):
    print(f"step {step} loss {draw.random()}", flush=True)
"""


@pytest.fixture
def configs(tmp_path: Path) -> list[RunConfig]:
    """One run of each kind, of a second or so."""
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (40, 8, 8), dtype=np.uint8)
    np.savez(tmp_path / "mine.npz", images=pixels, labels=np.repeat([0, 1], 20))
    (tmp_path / "mine.py").write_text(FUNCTION)
    (tmp_path / "script.py").write_text(SCRIPT)
    here = {"folder": str(tmp_path), "seed": 3}
    gan = {"task": "images", "data": "mine.npz", "image_size": 8, "batch_size": 16}
    found = [
        MemoryConfig(hidden_size=8, data_size=600, batch_size=32, epochs=8, seed=3),
        GanConfig(**here, **gan, latent_dim=6, updates=40, measure_at=[]),
        FunctionConfig(**here, train="mine:train"),
        CommandConfig(**here, command="python script.py {seed}", pattern="step {step} loss {loss}"),
    ]
    return [resolve(config) for config in found]


def _train(configs: Sequence[RunConfig], store: Store, workers: int) -> None:
    options = RunOptions(workers=workers, checkpoint_seconds=0)
    results = follow(start(configs, store, options), lambda event: None)
    assert {result.status for result in results} == {"finished"}, results


def _cut_off(configs: Sequence[RunConfig], store: Store) -> None:
    """Train until each has told of itself, and end all by SIGKILL."""
    session = start(configs, store, RunOptions(workers=len(configs), checkpoint_seconds=0))
    told: set[str] = set()

    def see(event: Event) -> None:
        if isinstance(event, Update | Result):
            told.add(event.run_id)
        if len(told) == len(configs):
            session.stop(now=True)

    results = follow(session, see)
    assert any(result.message == NOT_SAVED for result in results)


def test_all_kinds_come_to_the_same_bits_everywhere(
    configs: list[RunConfig], tmp_path: Path
) -> None:
    here = Store(tmp_path / "here")
    here.prepare()
    for config in configs:
        result = execute(config, here, lambda at: None, lambda: False, 0)
        assert isinstance(result, Result)
        assert result.status == "finished", result.message
    stores = {name: Store(tmp_path / name) for name in ("one", "three", "cut off")}
    _cut_off(configs, stores["cut off"])
    for (name, store), workers in zip(stores.items(), (1, 3, 2), strict=True):
        _train(configs, store, workers)
        for config in configs:
            found = compare(here.folder(config), store.folder(config))
            # A function's checkpoint holds the state of all generators that its process has loaded.
            same = found.log is None if config.kind == "function" else found.equal
            assert same, f"{config.kind}, {name}: {found}"
            record = store.folder(config).record()
            assert record is not None
            assert record.numerics["assay_code"]
    for config in configs[:2]:
        record = here.folder(config).record()
        assert record is not None
        assert record.numerics["denormals"] == "flushed"
        assert len(str(record.numerics["data_sha256"])) == 64
        assert compare(here.folder(config), stores["one"].folder(config)).weights
