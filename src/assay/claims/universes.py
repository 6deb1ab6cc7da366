"""The universes of a study: its nuisance choices, put into both arms of the claims it names.

A universe is one value of each axis (Steegen et al. 2016). Which two arms a claim compares follows
from its parts. A value that an arm lacks, as an RNN has no chrono initialisation, leaves that arm
as the study declares it, so that one run serves all universes that differ only there.
"""

import difflib
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from assay.config import RunConfig, Scalar, kind_named
from assay.errors import ConfigError, StudyError
from assay.outcomes.accuracy import THRESHOLD
from assay.study import Arm, StudyPlan, with_options
from assay.study.file import Claim, MultiverseTable, Part

Choices = dict[str, Scalar]

_TIME = "updates_to_90"
_ACCURACIES = ("best_accuracy", "last_accuracy", "final_accuracy", "reached_accuracy")
# What the multiverse sets itself, and what is no setting of a training.
_BUDGET = ("epochs", "updates", "stop_accuracy")
_NO_AXES = {"kind", "seed", "folder", "data_sha256", "source_sha256", "measure_at", *_BUDGET}
_OPTIONS = ("task_options", "cell_options")


@dataclass(frozen=True)
class Universe:
    """One setting of the nuisance choices.

    Attributes:
        choices: the value of each axis.
        configs: with it, the arm that a claim is about and the other, seed 0.
        held: of each of the two, the axes whose value it lacks.
    """

    choices: Choices
    configs: tuple[RunConfig, RunConfig]
    held: tuple[list[str], list[str]]


@dataclass(frozen=True)
class Multiverse:
    """The universes of one claim.

    Attributes:
        part: the statement that is tried in each of them.
        arms: the arm that it is about and the other, without the axes in their names.
    """

    claim: Claim
    part: Part
    table: MultiverseTable
    arms: tuple[Arm, Arm]
    universes: list[Universe]


def multiverses(study: StudyPlan) -> list[Multiverse]:
    """The multiverse of each claim that the study names for it; none without a table.

    Raises:
        StudyError: naming the claim, axis or value that is of no use.
        ConfigError: if the choices of a universe cannot stand together.
    """
    table = study.file.multiverse
    if table is None:
        return []
    where = f"{study.path}, multiverse"
    claims = {claim.id: claim for claim in study.claims}
    for name in table.claims:
        if name not in claims:
            raise StudyError(f"{where}: claim {name!r} is unknown: allowed are {_list(claims)}")
    compared = {
        name: [_compared(study, part, table, f"{where}: claim {name}") for part in claim.parts]
        for name in table.claims
        for claim in [claims[name]]
    }
    cells = [cell for pairs in compared.values() for pair in pairs for cell in pair]
    _check_axes(table, cells, where)
    _check_values(table, cells)
    return [_multiverse(claims[name], table, pairs, where) for name, pairs in compared.items()]


def universe_runs(study: StudyPlan, only: str | None = None) -> list[tuple[Arm, RunConfig]]:
    """Every run of the multiverse once, beside its arm, of the experiments that match `only`.

    Raises:
        StudyError: if the study has no multiverse, or nothing matches.
    """
    if study.file.multiverse is None:
        raise StudyError(f"{study.path}: there is no [multiverse] in it")
    runs = {
        run.run_id: (arm, run)
        for each in multiverses(study)
        for universe in each.universes
        for arm, config in zip(each.arms, universe.configs, strict=True)
        for run in seeds_of(config, each.table)
    }
    found = [
        (arm, run)
        for arm, run in runs.values()
        if only is None or fnmatchcase(arm.experiment, only)
    ]
    if not found:
        allowed = _list(dict.fromkeys(arm.experiment for arm, _ in runs.values()))
        raise StudyError(
            f"{study.path}, multiverse: no experiment matches {only!r}: there are {allowed}"
        )
    return found


def seeds_of(config: RunConfig, table: MultiverseTable) -> list[RunConfig]:
    """One configuration a seed."""
    return [config.model_copy(update={"seed": seed}) for seed in range(table.seeds)]


def told(choices: Mapping[str, Scalar]) -> str:
    """Choices in words, for messages."""
    return ", ".join(f"{axis} = {value}" for axis, value in choices.items())


