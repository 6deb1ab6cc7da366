"""An own generator: a function of the user's that makes the sequences of a task."""

from typing import Any

import numpy as np

from assay import streams
from assay.config import MemoryConfig
from assay.errors import AssayError, DataError, PluginError
from assay.plugins import FAULTS, Plugin, prints_to_stderr, told
from assay.tasks.arrays import from_arrays
from assay.tasks.base import SequenceData

_FEW = 64
"""Sequences that an own generator is asked for when it is tried."""


def generate(config: MemoryConfig, rng: np.random.Generator) -> SequenceData:
    """Call the generator that `config.task` names as `module:attribute`.

    It is called as `function(rng=rng, length=..., data_size=..., **task_options)`, and returns a
    `SequenceData`, or a pair (sequences, labels) of arrays, read as those of a file
    (`assay.tasks.arrays.from_arrays`)::

        def parity(rng, length, data_size):
            bits = rng.integers(0, 2, (data_size, length - 1))
            return bits, bits.sum(axis=1) % 2

    Raises:
        PluginError: if the generator cannot be loaded, or its arguments are others.
        ConfigError: if an option has the name of one of the arguments above.
        DataError: if the generator fails, or returns something else.
    """
    target, made = config.task, _call(config, rng, config.data_size)
    if isinstance(made, SequenceData):
        return made
    if isinstance(made, tuple | list) and len(made) == 2:
        return from_arrays(made[0], made[1], target)
    raise DataError(
        f"{target} returned a {type(made).__name__}: allowed are a SequenceData and a pair of "
        "arrays (sequences, labels)"
    )


def check_seeded(config: MemoryConfig) -> None:
    """See that two calls of an own generator with one seed give the same, on a few sequences.

    Raises:
        PluginError: as `generate`, or if they differ.
        DataError: as `generate`.
    """
    size = min(config.data_size, _FEW)
    try:
        first, again = (_call(config, streams.generator(0, "data", 0), size) for _ in range(2))
    except DataError:  # it may need all that it is asked for
        size = config.data_size
        first, again = (_call(config, streams.generator(0, "data", 0), size) for _ in range(2))
    if not _same(first, again):
        raise PluginError(
            f"{config.task} gave other sequences when it was called again with the same seed: "
            "whatever is random in it should come from `rng`"
        )


def _call(config: MemoryConfig, rng: np.random.Generator, data_size: int) -> Any:
    target = config.task
    call = Plugin.of(config, "task").bind(rng=rng, length=config.length, data_size=data_size)
    try:
        with prints_to_stderr():
            return call()
    except AssayError as error:
        raise DataError(f"{target}: {error}") from error
    except FAULTS as error:
        raise DataError(f"{target} failed: {told(error)}") from error


def _same(first: Any, again: Any) -> bool:
    """Whether two results hold the same arrays; of anything else `generate` says what is wrong."""
    if isinstance(first, SequenceData) and isinstance(again, SequenceData):
        first, again = (first.inputs, first.targets), (again.inputs, again.targets)
    if not (isinstance(first, tuple | list) and isinstance(again, tuple | list)):
        return True
    try:
        return [_bytes(part) for part in first] == [_bytes(part) for part in again]
    except ValueError:  # rows of different lengths
        return True


def _bytes(array: Any) -> bytes:
    return np.asarray(array).tobytes()
