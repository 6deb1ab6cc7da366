"""From a study's tables to the settings of one kind of training."""

from collections.abc import Mapping
from typing import Any

from assay.config import kind_named


def for_kind(table: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """What a table such as `[defaults]` says of one kind of training.

    Its plain keys are for every kind; those of its sub-table of that name come on top.
    """
    options = kind_named(kind).config.model_fields
    common = {
        key: value
        for key, value in table.items()
        if not isinstance(value, Mapping) or (key in options and key != kind)
    }
    own = table.get(kind)
    return {**common, **own} if isinstance(own, Mapping) else common


def with_options(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings, those of a dotted name such as `cell_options.layers` put into its table."""
    found = dict(settings)
    for key in settings:
        table, dot, option = key.partition(".")
        if dot and isinstance(found.get(table, {}), Mapping):
            found[table] = {**found.get(table, {}), option: found.pop(key)}
    return found