class _Cell:
    """An arm of a claim, and which values of the axes it has."""

    def __init__(self, study: StudyPlan, arm: Arm, table: MultiverseTable, named: str) -> None:
        fields = type(arm.declared).model_fields
        if not {"stop_accuracy", "epochs", "updates"} <= fields.keys():
            raise StudyError(
                f"{named}: {arm.key} is of kind {arm.declared.kind!r}, and only a recurrent "
                "network is solved or not within a budget of updates"
            )
        every = (
            kind_named(arm.declared.kind).extent_without_data(arm.declared, None).check_every or 0
        )
        if table.updates <= every:
            raise StudyError(
                f"{study.path}, multiverse: updates = {table.updates}: a run is solved by two "
                f"looks in a row, {every} updates apart: should be {every + 1} or more"
            )
        point = {axis: value for axis, value in arm.point.items() if axis not in table.axes}
        self.arm = replace(arm, point=point, seeds=table.seeds)
        self._study = study
        self._named, self._axes = named, f"{study.path}, multiverse.axes"
        self._folder = study.folder(study.settings(arm.experiment) | arm.point)
        self._base = arm.declared
        self._budget = {
            "epochs": fields["epochs"].default,
            "updates": table.updates,
            "stop_accuracy": table.stop_accuracy,
        }
        self.fields = set(fields)
        self._problems = {
            (axis, repr(value)): self._problem(axis, value)
            for axis, values in table.axes.items()
            for value in values
        }

    def problem(self, axis: str, value: Scalar) -> str:
        """Why it lacks a value; empty if it has it."""
        return self._problems[axis, repr(value)]

    def held(self, choices: Choices) -> list[str]:
        """The axes whose value it lacks."""
        return [axis for axis, value in choices.items() if self.problem(axis, value)]

    def config(self, choices: Choices) -> RunConfig:
        """Its configuration in a universe, seed 0."""
        had = {axis: value for axis, value in choices.items() if not self.problem(axis, value)}
        where = f"{self._named}: {self.arm.key} with {told(had)}"
        return self._study.resolve(self._with(had, where))

    def _with(self, changes: Mapping[str, Any], where: str) -> RunConfig:
        files = {"folder": self._folder, "source_sha256": {}}
        options = {key: getattr(self._base, key) for key in _OPTIONS if key in self.fields}
        varied = with_options({**options, **changes})
        return self._base.replace(where, **{**self._budget, **files, **varied})

    def _problem(self, axis: str, value: Scalar) -> str:
        try:
            self._with({axis: value}, self._axes)
        except ConfigError as error:
            return str(error)
        return ""


def _compared(
    study: StudyPlan, part: Part, table: MultiverseTable, named: str
) -> tuple[_Cell, _Cell]:
    """The two arms that a part compares, where the multiverse can ask its question."""
    solved = part.kind == "solved" and part.metric in _ACCURACIES and part.against is not None
    timed = part.is_time and part.metric == _TIME
    if not (solved or timed) or part.statement.sides is None:
        raise StudyError(
            f"{named}: kind = {part.kind!r}, test = {part.test!r} on {part.metric} does not say "
            f"which of two arms is solved more often or sooner, as kind = 'solved' of "
            f"{' or '.join(_ACCURACIES)} with greater or smaller does, and {_TIME} with faster"
        )
    asked = THRESHOLD if part.solved is None else part.solved
    if asked != table.stop_accuracy:
        raise StudyError(
            f"{named}: it counts a run as solved at {asked:g}, and stop_accuracy = "
            f"{table.stop_accuracy:g}: they should be the same"
        )
    every = study.arms(study.first_profile)
    of, against = (study.select(selector, every) for selector in part.selectors)
    return _Cell(study, of, table, named), _Cell(study, against, table, named)


def _multiverse(
    claim: Claim, table: MultiverseTable, pairs: list[tuple[_Cell, _Cell]], where: str
) -> Multiverse:
    named = f"{where}: claim {claim.id}"
    universes = [_universes(table, pair, named) for pair in pairs]
    asked = {(part.kind, part.test) for part in claim.parts}
    compared = {tuple(run.run_id for each in every for run in each.configs) for every in universes}
    if len(asked) > 1 or len(compared) > 1:
        raise StudyError(
            f"{named}: its parts compare different arms, or in different ways, so it is open "
            "which comparison the universes vary"
        )
    arms = pairs[0][0].arm, pairs[0][1].arm
    return Multiverse(claim, claim.parts[0], table, arms, universes[0])


def _universes(table: MultiverseTable, cells: tuple[_Cell, _Cell], named: str) -> list[Universe]:
    of, against = cells
    found = []
    for values in itertools.product(*table.axes.values()):
        choices = dict(zip(table.axes, values, strict=True))
        configs = of.config(choices), against.config(choices)
        if configs[0].run_id == configs[1].run_id:
            raise StudyError(
                f"{named}: with {told(choices)} both of its arms are the same: what a claim "
                "compares is no axis of it"
            )
        found.append(Universe(choices, configs, (of.held(choices), against.held(choices))))
    return found


def _check_axes(table: MultiverseTable, cells: list[_Cell], where: str) -> None:
    allowed = sorted({field for cell in cells for field in cell.fields} - _NO_AXES)
    for axis in table.axes:
        table_of, dot, _ = axis.partition(".")
        if axis not in allowed and not (dot and table_of in _OPTIONS):
            near = difflib.get_close_matches(axis, allowed, n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            raise StudyError(
                f"{where}.axes: {axis!r} cannot be varied: {hint}allowed are {_list(allowed)}"
            )


def _check_values(table: MultiverseTable, cells: list[_Cell]) -> None:
    """See that each value is one that an arm has."""
    for axis, values in table.axes.items():
        for value in values:
            problems = [cell.problem(axis, value) for cell in cells]
            if all(problems):
                raise StudyError(problems[0])


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)
