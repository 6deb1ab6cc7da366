"""Every setting of a run: frozen, validated, hashed.

No PyTorch is imported here, so that plans and listings are instant.
"""

from collections.abc import Mapping
from typing import Any

from assay.config.images import ClassifierConfig, GanConfig, ImageConfig
from assay.config.kind import Ending, FigureKind, Kind, Moments, Progress, kind_named, kind_names
from assay.config.memory import MemoryConfig
from assay.config.run import SCHEMA_VERSION, RunConfig, Scalar, first_problem, is_plugin
from assay.errors import ConfigError

__all__ = [
    "KINDS",
    "SCHEMA_VERSION",
    "ClassifierConfig",
    "Ending",
    "FigureKind",
    "GanConfig",
    "ImageConfig",
    "Kind",
    "MemoryConfig",
    "Moments",
    "Progress",
    "RunConfig",
    "Scalar",
    "first_problem",
    "is_plugin",
    "kind_named",
    "kind_names",
    "load_config",
]

KINDS: dict[str, type[RunConfig]] = {
    "memory": MemoryConfig,
    "gan": GanConfig,
    "classifier": ClassifierConfig,
}
"""What can be trained, and the settings of each."""


def load_config(values: Mapping[str, Any], where: str) -> RunConfig:
    """The configuration of any kind from its stored fields.

    Raises:
        ConfigError: for an unknown kind or invalid fields.
    """
    kind = values.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise ConfigError(f"{where}: kind = {kind!r}: allowed are {', '.join(KINDS)}")
    return KINDS[kind].parse(values, where)
