"""The tables of a study file, as they are written: pydantic models, one a table."""

from collections.abc import Sequence
from math import prod
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from assay.config import Scalar
from assay.outcomes.reading import FORMS, At
from assay.statements import STATEMENTS, Statement

Kind = Literal["majority", "solved", "shift"]
MAX_SEED = 1_000_000
MAX_UNIVERSES = 1_000
MAX_ARMS = 10_000
MAX_RUNS = 1_000_000

_MOST_SHOW = "left out, which asks whether most runs show it"
_INSTEAD = {
    "smooth": f"{_MOST_SHOW}, or 'shift'",
    "bounded": _MOST_SHOW,
    "time": "left out: test = 'faster' says that it is about times",
}
_NO_LOOKS = "leave 'looks' out: verdicts may be watched after every seed"
_NO_PAIRED = "leave 'paired' out: arms are always compared seed by seed"


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Selector(BaseModel):
    """Points at one arm: an experiment, and the value of each of its grid's axes.

    `update` reads a probe of it at that update, where a part's statement is about several moments.
    """

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)

    experiment: str
    update: int | None = Field(default=None, ge=0)

    @property
    def point(self) -> dict[str, Any]:
        """The grid values."""
        return dict(self.model_extra or {})


def _at(value: Any) -> Any:
    """How a logged number is read, from a text or from `{ update = N }`."""
    if isinstance(value, str):
        return At.of(value)
    if isinstance(value, dict):
        update = value.get("update")
        if set(value) != {"update"} or type(update) is not int or update < 0:
            raise ValueError(f"should be {FORMS}")
        return At("update", update)
    return value


class Part(_Table):
    """One statement of a claim, as a test on one number per run.

    `of` is what the statement is about: one arm, or the arms of a trend in order. `against` is the
    arm it is compared with, `threshold` the value. `margin` is the smallest difference that
    matters, in `unit`, in the direction of the statement; of a time it is a ratio. `update` reads a
    probe at that update in place of the end. `limit` is the value that no run can be better than,
    where an arm may sit so near to it that there is no room for a difference.

    `kind` is what is asked of the runs: `majority`, whether most seeds show it; `solved`, how much
    larger the share of runs is that reach `solved`; `shift`, whether seeds differ by more than the
    margin, where it is known before any run that an arm shifts its values and does nothing else.
    `gain` says which way is better, where gains are said to diminish.

    `metric` is the name of an outcome, an own one's `module:attribute`, or the name of a logged
    number, which is read as `at` says.
    """

    sentence: str
    metric: str
    kind: Kind = "majority"
    test: str
    of: Selector | list[Selector]
    against: Selector | None = None
    threshold: float | None = None
    solved: float | None = None
    limit: float | None = None
    gain: Literal["up", "down"] | None = None
    margin: float = Field(ge=0)
    unit: str
    update: int | None = Field(default=None, ge=0)
    at: Annotated[At | None, BeforeValidator(_at)] = None

    @model_validator(mode="before")
    @classmethod
    def _not_as_before(cls, table: Any) -> Any:
        if isinstance(table, dict) and "paired" in table:
            raise ValueError(_NO_PAIRED)
        return table

    @field_validator("kind", mode="before")
    @classmethod
    def _kind_not_as_before(cls, kind: Any) -> Any:
        if isinstance(kind, str) and kind in _INSTEAD:
            raise ValueError(_INSTEAD[kind])
        return kind

    @field_validator("test")
    @classmethod
    def _known(cls, test: str) -> str:
        if test not in STATEMENTS:
            raise ValueError(" or ".join(map(repr, STATEMENTS)))
        return test

    @model_validator(mode="after")
    def _what_test_and_kind_need(self) -> Self:
        self.statement.check(self)
        if self.at is not None:
            self._check_at(self.at)
        if (self.solved is not None) != (self.kind == "solved"):
            raise ValueError(f"kind = {self.kind!r}: 'solved', a value, goes with kind solved")
        if self.is_time and self.margin < 1:
            raise ValueError(
                f"margin = {self.margin:g}: of a time it is a ratio in the claimed direction, "
                "so it should be 1 or more"
            )
        if self.kind == "solved" and self.margin >= 1:
            raise ValueError(
                f"margin = {self.margin:g}: of kind 'solved' it is a difference of shares of "
                "runs, so it should be less than 1"
            )
        return self

    def _check_at(self, at: At) -> None:
        moments = [self.update, *(selector.update for selector in self.selectors)]
        if at.how != "last" and any(moment is not None for moment in moments):
            raise ValueError("at and update: both say when metric is read: leave one out")
        if at.is_time != self.is_time:
            raise ValueError(
                f"at and test = {self.test!r}: a first time goes with test = 'faster', and other "
                "readings with other tests"
            )

    def moment(self, selector: Selector) -> int | None:
        """The update at which an arm is read; None is the end."""
        own = self.update if selector.update is None else selector.update
        return self.at.update if own is None and self.at is not None else own

    @property
    def statement(self) -> Statement:
        """What its test states."""
        return STATEMENTS[self.test]

    @property
    def is_time(self) -> bool:
        """Whether it is about times to reach something."""
        return self.statement.of_times

    @property
    def selectors(self) -> list[Selector]:
        """Every arm, or moment of one, that the part reads, in order."""
        of = self.of if isinstance(self.of, list) else [self.of]
        return [*of, self.against] if self.against else of


