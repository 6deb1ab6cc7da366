from pathlib import Path

import pytest
import torch

from assay.errors import CheckpointError
from assay.training import checkpoint
from assay.training.checkpoint import Checkpoint


def _made(step: int) -> Checkpoint:
    return Checkpoint(step, {"w": torch.full((3,), float(step))}, {"note": "é", "step": step})


def test_round_trip_is_exact(tmp_path: Path) -> None:
    weights = torch.randn(5, 4)
    checkpoint.write(
        tmp_path, Checkpoint(7, {"w": weights, "n": torch.tensor(3)}, {"a": [1, None]})
    )
    found = checkpoint.newest(tmp_path)
    assert found.step == 7
    assert torch.equal(found.tensors["w"], weights)
    assert found.tensors["n"].item() == 3
    assert found.state == {"a": [1, None]}


def test_only_the_newest_two_are_kept(tmp_path: Path) -> None:
    for step in (5, 50, 500):
        checkpoint.write(tmp_path, _made(step))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "0000000050.json",
        "0000000050.safetensors",
        "0000000500.json",
        "0000000500.safetensors",
    ]


def test_what_a_crash_left_half_written_is_ignored_and_removed(tmp_path: Path) -> None:
    checkpoint.write(tmp_path, _made(1))
    (tmp_path / "0000000002.safetensors").write_bytes(b"no json beside it")
    (tmp_path / ".0000000003.json.tmp").write_bytes(b"{")
    assert checkpoint.newest(tmp_path).step == 1
    checkpoint.write(tmp_path, _made(4))
    assert {path.name.split(".")[0] for path in tmp_path.iterdir()} == {"0000000001", "0000000004"}


@pytest.mark.parametrize("suffix", ["json", "safetensors"])
@pytest.mark.parametrize(
    "damage", ["truncated", "bit flipped", "last bit flipped", "emptied", "deleted"]
)
def test_a_damaged_one_gives_way_to_the_one_before_it(
    tmp_path: Path, suffix: str, damage: str
) -> None:
    checkpoint.write(tmp_path, _made(1))
    checkpoint.write(tmp_path, _made(2))
    path = tmp_path / f"0000000002.{suffix}"
    content = bytearray(path.read_bytes())
    if damage == "deleted":
        path.unlink()
    elif damage == "emptied":
        path.write_bytes(b"")
    elif damage == "truncated":
        path.write_bytes(content[: len(content) // 2])
    else:
        # The last byte of the tensors' file is a number's, and it reads as well with any value.
        content[-1 if damage == "last bit flipped" else len(content) // 2] ^= 1
        path.write_bytes(content)
    whole = [each for _, each in checkpoint.newest_first(tmp_path) if isinstance(each, Checkpoint)]
    assert [each.step for each in whole] == [1]
    if (suffix, damage) == ("json", "deleted"):  # as a crash before it was written leaves it
        assert checkpoint.newest(tmp_path).step == 1
        return
    with pytest.raises(CheckpointError, match=r"0000000002\.json is damaged"):
        checkpoint.newest(tmp_path)


def test_none_left_is_said(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="holds no checkpoint"):
        checkpoint.newest(tmp_path)
    checkpoint.write(tmp_path, _made(1))
    (tmp_path / "0000000001.safetensors").write_bytes(b"x")
    with pytest.raises(CheckpointError, match="is damaged"):
        checkpoint.newest(tmp_path)
