"""A short damage campaign; the long one is `make torture`, and has a page."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reliability.campaign import damage_of
from tests.reliability.damage import damaged
from tests.reliability.trials import Stage


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with Stage(tmp_path_factory.mktemp("damage") / "store") as stage:
        yield stage


def test_what_is_damaged_is_named_or_harms_nothing(stage: Stage) -> None:
    tried = list(damage_of(stage, random.Random(1), 1))
    assert not [each for each in tried if each.losses]


def test_a_file_is_damaged_in_one_place(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for number in range(50):
        path.write_bytes(bytes(100))
        how = damaged(path, random.Random(number))
        content = path.read_bytes()
        flipped = sum(byte.bit_count() for byte in content)
        if how == "cut off":
            assert len(content) < 100
        else:
            assert len(content) == 100
            assert flipped == 1 or how == "eight bits flipped"
