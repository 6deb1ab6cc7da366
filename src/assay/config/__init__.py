"""Every setting of a run: frozen, validated, hashed.

No PyTorch is imported here, so that plans and listings are instant.
"""

from collections.abc import Mapping
from typing import Any

from assay.config.figure import FigureKind, FigureSettings
from assay.config.images import ClassifierConfig, GanConfig, ImageConfig
from assay.config.kind import (
    Ending,
    Extent,
    Kind,
    Measured,
    Moments,
    Progress,
)
from assay.config.memory import MemoryConfig
from assay.config.registry import kind_named, kind_names, package_of, training_id
from assay.config.run import (
    NOWHERE,
    SCHEMA_VERSION,
    RunConfig,
    Scalar,
    first_problem,
    is_plugin,
    unknown_key,
)
from assay.config.training import TrainedConfig
from assay.errors import ConfigError

__all__ = [
    "NOWHERE",
    "SCHEMA_VERSION",
    "ClassifierConfig",
    "Ending",
    "Extent",
    "FigureKind",
    "FigureSettings",
    "GanConfig",
    "ImageConfig",
    "Kind",
    "Measured",
    "MemoryConfig",
    "Moments",
    "Progress",
    "RunConfig",
    "Scalar",
    "TrainedConfig",
    "first_problem",
    "is_plugin",
    "kind_named",
    "kind_names",
    "load_config",
    "package_of",
    "training_id",
    "unknown_key",
]


def load_config(values: Mapping[str, Any], where: str) -> RunConfig:
    """The configuration of any kind from its stored fields.

    Raises:
        ConfigError: for an unknown kind or invalid fields.
    """
    kind = values.get("kind")
    if not isinstance(kind, str):
        raise ConfigError(f"{where}: kind = {kind!r}: allowed are {', '.join(kind_names())}")
    try:
        found = kind_named(kind)
    except ConfigError as error:
        raise ConfigError(f"{where}: {error}") from None
    return found.config.parse(values, where)
