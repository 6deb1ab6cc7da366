"""What a damaged run is asked is refused: nothing older or other answers in its place."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assay.config import GanConfig, MemoryConfig
from assay.errors import CheckpointError, StoreError
from assay.execution.runner import execute
from assay.inference.run import Run
from assay.plugins import resolve
from assay.store import RunFolder, Store
from assay.store.checkpoint import Saved, newest_first, write

Train = Callable[[MemoryConfig], RunFolder]


@pytest.fixture(scope="module")
def generator(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A run of four updates on random images, with a checkpoint after two."""
    folder = tmp_path_factory.mktemp("generator")
    rng = np.random.default_rng(0)
    np.savez(folder / "own.npz", images=rng.integers(0, 256, (30, 8, 8), dtype=np.uint8))
    settings = {"task": "images", "data": "own.npz", "image_size": 8, "folder": str(folder)}
    config = resolve(GanConfig(updates=4, batch_size=8, latent_dim=3, **settings))
    store = Store(folder / "store")
    store.prepare()
    execute(config, store, lambda at: None, lambda: False, checkpoint_seconds=0)
    return store.folder(config)


def ask(run: RunFolder, update: int | None) -> bytes:
    return Run(str(run.path)).sample(4, update=update).tobytes()


@pytest.fixture
def put_back(generator: RunFolder) -> object:
    before = {path: path.read_bytes() for path in generator.path.rglob("*") if path.is_file()}
    yield
    for path, content in before.items():
        path.write_bytes(content)


@pytest.mark.usefixtures("put_back")
def test_no_flipped_bit_of_a_snapshot_changes_a_picture(generator: RunFolder) -> None:
    ask(generator, 2)
    path = generator.artifact("snapshots", 2, ".safetensors")
    whole = path.read_bytes()
    for at in range(0, 8 * len(whole), 8 * len(whole) // 12):
        content = bytearray(whole)
        content[at // 8] ^= 1 << at % 8
        path.write_bytes(content)
        with pytest.raises(CheckpointError, match="is damaged: it is not what the run wrote"):
            ask(generator, 2)


@pytest.mark.usefixtures("put_back")
@pytest.mark.parametrize("how", ["flipped", "deleted"])
def test_the_checkpoint_of_the_end_answers_and_no_other(generator: RunFolder, how: str) -> None:
    ask(generator, None)
    *_, newest = sorted(generator.checkpoints.glob("*.safetensors"))
    if how == "flipped":
        content = bytearray(newest.read_bytes())
        content[-1] ^= 1
        newest.write_bytes(content)
        message = "0000000004.json is damaged: its hash does not match"
    else:
        newest.with_suffix(".json").unlink()
        message = "holds no checkpoint of the end of run .* after 4 updates: the newest is of 3"
    with pytest.raises(CheckpointError, match=message):
        ask(generator, None)


@pytest.mark.usefixtures("put_back")
@pytest.mark.parametrize("content", [b"", b"\x93NUMPY", b"PK\x03\x04", b"\x93NUMPY\1\0\x02\0(\n"])
def test_a_grid_that_is_none_is_named(generator: RunFolder, content: bytes) -> None:
    from assay.store.samples import load_grid

    generator.artifact("samples", 4, ".npy").write_bytes(content)
    with pytest.raises(StoreError, match="missing or damaged"):
        Run(str(generator.path)).grids()
    with pytest.raises(StoreError, match="grid of samples is damaged"):
        load_grid(content)


def forged(saved: Saved, change: str) -> Saved:
    state = dict(saved.state)
    if change == "tensors":
        from safetensors.numpy import save

        return Saved(saved.number, save({"x": np.zeros(3)}), state)
    if change == "state":
        return Saved(saved.number, saved.tensors, {})
    if change == "length":
        state["metrics"] = state["metrics"] | {"bytes": -5}
    else:
        state[change] = "x"
    return Saved(saved.number, saved.tensors, state)


CHANGES = ["tensors", "state", "length", "metrics", "compute_path", "trace_columns", "seconds"]


@pytest.mark.parametrize("change", CHANGES)
def test_a_forged_checkpoint_is_passed_over(
    small: MemoryConfig, store: Store, train_here: Train, tmp_path: Path, change: str
) -> None:
    whole = train_here(small)
    other = Store(tmp_path / "other")
    other.prepare()
    stops = iter([False] * 9 + [True] * 100)
    execute(small, other, lambda at: None, lambda: next(stops), checkpoint_seconds=0)
    folder = other.folder(small)
    name, saved = next(iter(newest_first(folder.checkpoints)))
    assert isinstance(saved, Saved)
    write(folder.checkpoints, forged(saved, change))
    result = execute(small, other, lambda at: None, lambda: False)
    assert result.status == "finished", result.message
    assert any(f"checkpoint {name} passed over: " in notice for notice in result.notices)
    log = "metrics.jsonl"
    assert (folder.path / log).read_bytes() == (whole.path / log).read_bytes()
