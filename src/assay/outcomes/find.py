"""From what a claim names to an outcome: one of its kind's, the user's own, or a logged number."""

from assay.config import Kind, RunConfig, is_plugin
from assay.outcomes.outcome import Outcome
from assay.outcomes.own import own_outcome
from assay.outcomes.reading import At, logged_outcome


def outcome_of(kind: Kind, config: RunConfig, metric: str, at: At | None, folder: str) -> Outcome:
    """What `metric` is of a run; a name that is no outcome is that of a logged number.

    Its unit is empty where that is not known.

    Args:
        kind: of the run.
        config: of the run.
        metric: the name of an outcome, an own one's `module:attribute`, or a logged number's name.
        at: how a logged number is read; None: its last value.
        folder: where own modules are looked up.

    Raises:
        PluginError: if an own one cannot be used.
    """
    if is_plugin(metric):
        return own_outcome(metric, folder)
    if metric in kind.outcomes:
        return kind.outcomes[metric]
    like, unit = _like(kind, metric), _unit(kind, config, metric)
    stated = isinstance(kind.logged_without_data(config).get(metric), frozenset)
    return logged_outcome(metric, at or At(), like, unit, stated=stated)


def _like(kind: Kind, name: str) -> Outcome | None:
    """An outcome whose values are values of a logged number."""
    for outcome in kind.outcomes.values():
        if outcome.reads == (name,) and not outcome.spread and not outcome.is_time:
            return outcome
    # What is told of validation holds of training, and of a quick look.
    part, _, key = name.partition(".")
    return _like(kind, f"validation.{key}") if part in ("training", "check") else None


def _unit(kind: Kind, config: RunConfig, name: str) -> str:
    if kind.own_numbers:  # an accuracy may be in per cent: the claim says what it is
        return ""
    last = name.rpartition(".")[2]
    if "accuracy" in last.split("_"):
        return "accuracy"
    return kind.loss_unit(config) if last == "loss" else ""
