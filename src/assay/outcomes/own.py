"""Outcomes of the user's: a function or an `Outcome` in an own module, named `module:attribute`."""

import inspect
from dataclasses import replace

from assay.errors import PluginError
from assay.outcomes.outcome import Outcome, Value, as_value
from assay.plugins import Plugin, own_code
from assay.plugins.sources import find_sources
from assay.store.log import Log


def own_outcome(target: str, folder: str) -> Outcome:
    """The outcome that `module:attribute` names, looked up in `folder` first.

    A plain function is called with a run's `Log` and the update at which it is asked for, or None
    for the end, and returns a number, or None where the run has none.

    Raises:
        PluginError: if it cannot be loaded or called like that.
    """
    found = Plugin(target, folder, "metric").load()
    if not isinstance(found, Outcome):
        try:
            inspect.signature(found).bind(Log(), None)
        except (TypeError, ValueError) as error:
            raise PluginError(
                f"{target}: {error} (it is called with a run's log and an update or None)"
            ) from None
        found = Outcome(target, "", found, (), at_moments=True)

    def read(log: Log, update: int | None) -> Value:
        with own_code([target], f"on {log.where}"):
            value = found.of(log, update)
        return as_value(value, target, log)

    return replace(found, of=read)


def own_sha256(target: str, folder: str) -> str:
    """The hash of the module that an own outcome is in, and of those beside it that it imports.

    Raises:
        PluginError: if there is none.
    """
    return find_sources(target.partition(":")[0], folder).sha256
