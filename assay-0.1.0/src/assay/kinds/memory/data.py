"""The sequences of a configuration, kept for the next runs on the same ones."""

import json
from functools import lru_cache

from assay import tasks
from assay.config import MemoryConfig

PROBED = 256
"""Validation sequences over which the gradient by the state is measured."""

_FIELDS = {
    "seed",
    "task",
    "length",
    "data_size",
    "train_fraction",
    "data",
    "data_sha256",
    "task_options",
    "source_sha256",
    "folder",
}


def dataset(config: MemoryConfig) -> tasks.Split:
    """The sequences of a configuration; they depend on task and seed only."""
    return _dataset(json.dumps(config.model_dump(include=_FIELDS), sort_keys=True))


@lru_cache(maxsize=8)
def _dataset(fields: str) -> tasks.Split:
    return tasks.make(MemoryConfig.parse(json.loads(fields), "data"))
