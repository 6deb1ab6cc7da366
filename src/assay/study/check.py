"""Whether a study can be what it says, as far as that is known before any run."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assay.config import is_plugin, kind_named, kind_names
from assay.errors import AssayError, ConfigError, StudyError
from assay.study.arm import Arm
from assay.study.file import MAX_RUNS, Figure
from assay.study.metrics import check_part
from assay.study.plan import StudyPlan
from assay.study.settings import for_kind


def check(study: StudyPlan) -> None:
    """See that every name in the file points at something, and every claim at what is logged.

    Raises:
        StudyError: naming file, table and key, and what is allowed.
        ConfigError: if an experiment's settings are invalid.
    """
    file, path = study.file, study.path
    for table in ("defaults", "reported", "assumed"):
        _check_tables(getattr(file, table), f"{path}, [{table}")
    _check_defaults(study)
    arms: dict[str, list[Arm]] = {}
    for name, profile in file.profiles.items():
        where = f"{path}, profiles.{name}.experiments"
        _known(profile.experiments, file.experiments, where)
        for experiment, change in profile.experiments.items():
            _part_of_grid(change.grid, file.experiments[experiment].grid, f"{where}.{experiment}")
        arms[name] = study.arms(name)
        runs = sum(arm.seeds for arm in arms[name])
        if runs > MAX_RUNS:
            raise StudyError(
                f"{path}, profiles.{name}: {runs:,} runs: should be {MAX_RUNS:,} or fewer"
            )
    for figure in file.figures:
        every = [arm for each in arms.values() for arm in each]
        _check_figure(study, figure, every, f"{path}, figure {figure.id}")
    for claim in file.claims:
        where = f"{path}, claim {claim.id}"
        others = [other.id for other in file.claims if other != claim]
        if claim.control_of:
            _known([claim.control_of], others, f"{where}, control_of")
        _known(claim.restated_as, others, f"{where}, restated_as")
        for part in claim.parts:
            check_part(study, part, arms, where)
    for kind in study.kinds:
        if kind_named(kind).own_settings:
            continue
        named = {**for_kind(file.reported, kind), **for_kind(file.assumed, kind)}
        _known(named, kind_named(kind).config.model_fields, f"{path}, settings of {kind}")
    _unique([figure.id for figure in file.figures], f"{path}, figures")
    _unique([claim.id for claim in file.claims], f"{path}, claims")
    controls = {claim.id: [claim.control_of] for claim in file.claims}
    _no_circle(controls, f"{path}, control_of", "a control waits for its claim")
    restated = {claim.id: claim.restated_as for claim in file.claims}
    _no_circle(restated, f"{path}, restated_as", "a claim stands where it is not restated")


def _check_tables(table: Mapping[str, Any], where: str) -> None:
    """See that each table in it is of a kind, or a setting that is a table itself."""
    fields = {name: kind_named(name).config.model_fields for name in kind_names()}
    for key, value in table.items():
        if key in fields and isinstance(value, Mapping) and not kind_named(key).own_settings:
            _known([each.partition(".")[0] for each in value], fields[key], f"{where}.{key}]")
        elif isinstance(value, Mapping) and not any(
            key in of or key == name for name, of in fields.items()
        ):
            _known([key], fields, f"{where}.{key}]")


def _check_defaults(study: StudyPlan) -> None:
    """See that what all experiments are told is a setting of all their kinds."""
    fields = {name: kind_named(name).config.model_fields for name in kind_names()}
    for name in study.file.experiments:
        kind = study.kind_of(name)
        if kind_named(kind).own_settings:
            continue
        for key in for_kind(study.file.defaults, kind):
            top = key.partition(".")[0]
            having = [each for each in fields if top in fields[each]]
            if kind in fields and top not in fields[kind] and having:
                raise StudyError(
                    f"{study.path}, [defaults]: {key!r} is for all experiments, and kind "
                    f"{kind!r}, of which {name!r} is, has no such setting: put it into "
                    + " or ".join(f"[defaults.{each}]" for each in having)
                )


def _check_figure(study: StudyPlan, figure: Figure, arms: Iterable[Arm], where: str) -> None:
    """See that a figure's arms are in the grids of its experiments, and can be drawn like that."""
    file = study.file
    _known(figure.experiments, file.experiments, where)
    grids = [file.experiments[name].grid for name in figure.experiments]
    for axis, value in figure.at.items():
        if not any(value in grid.get(axis, []) for grid in grids):
            raise StudyError(f"{where}: at {axis} = {value!r}: no grid of its experiments has that")
    for name, grid in zip(figure.experiments, grids, strict=True):
        if is_plugin(figure.kind):
            continue
        kind = kind_named(study.kind_of(name))
        way = figure.kind or next(iter(kind.default_figures), "")
        if way not in kind.figures:
            raise StudyError(
                f"{where}: kind = {way!r}: experiment {name!r} is of kind {kind.name!r}, whose "
                f"figures are {', '.join(kind.figures) or 'none'}, or a module:function of your own"
            )
        axis = kind.figures[way].across
        if axis and len(set(grid.get(axis, []))) < 2:
            raise StudyError(
                f"{where}: kind = {way!r} needs two or more values of {axis!r} in the grid of "
                "each experiment"
            )
    drawn = [arm for arm in arms if figure.draws(arm.experiment, arm.point)]
    if not any(arm.seeds for arm in drawn):
        raise StudyError(f"{where}: there is nothing to draw: every profile leaves out its arms")
    if is_plugin(figure.kind):
        try:
            study.own_drawing(figure)
        except AssayError as error:
            raise StudyError(f"{where}: kind = {figure.kind!r}: {error}") from error
    elif figure.settings:
        _check_drawn(study, study.drawn(figure), drawn, where)


def _check_drawn(study: StudyPlan, figure: Figure, arms: Iterable[Arm], where: str) -> None:
    """See that every run that a figure draws can be drawn as it says."""
    settings = study.figure_settings(figure)
    for arm in arms:
        if figure.draws(arm.experiment, arm.point):
            try:
                settings.check(arm.config)
            except ConfigError as error:
                raise StudyError(f"{where}: of {arm.key}: {error}") from None


def _part_of_grid(kept: Mapping[str, list[Any]], grid: Mapping[str, list[Any]], where: str) -> None:
    _known(kept, grid, f"{where}.grid")
    for axis, values in kept.items():
        _known([*map(str, values)], [*map(str, grid[axis])], f"{where}.grid.{axis}")


def _known(names: Iterable[str], allowed: Iterable[str], where: str) -> None:
    for name in names:
        if name not in allowed:
            raise StudyError(f"{where}: {name!r} is unknown: allowed are {', '.join(allowed)}")


def _no_circle(to: Mapping[str, Sequence[str]], where: str, why: str) -> None:
    """See that no way from a claim by what it points at leads back to it."""
    for start in to:
        ways, seen = [[start]], set[str]()
        while ways:
            way = ways.pop()
            for name in to.get(way[-1], []):
                if name == start:
                    raise StudyError(f"{where}: {' and '.join(way)} point at each other, and {why}")
                if name not in seen:
                    seen.add(name)
                    ways.append([*way, name])


def _unique(ids: list[str], where: str) -> None:
    for name in ids:
        if ids.count(name) > 1:
            raise StudyError(f"{where}: id {name!r} is used twice")
