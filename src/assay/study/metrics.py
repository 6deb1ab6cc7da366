"""Whether the runs of a claim's part log what it asks for, and its numbers can be theirs."""

from collections.abc import Mapping, Sequence

from assay.config import Kind, Moments, RunConfig, kind_named, kind_names
from assay.config.run import is_plugin
from assay.errors import AssayError, StudyError
from assay.outcomes.outcome import Outcome
from assay.study.arm import Arm
from assay.study.file import Part, Selector
from assay.study.numbers import check_numbers
from assay.study.plan import StudyPlan


def check_part(study: StudyPlan, part: Part, arms: Mapping[str, Sequence[Arm]], where: str) -> None:
    """See that each arm of a part logs what it reads, when it reads it, and in which range.

    Args:
        study: the study.
        part: the part.
        arms: those of each profile.
        where: file and claim, for messages.

    Raises:
        StudyError: naming the key, and the names and moments that there are.
    """
    last = list(arms.values())[-1]
    chosen = [study.select(selector, last) for selector in part.selectors]
    moments = [part.moment(selector) for selector in part.selectors]
    if part.against and chosen[0] == chosen[1] and moments[0] == moments[1]:
        raise StudyError(f"{where}: {chosen[0].key} is compared with itself at the same moment")
    for selector, arm in zip(part.selectors, chosen, strict=True):
        outcome = _outcome(study, part, arm, where)
        _check_enough(outcome, arm, where)
        _check_moment(part, selector, outcome, arm.declared, arm.key, where)
        for profile, every in arms.items():
            own = study.select(selector, every)
            if own.seeds and own.config != own.declared:
                _check_profile(part, selector, outcome, own, f"{where}, profile {profile}")
        check_numbers(part, outcome, where)
    _check_profiles(study, part, arms, where)
    _check_seeds(chosen, where)


def _check_profiles(
    study: StudyPlan, part: Part, arms: Mapping[str, Sequence[Arm]], where: str
) -> None:
    """See that there is a profile whose runs answer a part."""
    why = {profile: _unanswered(study, part, every) for profile, every in arms.items()}
    if all(why.values()):
        each = "; ".join(f"{profile} {reason}" for profile, reason in why.items())
        raise StudyError(f"{where}: no profile trains what it asks for: {each}")


def _unanswered(study: StudyPlan, part: Part, arms: Sequence[Arm]) -> str:
    """Why the runs of a profile do not answer a part; empty if they do."""
    for selector in part.selectors:
        arm, update = study.select(selector, arms), part.moment(selector)
        if not arm.seeds:
            return f"leaves out {arm.key}"
        kind = kind_named(arm.config.kind)
        needed = _end(kind, arm.declared) if update is None else update
        end = _end(kind, arm.config)
        if end is not None and needed is not None and end < needed:
            return f"ends {arm.key} after {end:,} updates, and it is asked for after {needed:,}"
    return ""


def _check_seeds(arms: Sequence[Arm], where: str) -> None:
    """See that arms which are compared seed by seed have seeds in common."""
    first = max(arms, key=lambda arm: arm.first_seed)
    for arm in arms:
        if 0 < arm.seeds <= first.first_seed - arm.first_seed and first.seeds:
            raise StudyError(
                f"{where}: it compares seed by seed, and no seed of {arm.key} "
                f"({_seeds(arm)}) is one of {first.key} ({_seeds(first)}): change seeds or "
                "first_seed"
            )


def _seeds(arm: Arm) -> str:
    last = arm.first_seed + arm.seeds - 1
    return f"seed {last}" if arm.seeds == 1 else f"seeds {arm.first_seed} to {last}"


