"""Which kinds of experiment there are, by name.

Some come with assay. Those of other packages are found by an entry point of the group `assay.kinds`
that names an instance of `Kind`::

    [project.entry-points."assay.kinds"]
    sorting = "my_package.sorting:KIND"
"""

import hashlib
import json
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any, NamedTuple

from assay.config.kind import Kind
from assay.config.run import RunConfig
from assay.errors import ConfigError

_BUILT_IN = {
    "memory": "assay.kinds.memory:KIND",
    "gan": "assay.kinds.gan:KIND",
    "classifier": "assay.kinds.classifier:KIND",
    "command": "assay.kinds.command:KIND",
    "function": "assay.kinds.function:KIND",
}
_GROUP = "assay.kinds"


class Package(NamedTuple):
    """An installed package."""

    name: str
    version: str


def kind_named(name: str) -> Kind:
    """The kind of that name.

    Raises:
        ConfigError: if there is none, or a package that brings kinds cannot be used.
    """
    if name in _BUILT_IN:
        return _built_in(name)
    others = _others()
    if name not in others:
        raise ConfigError(f"kind = {name!r}: allowed are {', '.join(kind_names())}")
    return others[name][0]


def kind_names() -> list[str]:
    """All kinds, those that come with assay first."""
    return [*_BUILT_IN, *_others()]


def training_id(config: RunConfig) -> str:
    """A hash of what is trained, whatever the seed and however long: a shorter run is seen too."""
    trained = kind_named(config.kind).trained(config)
    text = json.dumps(trained, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def package_of(name: str) -> Package | None:
    """The package that brings a kind; None of one that comes with assay."""
    return None if name in _BUILT_IN else _others()[name][1]


def attribute(target: str) -> Any:
    """What `module:attribute` names, imported only now."""
    module, _, name = target.partition(":")
    return getattr(import_module(module), name)


@cache
def _built_in(name: str) -> Kind:
    found: Kind = attribute(_BUILT_IN[name])
    return found


@cache
def _others() -> dict[str, tuple[Kind, Package]]:
    """The kinds of other packages; one that cannot be used is an error for all, named."""
    found: dict[str, tuple[Kind, Package]] = {}
    for point in entry_points(group=_GROUP):
        kind, package = _loaded(point), _package(point)
        if point.name in _BUILT_IN or point.name in found:
            brings = found[point.name][1].name if point.name in found else "assay"
            raise ConfigError(
                f"kind {point.name!r} of {package.name}: {brings} has a kind of that name: remove "
                "one, or give it another name"
            )
        found[point.name] = kind, package
    return found


def _loaded(point: EntryPoint) -> Kind:
    try:
        kind = point.load()
    except Exception as error:  # another package may raise anything on import
        raise ConfigError(
            f"kind {point.name!r}, of entry point {point.value}, cannot be loaded: "
            f"{type(error).__name__}: {error}"
        ) from error
    if not isinstance(kind, Kind):
        raise ConfigError(
            f"kind {point.name!r}: {point.value} is a {type(kind).__name__}, and should be an "
            "instance of assay.config.Kind"
        )
    if kind.name != point.name:
        raise ConfigError(
            f"kind {point.name!r}: {point.value} calls itself {kind.name!r}: entry point and kind "
            "should have one name"
        )
    return kind


def _package(point: EntryPoint) -> Package:
    if point.dist is None:
        return Package(point.value.partition(":")[0], "unknown")
    return Package(point.dist.name, point.dist.version or "unknown")
