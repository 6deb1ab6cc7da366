"""From a study file to the runs it plans.

A study's experiments are expanded over their grids into arms, and arms over seeds into runs. Two
arms with the same configuration share their runs.
"""

import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from assay.config import (
    FigureKind,
    FigureSettings,
    Kind,
    RunConfig,
    first_problem,
    is_plugin,
    kind_named,
    load_config,
    unknown_key,
)
from assay.consent import Code
from assay.errors import StudyError
from assay.outcomes.find import outcome_of
from assay.outcomes.outcome import Outcome
from assay.outcomes.own import own_sha256
from assay.plugins import code_of, named, resolve
from assay.study.arm import Arm
from assay.study.file import Claim, Figure, Part, Profile, Selector, StudyFile
from assay.study.find import shipped_path, shipped_studies
from assay.study.own_figures import own_drawing
from assay.study.own_files import OwnFiles
from assay.study.settings import for_kind, with_options

DEFAULT_KIND = "memory"
NUMBERS_ONLY = "quick"
"""The profile that never gives a verdict."""


@dataclass(frozen=True)
class StudyPlan:
    """A loaded and validated study file.

    Attributes:
        own: the hashes of own files where these are not at hand; None: they are looked up.
    """

    name: str
    path: Path
    file: StudyFile
    own: OwnFiles | None = None

    @property
    def claims(self) -> list[Claim]:
        """The claims, in the file's order."""
        return self.file.claims

    @property
    def figures(self) -> list[Figure]:
        """The figures; of a study that declares none, those that its kinds have by default."""
        if self.file.figures:
            return [self.drawn(figure) for figure in self.file.figures]
        asked = [
            (way, name)
            for name in self.file.experiments
            for way in self._kind(name).default_figures
        ]
        return [
            Figure(
                id=str(number), title=self._default_title(name, way), experiments=[name], kind=way
            )
            for number, (way, name) in enumerate(asked, start=1)
        ]

    def figure_kind(self, figure: Figure) -> FigureKind:
        """How a figure is drawn."""
        if is_plugin(figure.kind):
            return FigureKind(figure.kind, "What {arms} logged.", own=True)
        return self._kind(figure.experiments[0]).figures[figure.kind]

    def figure_settings(self, figure: Figure) -> FigureSettings:
        """What a figure says of the way it is drawn.

        Raises:
            StudyError: naming the key, the value and what is allowed.
        """
        settings, where = self.figure_kind(figure).settings, f"{self.path}, figure {figure.id}"
        if is_plugin(figure.kind):  # its function takes what it takes
            return settings()
        for key in figure.settings.keys() - settings.model_fields.keys():
            allowed = [*Figure.model_fields, *settings.model_fields]
            raise StudyError(f"{where}: {unknown_key(key, allowed)}")
        try:
            return settings.model_validate(figure.settings)
        except ValidationError as error:
            raise StudyError(f"{where}: {first_problem(error, settings)}") from None

    def own_drawing(self, figure: Figure) -> Callable[..., Any] | None:
        """The function of the user's that draws a figure; None of an archive, which holds no code.

        Raises:
            PluginError: if it cannot be loaded, or called with what the figure's table says.
        """
        if self.own is not None:
            return None
        return own_drawing(figure.kind, str(self.path.parent), figure.settings)

    def _default_title(self, experiment: str, way: str) -> str:
        kind, title = self._kind(experiment), self.file.experiments[experiment].title or experiment
        what = kind.figures[way].title if len(kind.default_figures) > 1 else ""
        return f"{title}: {what}" if what else title

    def drawn(self, figure: Figure) -> Figure:
        """A figure whose way to be drawn is said."""
        ways = self._kind(figure.experiments[0]).default_figures
        return figure if figure.kind else figure.model_copy(update={"kind": ways[0]})

    def _kind(self, experiment: str) -> Kind:
        return kind_named(self.kind_of(experiment))

    @property
    def kinds(self) -> list[str]:
        """What its experiments train, in the file's order."""
        return list(dict.fromkeys(map(self.kind_of, self.file.experiments)))

    @property
    def shipped(self) -> bool:
        """Whether it comes with assay, so that its name alone finds it."""
        return self.path == shipped_path(self.name)

    @property
    def argument(self) -> str:
        """How a command names it: by its name alone, or by its file."""
        return self.name if self.shipped else str(self.path)

    def kind_of(self, experiment: str) -> str:
        """The kind of an experiment."""
        settings = self.file.defaults | self.file.experiments[experiment].settings
        return str(settings.get("kind", DEFAULT_KIND))

    def outcome(self, part: Part, arm: Arm) -> Outcome:
        """What a part of a claim reads of an arm.

        Raises:
            PluginError: if an own one cannot be used.
            StudyError: if it is an own one of an archived study: archives hold no code.
        """
        if self.own is not None and is_plugin(part.metric):
            raise StudyError(
                "it is code of the study's own, which an archive does not hold: name the study's "
                "file, with the module beside it"
            )
        kind = kind_named(arm.config.kind)
        found = outcome_of(kind, arm.config, part.metric, part.at, str(self.path.parent))
        return found if found.unit else replace(found, unit=part.unit)

    @property
    def own_metrics(self) -> dict[str, str]:
        """The hash of each own module that a claim reads runs by, by what it names of it.

        Raises:
            PluginError: if there is no such module.
        """
        return self._own_sha256(part.metric for claim in self.claims for part in claim.parts)

    @property
    def own_code(self) -> dict[str, str]:
        """The same of all own modules that look at runs: those that draw figures too.

        Raises:
            PluginError: if there is no such module.
        """
        drawn = [] if self.own is not None else [figure.kind for figure in self.file.figures]
        return self.own_metrics | self._own_sha256(drawn)

    def code(self) -> Iterator[Code]:
        """What runs of the user's where it is trained and looked at.

        Raises:
            AssayError: if an own module is not there, or an experiment's settings are invalid.
        """
        yield from code_of(
            arm.config for profile in self.file.profiles for arm in self.arms(profile)
        )
        yield from self.looking_code()

    def looking_code(self) -> Iterator[Code]:
        """What of it looks at runs, and is loaded with the study: own metrics and own figures.

        Raises:
            PluginError: if an own module is not there.
        """
        read = {part.metric for claim in self.claims for part in claim.parts}
        drawn = {figure.kind for figure in self.file.figures}
        folder = str(self.path.parent)
        yield from (named(each, folder) for each in sorted(read | drawn) if is_plugin(each))

    def _own_sha256(self, named: Iterable[str]) -> dict[str, str]:
        folder = str(self.path.parent)
        return {each: own_sha256(each, folder) for each in sorted({*named}) if is_plugin(each)}

    def experiments_of(self, kind: Kind) -> list[str]:
        """The experiments of a kind."""
        return [name for name in self.file.experiments if self._kind(name) is kind]

    @property
    def first_profile(self) -> str:
        """The profile that is meant where none is named: `quick`, or else the first."""
        return (
            NUMBERS_ONLY if NUMBERS_ONLY in self.file.profiles else next(iter(self.file.profiles))
        )

    @property
    def deciding_profile(self) -> str:
        """The first profile that gives verdicts; `quick` where there is no other."""
        others = (name for name in self.file.profiles if name != NUMBERS_ONLY)
        return next(others, NUMBERS_ONLY)

    def profile(self, name: str) -> Profile:
        """A profile by its name.

        Raises:
            StudyError: if there is none.
        """
        if name not in self.file.profiles:
            allowed = ", ".join(self.file.profiles)
            raise StudyError(f"{self.path}: no profile {name!r}: allowed are {allowed}")
        return self.file.profiles[name]

    def arms(self, profile: str, only: str | None = None) -> list[Arm]:
        """All arms of a profile, of the experiments whose names match the pattern `only`.

        Raises:
            StudyError: if nothing matches.
            ConfigError: if an experiment's settings are invalid.
        """
        found = self.profile(profile)
        names = [name for name in self.file.experiments if only is None or fnmatchcase(name, only)]
        if not names:
            allowed = ", ".join(self.file.experiments)
            raise StudyError(f"{self.path}: no experiment matches {only!r}: there are {allowed}")
        return [arm for name in names for arm in self._expand(name, found, profile)]

    def select(self, selector: Selector, arms: Iterable[Arm]) -> Arm:
        """The one arm that a selector points at.

        Raises:
            StudyError: if it is none, or several.
        """
        same = [arm for arm in arms if arm.experiment == selector.experiment]
        found = [arm for arm in same if arm.point == selector.point]
        if len(found) == 1:
            return found[0]
        wanted = ", ".join(f"{axis}={value!r}" for axis, value in selector.point.items())
        allowed = ", ".join(arm.key for arm in same) or ", ".join(self.file.experiments)
        raise StudyError(
            f"{self.path}: experiment = {selector.experiment!r} with ({wanted}) is no arm: "
            f"there are {allowed}"
        )

    def _expand(self, name: str, profile: Profile, profile_name: str) -> list[Arm]:
        table = self.file.experiments[name]
        change = profile.experiments.get(name)
        seeds = profile.seeds if change is None or change.seeds is None else change.seeds
        where = f"{self.path}, experiments.{name}"
        arms = []
        for values in itertools.product(*table.grid.values()):
            point = dict(zip(table.grid, values, strict=True))
            settings = self.settings(name) | point
            read = self._read_of(name, point)
            declared = self._config(settings, where, read)
            config = declared
            if change and change.settings:
                where_changed = f"{self.path}, profiles.{profile_name}.experiments.{name}"
                config = self._config(settings | change.settings, where_changed, read)
            kept = change is None or all(point[axis] in of for axis, of in change.grid.items())
            own = seeds if kept else 0
            title = table.title or name
            arms.append(Arm(name, title, point, config, own, declared, table.first_seed))
        return arms

    def _read_of(self, experiment: str, point: Mapping[str, Any]) -> list[str]:
        """What claims read of the runs of an arm, by name."""
        return sorted(
            {
                part.metric
                for claim in self.claims
                for part in claim.parts
                for selector in part.selectors
                if selector.experiment == experiment and selector.point == point
                if not is_plugin(part.metric)
            }
        )

    def _config(self, settings: Mapping[str, Any], where: str, read: Sequence[str]) -> RunConfig:
        if "seed" in settings:
            raise StudyError(f"{where}: seed is set by the profile's number of seeds: leave it out")
        fields = {"kind": DEFAULT_KIND, **with_options(settings), "folder": self.folder(settings)}
        config = load_config(fields, where)
        return self.resolve(kind_named(config.kind).expecting(config, read))

    def resolve(self, config: RunConfig) -> RunConfig:
        """A configuration with the hashes of the own files that it names.

        Raises:
            DataError: if a data file is missing.
            PluginError: if an own module has no file.
            StudyError: if the study is an archive's, which knows no such file.
        """
        return resolve(config) if self.own is None else self.own.fill_in(config, self.path.parent)

    def place(self, top: str, file: Path | None = None) -> Path:
        """Its folder below `top`, such as `reports`: no two studies have the same.

        The way there is that to its file, or to `file`, from the current folder; of a shipped study
        its name, and of a file that lies elsewhere its name with a hash of where.
        """
        if self.shipped and file is None:
            return Path(top, self.name)
        path = (file or self.path.with_suffix("")).resolve()
        below = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else None
        if below is None or str(below) in shipped_studies():
            mark = hashlib.sha256(path.as_posix().encode()).hexdigest()[:8]
            below = Path(f"{self.name}-{mark}")
        return Path(top, below)

    def settings(self, experiment: str) -> dict[str, Any]:
        """What the file says of an experiment, without its grid: fields of a configuration."""
        common = for_kind(self.file.defaults, self.kind_of(experiment))
        return common | self.file.experiments[experiment].settings

    def folder(self, settings: Mapping[str, Any]) -> Any:
        """Where own files are: beside the study, or in the folder that is named from there.

        Raises:
            StudyError: if there is no such folder.
        """
        named = settings.get("folder", ".")
        if not isinstance(named, str):
            return named
        folder = self.path.parent / named
        if self.own is None and not folder.is_dir():
            raise StudyError(f"{self.path}: folder = {named!r}: there is no such folder beside it")
        return str(folder)
