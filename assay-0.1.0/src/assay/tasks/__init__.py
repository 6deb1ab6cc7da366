"""Tasks: what a recurrent network is asked to remember.

`make` gives the training and validation sequences of a configuration. They depend on the task and
the seed alone, so every network with one seed sees the same sequences in the same split.
"""

import hashlib
from collections.abc import Callable

import numpy as np

from assay import plugins, streams
from assay.config import MemoryConfig, is_plugin
from assay.errors import DataError
from assay.tasks import copying as copy_task
from assay.tasks import own
from assay.tasks import palindrome as palindrome_task
from assay.tasks.adding import adding
from assay.tasks.base import SequenceData, Split, check_labels, split
from assay.tasks.copying import copying
from assay.tasks.palindrome import palindromes

__all__ = ["TASKS", "SequenceData", "Split", "make", "training_examples"]

Generate = Callable[[int, int, np.random.Generator], SequenceData]

TASKS: dict[str, Generate] = {"palindrome": palindromes, "copy": copying, "adding": adding}
"""The generated tasks, each called as `generate(length, data_size, rng)`."""


_COUNTS: dict[str, Callable[[int, int], int]] = {
    "palindrome": palindrome_task.count,
    "copy": copy_task.count,
    "adding": lambda length, data_size: data_size,
}


def training_examples(config: MemoryConfig) -> int:
    """How many sequences of a configuration train; those of a generated task are not made for it.

    Raises:
        AssayError: if a file or an own generator cannot be used.
    """
    if config.task in _COUNTS:
        return round(config.train_fraction * _COUNTS[config.task](config.length, config.data_size))
    return len(make(config.model_copy(update={"seed": 0})).train)


def make(config: MemoryConfig) -> Split:
    """The sequences of a configuration, split for training and validation.

    Raises:
        DataError: if a file or own generator gives no usable sequences, the file is not the one
            that `data_sha256` names, or a side of the split would have fewer than two sequences.
        PluginError: if an own generator cannot be loaded or called.
        ConfigError: if `task_options` names an argument that assay itself gives.
    """
    try:
        data = _sequences(config, streams.generator(config.seed, "data", 0))
        check_labels(data, config.data or config.task)
        return split(data, config.train_fraction, streams.generator(config.seed, "data", 1))
    except MemoryError:
        raise DataError(
            f"{config.data or config.task}: {config.data_size} sequences of length "
            f"{config.length} do not fit in memory: lower data_size or length"
        ) from None


def _sequences(config: MemoryConfig, rng: np.random.Generator) -> SequenceData:
    if config.task == "file":
        return _from_file(config, rng)
    if is_plugin(config.task):
        return own.generate(config, rng)
    return TASKS[config.task](config.length, config.data_size, rng)


def _from_file(config: MemoryConfig, rng: np.random.Generator) -> SequenceData:
    """All sequences of the file, or a seeded choice of `data_size` of them."""
    from assay.tasks.files import read_sequences  # loads pyarrow, which no other task needs

    path = plugins.data_path(config)
    if config.data_sha256 is not None:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != config.data_sha256:
            raise DataError(
                f"{path}: the file has changed: its SHA-256 is {found}, and data_sha256 of this "
                f"run is {config.data_sha256}"
            )
    data = read_sequences(path)
    if len(data) <= config.data_size:
        return data
    return data.take(np.sort(rng.choice(len(data), config.data_size, replace=False)))