class Claim(_Table):
    """What the report says, where, and the tests that it comes to.

    `control_of` names the claim whose tests it makes once more on other runs, where the study adds
    it to see whether that claim hangs on something else. `restated_as` names the claims that ask
    its sentence better: it is shown beside them, as it was.
    """

    id: str
    where: str = ""
    control_of: str = ""
    restated_as: list[str] = []
    sentence: str
    parts: list[Part] = Field(min_length=1)

    @field_validator("id")
    @classmethod
    def _in_a_line(cls, name: str) -> str:
        if not name.strip() or not name.isprintable():
            raise ValueError("a name, in one line")
        return name


class Figure(_Table):
    """A figure of the report: which experiments it draws, and as what.

    `kind` is a way to draw its runs; without one, the first that their kind has. `at` keeps, of
    arms that have one of these axes, those at its value. Every other key is a setting of the way.
    """

    model_config = ConfigDict(frozen=True, extra="allow", strict=True, allow_inf_nan=False)

    id: str
    title: str
    caption: str = ""
    kind: str = ""
    experiments: list[str] = Field(min_length=1)
    at: dict[str, Scalar] = {}

    @property
    def settings(self) -> dict[str, Any]:
        """What it says of the way to draw its runs."""
        return dict(self.model_extra or {})

    def draws(self, experiment: str, point: dict[str, Any]) -> bool:
        """Whether the arm of an experiment at a point of its grid is part of it."""
        return experiment in self.experiments and all(
            point.get(axis, value) == value for axis, value in self.at.items()
        )


class ExperimentTable(BaseModel):
    """A named configuration; every other key is a field of the run's configuration.

    Its seeds count from `first_seed`.
    """

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)

    title: str = ""
    first_seed: int = Field(default=0, ge=0, le=MAX_SEED)
    grid: dict[str, list[Scalar]] = {}

    @property
    def settings(self) -> dict[str, Any]:
        """The configuration's fields."""
        return dict(self.model_extra or {})


class ExperimentProfile(BaseModel):
    """What a profile changes in one experiment; of the axes in `grid` it keeps those values."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)

    seeds: int | None = Field(default=None, ge=0, le=10_000)
    grid: dict[str, list[Scalar]] = {}

    @property
    def settings(self) -> dict[str, Any]:
        """The configuration's fields that it changes."""
        return dict(self.model_extra or {})


class Profile(_Table):
    """How much of a study is run. An experiment with 0 seeds is left out."""

    description: str = ""
    seeds: int = Field(default=3, ge=1, le=10_000)
    experiments: dict[str, ExperimentProfile] = {}


class MultiverseTable(_Table):
    """The nuisance choices over which claims are tried, each with its values.

    A universe is one value of each axis, put into both arms of a claim. Every run of it makes at
    most `updates`, and ends once two consecutive checks reach `stop_accuracy`: then it is solved.
    """

    claims: list[str] = Field(min_length=1)
    axes: dict[str, list[Scalar]] = Field(min_length=1)
    seeds: int = Field(default=3, ge=2, le=10_000)
    updates: int = Field(ge=1)
    stop_accuracy: float = Field(default=0.9, gt=0, le=1)

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        listed: dict[str, Sequence[Scalar]] = {"claims": self.claims, **self.axes}
        for name, values in listed.items():
            if len(set(map(repr, values))) < len(values):
                raise ValueError(f"{name} = {values}: each should be there once")
            if name in self.axes and len(values) < 2:
                raise ValueError(f"axes.{name} = {values}: should be two values or more")
        if self.universes > MAX_UNIVERSES:
            raise ValueError(
                f"axes make {self.universes:,} universes: should be {MAX_UNIVERSES:,} or fewer"
            )
        return self

    @property
    def universes(self) -> int:
        """How many there are."""
        return prod(map(len, self.axes.values()))


class StudyFile(_Table):
    """The whole file.

    At most a share `alpha` of its verdicts is false on average, however often one looks. A claim
    holds if more than a share `most` of runs show it. `note` stands above its verdicts.
    """

    title: str
    source: str = ""
    summary: str = ""
    note: str = ""
    defaults: dict[str, Any] = {}
    reported: dict[str, str | dict[str, str]] = {}
    assumed: dict[str, str | dict[str, str]] = {}
    experiments: dict[str, ExperimentTable] = Field(min_length=1)
    profiles: dict[str, Profile] = Field(
        default={"full": Profile(description="8 seeds", seeds=8)}, min_length=1
    )
    figures: list[Figure] = []
    claims: list[Claim] = []
    multiverse: MultiverseTable | None = None
    alpha: float = Field(default=0.05, gt=0, lt=0.5)
    most: float = Field(default=0.5, gt=0, lt=1)

    @model_validator(mode="before")
    @classmethod
    def _not_as_before(cls, tables: Any) -> Any:
        if isinstance(tables, dict) and "looks" in tables:
            raise ValueError(_NO_LOOKS)
        return tables

    @model_validator(mode="after")
    def _not_endless(self) -> Self:
        arms = sum(prod(map(len, each.grid.values())) for each in self.experiments.values())
        if arms > MAX_ARMS:
            raise ValueError(
                f"experiments: their grids make {arms:,} arms: should be {MAX_ARMS:,} or fewer"
            )
        return self