def _outcome(study: StudyPlan, part: Part, arm: Arm, where: str) -> Outcome:
    """The outcome that a part reads of an arm, which logs what that needs."""
    kind, metric = kind_named(arm.declared.kind), part.metric
    logged, others = kind.logged_without_data(arm.declared), kind.logs_others(arm.declared)
    named = f"{where}: metric = {metric!r}"
    of_its_own = metric in kind.outcomes or is_plugin(metric)
    if not of_its_own and metric not in logged and not others:
        having = [each for each in kind_names() if metric in kind_named(each).outcomes]
        if having and kind.outcomes:
            raise StudyError(
                f"{named} is of kind {' and '.join(map(repr, having))}, and {arm.key} is of kind "
                f"{kind.name!r}, whose metrics are {', '.join(kind.outcomes)}"
            )
        outcomes = f"{', '.join(kind.outcomes)}, " if kind.outcomes else ""
        raise StudyError(
            f"{named} is unknown: allowed are {outcomes}a module:attribute of your own, and what a "
            f"run logs: {', '.join(logged)}"
        )
    if of_its_own and part.at is not None:
        raise StudyError(
            f"{where}: at says how a logged number is read, such as "
            f"{next(iter(logged), 'loss')}, and {metric} is more than one: leave at out"
        )
    try:
        outcome = study.outcome(part, arm)
    except AssayError as error:
        raise StudyError(f"{named}: {error}") from error
    if any(logged.get(name) == frozenset() for name in outcome.reads):
        logged = _with_data(kind, arm.declared)
    missing = [name for name in outcome.reads if name not in logged and not others]
    if missing:
        raise StudyError(
            f"{named} reads {', '.join(missing)}, which {arm.key} does not log: it logs "
            f"{', '.join(logged)}"
        )
    return outcome


def _check_enough(outcome: Outcome, arm: Arm, where: str) -> None:
    """See that the runs of an arm log as often as what is read of them needs."""
    name = next(iter(outcome.reads), "")
    found = _readings(arm.declared, name) if outcome.least > 1 else None
    if found is not None and found < outcome.least:
        raise StudyError(
            f"{where}: {outcome.describe} needs {name} {outcome.least} times or more, and a run of "
            f"{arm.key} logs it {'once' if found == 1 else f'{found} times'}: let it train longer"
        )


def _readings(config: RunConfig, name: str) -> int | None:
    """How often a run logs a number at most; None where that is not known."""
    kind = kind_named(config.kind)
    moments = kind.logged_without_data(config).get(name)
    if isinstance(moments, frozenset):
        return len(moments)
    try:
        extent = kind.extent(config)
    except AssayError:
        return None
    every = {"check": extent.check_every, "epoch": extent.updates_per_epoch}.get(moments or "")
    return None if not every or extent.updates is None else -(-extent.updates // every)


def _check_moment(
    part: Part, selector: Selector, outcome: Outcome, config: RunConfig, name: str, where: str
) -> None:
    """See that an arm is measured at the update at which a part reads it."""
    update = part.moment(selector)
    if update is None:
        return
    if not outcome.at_moments:
        raise StudyError(
            f"{where}: update = {update}: {part.metric} is not of one update, and is read of the "
            "whole run: leave update out"
        )
    kind = kind_named(config.kind)
    for name_read in outcome.reads[:1]:
        moments = kind.logged_without_data(config).get(name_read, "step")
        if isinstance(moments, frozenset) and update not in moments:
            moments = _exactly(kind, config, name_read, moments)
        end = _end(kind, config)
        if isinstance(moments, frozenset) and update not in moments:
            raise StudyError(
                f"{where}: update = {update}: {name} is not measured then, but at updates "
                f"{_told(moments, end)}"
            )
        if end is not None and update > end:
            raise StudyError(f"{where}: update = {update}: {name} is over after {end:,} updates")


def _check_profile(part: Part, selector: Selector, outcome: Outcome, arm: Arm, where: str) -> None:
    """The same of an arm as a profile changes it, unless it ends before: then it is not tested."""
    update, end = part.moment(selector), _end(kind_named(arm.config.kind), arm.config)
    if update is not None and (end is None or update <= end):
        _check_moment(part, selector, outcome, arm.config, arm.key, where)


def _exactly(kind: Kind, config: RunConfig, name: str, known: frozenset[int]) -> Moments:
    """When a number is logged, from the data where that hangs on how many they are."""
    return _with_data(kind, config).get(name, known)


def _with_data(kind: Kind, config: RunConfig) -> Mapping[str, Moments]:
    """What a run logs, from its data; where they are not there, what is known without."""
    try:
        return kind.logged(config)
    except AssayError:
        return kind.logged_without_data(config)


def _end(kind: Kind, config: RunConfig) -> int | None:
    return kind.updates_without_data(config)


def _told(moments: frozenset[int], end: int | None) -> str:
    """Moments in words, the end marked."""
    names = [f"{at:,} (the end)" if at == end else f"{at:,}" for at in sorted(moments)]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
