"""The rows of claims: what pages, JSON and the command line say of them.

Every number is finite, or None where there is none.
"""

from dataclasses import dataclass, field

from assay.config import Scalar

Number = int | float

# In JSON, the keys of what is inline are among those of the row that it belongs to.
INLINE = {"inline": True}


@dataclass(frozen=True, slots=True)
class SeedRow:
    """An outcome of one run; `censored_at` is after how many updates it had not been reached."""

    seed: int
    value: Number | None
    censored_at: Number | None


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """An outcome over seeds.

    Attributes:
        n: how many runs have the outcome.
        censored: how many of them never reached it.
        censored_at: the fewest updates after which one of those had ended.
    """

    median: Number | None
    low: Number | None
    high: Number | None
    n: int
    censored: int
    censored_at: Number | None
    values: list[SeedRow]


@dataclass(frozen=True, slots=True)
class ArmRow:
    """An arm in a part of a claim: `runs` of its `seeds` runs ended."""

    arm: str
    label: str
    seeds: int
    runs: int
    diverged: int
    summary: SummaryRow = field(metadata=INLINE)


@dataclass(frozen=True, slots=True)
class TrialRow:
    """A part's test: effect and interval in the claimed direction."""

    method: str
    effect: Number | None
    effect_infinite: bool
    low: Number | None
    high: Number | None
    confidence: float
    p_supported: float
    p_refuted: float


@dataclass(frozen=True, slots=True)
class MiddleRow:
    """The difference of the interquartile means of two arms, with its bootstrap interval."""

    difference: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part of a claim: what it asks, and what its arms came to."""

    sentence: str
    metric: str
    describe: str
    unit: str
    kind: str
    test: str
    paired: bool
    solved: float | None
    threshold: float | None
    margin: float
    margin_unit: str
    update: int | None
    tested: bool
    untested: str
    difference: Number | None
    trial: TrialRow | None
    missing: int
    middle: MiddleRow | None
    arms: list[ArmRow]


@dataclass(frozen=True, slots=True)
class RunCounts:
    """How many runs there are, and how many of them are how far; diverged ones may be finished."""

    planned: int
    finished: int
    diverged: int
    failed: int
    unfinished: int
    not_started: int


@dataclass(frozen=True, slots=True)
class MedianRow:
    """The median effect of some universes."""

    median: Number | None
    median_infinite: bool


@dataclass(frozen=True, slots=True)
class ValueRow:
    """What the universes with a value of an axis come to."""

    value: Scalar
    universes: int
    claimed: int
    other: int
    effect: MedianRow = field(metadata=INLINE)


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """An axis of a multiverse, and how many pairs of universes it alone turns."""

    axis: str
    turns: int
    values: list[ValueRow]


@dataclass(frozen=True, slots=True)
class TurnRow:
    """Two universes on different sides, by their choices, which differ on one axis."""

    axis: str
    claimed: dict[str, Scalar]
    other: dict[str, Scalar]


@dataclass(frozen=True, slots=True)
class PValues:
    """Of a statistic over all universes, in both directions."""

    p_supported: float
    p_refuted: float


@dataclass(frozen=True, slots=True)
class InferenceRow:
    """The tests over all universes together; no p-value can be less than `floor`."""

    relabellings: int
    exact: bool
    floor: float
    median: PValues
    share: PValues


@dataclass(frozen=True, slots=True)
class UniverseRow:
    """A universe; solved and ended runs and the updates to solve are by arm."""

    choices: dict[str, Scalar]
    held: list[list[str]]
    side: str | None
    effect: Number | None
    effect_infinite: bool
    low: Number | None
    high: Number | None
    solved: list[int]
    ended: list[int]
    times: list[list[Number | None]]


@dataclass(frozen=True, slots=True)
class MultiverseWords:
    """What a multiverse comes to in words, by what it is about; empty where nothing is said."""

    sides: str = ""
    turns: str = ""
    p: str = ""
    missing: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class MultiverseRow:
    """A claim over its universes: how many are on which side, and each, in order of its effect."""

    arms: list[str]
    kind: str
    test: str
    unit: str
    seeds: int
    updates: int
    stop_accuracy: float
    axes: dict[str, list[Scalar]]
    runs: RunCounts
    universes: int
    complete: int
    claimed: int
    other: int
    none: int
    effect: MedianRow = field(metadata=INLINE)
    inference: InferenceRow | None
    choices: list[ChoiceRow]
    turns: list[TurnRow]
    confidence: float
    curve: list[UniverseRow]
    words: MultiverseWords = MultiverseWords()


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim with its verdict and the numbers behind it.

    Attributes:
        exploratory: why the verdict is no confirmation; empty if it is one.
        meaning: the verdict in a sentence.
    """

    id: str
    where: str
    control_of: str
    sentence: str
    tested: bool
    verdict: str
    p: float | None
    p_supported: float | None
    p_refuted: float | None
    level: float
    look: int | None
    exploratory: str
    parts: list[PartRow]
    meaning: str = ""
    multiverse: MultiverseRow | None = None
