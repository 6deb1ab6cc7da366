"""The tables of a study file, as they are written: pydantic models, one a table."""

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from assay.config import Scalar

Test = Literal[
    "greater",
    "smaller",
    "faster",
    "equivalent",
    "above",
    "below",
    "rising",
    "falling",
    "diminishing",
]

FigureKind = Literal[
    "curves", "state_gradient", "samples", "interpolation", "gan_curves", "quality"
]

_COMPARISONS = ("greater", "smaller", "faster", "equivalent")
_THRESHOLDS = ("above", "below")


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


class Part(_Table):
    """One statement of a claim, as a test on one number per run.

    `of` is what the statement is about: one arm, or the arms of a trend in order. `against` is the
    arm it is compared with, `threshold` the value. `margin` is the smallest difference that
    matters, in `unit`. `update` reads a probe at that update in place of the end.
    """

    sentence: str
    metric: str
    test: Test
    of: Selector | list[Selector]
    against: Selector | None = None
    threshold: float | None = None
    margin: float = Field(ge=0)
    unit: str
    update: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _what_the_test_needs(self) -> Self:
        if (self.against is not None) != (self.test in _COMPARISONS):
            raise ValueError(f"test = {self.test!r}: 'against' goes with {', '.join(_COMPARISONS)}")
        if (self.threshold is not None) != (self.test in _THRESHOLDS):
            raise ValueError(f"test = {self.test!r}: 'threshold' goes with above and below")
        is_list = isinstance(self.of, list)
        if is_list != (self.test in ("rising", "falling", "diminishing")):
            raise ValueError(
                f"test = {self.test!r}: 'of' is one arm, and a list of arms only for rising, "
                "falling and diminishing"
            )
        if isinstance(self.of, list) and len(self.of) < 2:
            raise ValueError(f"test = {self.test!r}: 'of' should list at least two arms")
        return self

    @property
    def selectors(self) -> list[Selector]:
        """Every arm, or moment of one, that the part reads, in order."""
        of = self.of if isinstance(self.of, list) else [self.of]
        return [*of, self.against] if self.against else of


class Claim(_Table):
    """What the report says, where, and the tests that it comes to."""

    id: str
    where: str = ""
    sentence: str
    parts: list[Part] = Field(min_length=1)


class Figure(_Table):
    """A figure of the report: which experiments it draws, and as what."""

    id: str
    title: str
    caption: str = ""
    kind: FigureKind = "curves"
    experiments: list[str] = Field(min_length=1)


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
    """What a profile changes in one experiment."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)

    seeds: int | None = Field(default=None, ge=0, le=10_000)

    @property
    def settings(self) -> dict[str, Any]:
        """The configuration's fields that it changes."""
        return dict(self.model_extra or {})


class Profile(_Table):
    """How much of a study is run. An experiment with 0 seeds is left out."""

    description: str = ""
    seeds: int = Field(default=3, ge=1, le=10_000)
    experiments: dict[str, ExperimentProfile] = {}


class StudyFile(_Table):
    """The whole file."""

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
