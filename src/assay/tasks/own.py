"""An own generator: a function of the user's that makes the sequences of a task."""

import numpy as np

from assay.config import MemoryConfig
from assay.errors import AssayError, ConfigError, DataError
from assay.plugins import check_options, load
from assay.tasks.arrays import from_arrays
from assay.tasks.base import SequenceData


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
    target = config.task
    arguments = {"rng": rng, "length": config.length, "data_size": config.data_size}
    taken = sorted(arguments.keys() & config.task_options.keys())
    if taken:
        raise ConfigError(
            f"task_options.{taken[0]}: {target} is given {', '.join(arguments)} by assay, "
            "and allowed are other names"
        )
    given = {**arguments, **config.task_options}
    function = load(target, config.folder)
    check_options(target, function, given)
    try:
        made = function(**given)
    except AssayError as error:
        raise DataError(f"{target}: {error}") from error
    except Exception as error:  # a user's function may raise anything
        raise DataError(f"{target} failed: {type(error).__name__}: {error}") from error
    if isinstance(made, SequenceData):
        return made
    if isinstance(made, tuple | list) and len(made) == 2:
        return from_arrays(made[0], made[1], target)
    raise DataError(
        f"{target} returned a {type(made).__name__}: allowed are a SequenceData and a pair of "
        "arrays (sequences, labels)"
    )
