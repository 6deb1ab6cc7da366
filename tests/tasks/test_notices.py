"""What arrays are read as is said where it may not be what was meant."""

import re

import numpy as np
import pytest

from assay import tasks
from assay.config import MemoryConfig
from assay.tasks.arrays import from_arrays
from assay.tasks.base import split

SYMBOLS = np.array([[0, 1], [2, 3], [4, 0]])
NORMAL = np.random.default_rng(0).normal(size=(60, 4))


@pytest.mark.parametrize(
    ("sequences", "labels", "told"),
    [
        (SYMBOLS, [0.0, 1.0, 2.0], "labels are whole numbers written as floats, from 0 to 2"),
        (SYMBOLS, np.float32([0, 1, 2]), "trained as regression; written as integers"),
        (SYMBOLS + 300, [0, 1, 2], "sequences are whole numbers from 300 to 304, and symbols are"),
        (SYMBOLS - 1, [0, 1, 2], "whole numbers from -1 to 3, and symbols are 0 to 255"),
        (SYMBOLS.astype(float), [0, 1, 2], "sequences are whole numbers written as floats"),
        (NORMAL * 1e4, np.arange(60) % 3, "the values of the sequences go from"),
        (NORMAL, NORMAL[:, 0] * 2e5, "the labels go from .*unscaled values are hardly learned"),
        (NORMAL, 5 + NORMAL[:, 0] * 1e-6, "the labels go from .*unscaled"),
        (NORMAL, np.arange(60), "60 different whole numbers in 60 sequences: read as classes"),
    ],
)
def test_a_reading_that_may_be_another_is_told(sequences, labels, told: str) -> None:
    data = from_arrays(sequences, labels, "own.csv")
    (notice,) = data.notices
    assert notice.startswith("own.csv: ")
    assert re.search(told, notice)
    assert data.take(np.arange(2)).notices == data.notices


@pytest.mark.parametrize(
    ("sequences", "labels"),
    [
        (SYMBOLS, [0, 1, 2]),
        (SYMBOLS, ["a", "b", "c"]),
        (SYMBOLS, [0.5, 1.0, 2.0]),
        (NORMAL, np.arange(60) % 3),
        (NORMAL, NORMAL[:, 0]),
        (np.ones((3, 2, 5)), [0, 1, 2]),
        (SYMBOLS, [2020, 2021, 2022]),
    ],
)
def test_what_is_plain_is_not_told(sequences, labels) -> None:
    assert from_arrays(sequences, labels, "x").notices == ()


def test_classes_have_the_names_of_their_labels() -> None:
    data = from_arrays(SYMBOLS, ["mid", "low", "mid"], "x")
    assert data.names == ("low", "mid")
    assert from_arrays(SYMBOLS, [2020, 2019, 2020], "x").names == ("2019", "2020")
    assert from_arrays(SYMBOLS, [3, 1, 3], "x").names == ()
    parts = split(from_arrays(NORMAL, ["a", "b"] * 30, "x"), 0.5, np.random.default_rng(0))
    assert parts.train.names == parts.validation.names == ("a", "b")


def test_generated_tasks_have_nothing_to_tell() -> None:
    for task in tasks.TASKS:
        assert tasks.make(MemoryConfig(task=task, data_size=200)).train.notices == ()
