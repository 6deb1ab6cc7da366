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

Kind = Literal["smooth", "bounded", "solved", "time"]

MAX_LOOKS = 3
MAX_UNIVERSES = 1_000


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
    probe at that update in place of the end.

    `kind` is what the number is like, and decides how it is tested: `smooth`, roughly normal over
    seeds; `bounded`, with limits, ties, skew or outliers; `solved`, reached or not, which a run is
    if the number is at least `solved`; `time` until something is reached. `paired` compares within
    a seed. `gain` says which way is better, where gains are said to diminish.

    `metric` is the name of an outcome, an own one's `module:attribute`, or the name of a logged
    number, which is read as `at` says.
    """

    sentence: str
    metric: str
    kind: Kind
    test: str
    of: Selector | list[Selector]
    against: Selector | None = None
    threshold: float | None = None
    solved: float | None = None
    paired: bool = False
    gain: Literal["up", "down"] | None = None
    margin: float = Field(ge=0)
    unit: str
    update: int | None = Field(default=None, ge=0)
    at: Annotated[At | None, BeforeValidator(_at)] = None

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
        if self.kind == "solved" and self.paired:
            raise ValueError("kind = 'solved': it is not paired")
        if self.kind == "time" and self.margin < 1:
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
        if at.is_time != (self.kind == "time"):
            raise ValueError(
                f"at and kind = {self.kind!r}: a first time goes with kind = 'time', and other "
                "readings with other kinds"
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
    def within(self) -> bool:
        """Whether it compares within a seed."""
        return self.paired or self.statement.within

    @property
    def selectors(self) -> list[Selector]:
        """Every arm, or moment of one, that the part reads, in order."""
        of = self.of if isinstance(self.of, list) else [self.of]
        return [*of, self.against] if self.against else of


class Claim(_Table):
    """What the report says, where, and the tests that it comes to.

    `control_of` names the claim whose tests it makes once more on other runs, where the study adds
    it to see whether that claim hangs on something else.
    """

    id: str
    where: str = ""
    control_of: str = ""
    sentence: str
    parts: list[Part] = Field(min_length=1)


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
    """A named configuration; every other key is a field of the run's configuration."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)

    title: str = ""
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

    `alpha` is the chance of any false verdict. `looks` are the numbers of seeds at which verdicts
    are passed, each at alpha divided by how many there are; without any, once, on all seeds.
    """

    title: str
    source: str = ""
    summary: str = ""
    defaults: dict[str, Any] = {}
    reported: dict[str, str | dict[str, str]] = {}
    assumed: dict[str, str | dict[str, str]] = {}
    experiments: dict[str, ExperimentTable] = Field(min_length=1)
    profiles: dict[str, Profile] = {
        "quick": Profile(description="3 seeds"),
        "full": Profile(description="8 seeds", seeds=8),
    }
    figures: list[Figure] = []
    claims: list[Claim] = []
    multiverse: MultiverseTable | None = None
    alpha: float = Field(default=0.05, gt=0, lt=0.5)
    looks: list[int] = Field(default=[], max_length=MAX_LOOKS)

    @model_validator(mode="after")
    def _looks_ascend(self) -> Self:
        if self.looks != sorted(set(self.looks)) or any(seeds < 2 for seeds in self.looks):
            raise ValueError(
                f"looks = {self.looks}: should be numbers of seeds, ascending, each 2 or more"
            )
        return self
