"""What every registered task must do, and `make` with it."""

import hashlib

import numpy as np
import pytest
import torch

from assay import tasks
from assay.config import MemoryConfig
from assay.config.memory import BUILT_IN_TASKS
from assay.errors import ConfigError, DataError
from assay.tasks.base import check_labels
from assay.tasks.encoding import encode, input_size

LENGTHS = [3, 5, 20, 37, 40]

each_task = pytest.mark.parametrize("task", sorted(tasks.TASKS))
each_length = pytest.mark.parametrize("length", LENGTHS)


def config(task, length=20, **changes):
    return MemoryConfig(task=task, length=length, **{"data_size": 500, **changes})


def parts(split):
    return split.train, split.validation


def rows(data):
    return {row.tobytes() for row in data.inputs}


def test_every_task_of_the_configuration_is_registered():
    assert {*tasks.TASKS, "file"} == set(BUILT_IN_TASKS)


@each_task
def test_the_task_draws_its_sequence(task):
    doc = tasks.TASKS[task].__doc__
    assert "::" in doc
    assert "target" in doc


@each_task
@each_length
def test_form_size_and_labels(task, length):
    data = tasks.TASKS[task](length, 500, np.random.default_rng(0))
    assert len(data) <= 500
    assert data.inputs.flags.c_contiguous
    assert data.targets.dtype == (np.float32 if data.classes is None else np.int64)
    check_labels(data, task)


@each_task
@each_length
def test_the_split_is_exact_disjoint_and_complete(task, length):
    whole = tasks.TASKS[task](length, 500, np.random.default_rng(0))
    split = tasks.make(config(task, length))
    train, validation = parts(split)
    assert len(train) == round(0.8 * len(whole))
    assert len(train) + len(validation) == len(whole)
    assert not rows(train) & rows(validation)
    assert len(rows(train)) == len(train)


@each_task
@each_length
def test_the_seed_decides(task, length):
    first, again, other = (tasks.make(config(task, length, seed=seed)) for seed in (1, 1, 2))
    for one, two, three in zip(parts(first), parts(again), parts(other), strict=True):
        assert np.array_equal(one.inputs, two.inputs)
        assert np.array_equal(one.targets, two.targets)
        assert not np.array_equal(one.inputs, three.inputs)


@pytest.mark.parametrize(
    ("changes", "digest"),
    [
        ({}, "f606ecb4ddeb1d10"),
        ({"length": 37, "data_size": 2000}, "82e2eaed0be8199c"),
        ({"length": 60, "data_size": 2000}, "adc7c0edb604c3ba"),
        ({"task": "copy", "length": 9}, "8b53d9220372fc8c"),
        ({"task": "adding", "length": 8, "data_size": 500}, "c3f8fadfb0f096c2"),
    ],
)
def test_the_data_of_a_seed_stay_as_they_are(changes, digest):
    """A run's identity names its task and seed, not its data: other data would be another run."""
    split = tasks.make(MemoryConfig(seed=3, **changes))
    content = [array for part in parts(split) for array in (part.inputs, part.targets)]
    found = hashlib.sha256(b"".join(array.tobytes() for array in content)).hexdigest()
    assert found[:16] == digest


@each_task
def test_the_network_does_not_change_the_data(task):
    first = tasks.make(config(task))
    other = tasks.make(
        config(task, cell="rnn", hidden_size=7, batch_size=3, learning_rate=0.5, epochs=2)
    )
    for one, two in zip(parts(first), parts(other), strict=True):
        assert np.array_equal(one.inputs, two.inputs)


@each_task
@pytest.mark.parametrize("encoding", ["scalar", "one_hot"])
def test_the_task_can_be_encoded(task, encoding):
    train = tasks.make(config(task)).train
    if train.symbols is None and encoding == "one_hot":
        with pytest.raises(ConfigError, match="one_hot"):
            input_size(train, encoding)
        return
    x_TND = encode(torch.from_numpy(train.inputs), encoding, train.symbols)
    assert x_TND.shape == (train.length, len(train), input_size(train, encoding))
    assert x_TND.dtype == torch.float32


@each_task
def test_the_train_fraction_counts(task):
    split = tasks.make(config(task, train_fraction=0.25))
    assert (len(split.train), len(split.validation)) == (125, 375)


def test_a_side_with_too_few_sequences_is_refused():
    with pytest.raises(DataError, match=r"train_fraction = 0\.99 leaves 10 of 10"):
        tasks.make(config("palindrome", 2, train_fraction=0.99))


def test_constant_labels_are_refused(monkeypatch):
    def index_as_number(length, data_size, rng):
        """The first numbers in order: at this length their first digit is always 0."""
        data = tasks.palindrome.palindromes(length, data_size, rng)
        return tasks.SequenceData(data.inputs, np.zeros_like(data.targets), 10, 10)

    monkeypatch.setitem(tasks.TASKS, "palindrome", index_as_number)
    with pytest.raises(DataError, match="palindrome: 100 % of the labels are class 0"):
        tasks.make(config("palindrome"))


def test_data_that_do_not_fit_in_memory_are_refused(monkeypatch):
    def too_much(length, data_size, rng):
        raise MemoryError

    monkeypatch.setitem(tasks.TASKS, "adding", too_much)
    with pytest.raises(DataError, match="adding: 500 sequences of length 20 do not fit in memory"):
        tasks.make(config("adding"))
