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
class EffectRow:
    """One seed of a part.

    Attributes:
        effect: in the claimed direction, in the unit of the margin; None where there is none.
        infinite: whether it is a ratio of times of which the slower was never reached.
        sign: 1 above the margin, 0 on it, −1 below, None where a run has no value.
        shown: whether the seed shows the statement; None where a run has no value.
        seen: whether it had been seen before the claim was declared, and confirms nothing.
    """

    seed: int
    effect: Number | None
    infinite: bool
    sign: int | None
    shown: bool | None
    seen: bool


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """Evidence for and against, as e-values: 20 is 20 to 1."""

    support: float
    against: float


@dataclass(frozen=True, slots=True)
class SizeRow:
    """The effect over the seeds that count, or over all where none does: median and range.

    An infinite end is None, with its flag.
    """

    median: Number | None
    low: Number | None
    high: Number | None
    median_infinite: bool
    high_infinite: bool


@dataclass(frozen=True, slots=True)
class ComputedRow:
    """What an outcome comes to by calculation, whether that holds, and why."""

    value: float
    holds: bool
    because: str


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part of a claim: what it asks, and what its seeds said.

    Attributes:
        word: its own verdict.
        evidence: of its confirming seeds.
        seen_evidence: of all of its seeds, where some had been seen: exploratory.
        yes: how many confirming seeds show it.
        runs: how many confirming seeds there are.
        otherwise: the 95 % limit of the share of runs that are otherwise than most of them.
        waiting: seeds that ended and wait for one before them.
        missing: confirming seeds without a value.
    """

    sentence: str
    metric: str
    describe: str
    unit: str
    kind: str
    test: str
    is_time: bool
    solved: float | None
    threshold: float | None
    limit: float | None
    margin: float
    margin_unit: str
    update: int | None
    tested: bool
    untested: str
    word: str
    evidence: EvidenceRow
    seen_evidence: EvidenceRow | None
    seeds: list[EffectRow]
    yes: int
    runs: int
    otherwise: float
    size: SizeRow
    waiting: int
    missing: int
    computed: ComputedRow | None
    arms: list[ArmRow]


@dataclass(frozen=True, slots=True)
class MissingRow:
    """What would decide an open claim.

    Attributes:
        supports: whether seeds that agree speak for it; else against it.
        least: how many more seeds if all agree; None: more than 60 in all.
        expected: how many more on average if 90 % agree.
        arms: the arms that need them.
        core_hours_least: of the least; None where it is not known how long a run takes.
        core_hours_expected: of the expected.
        never: why it can never be decided; empty if it can.
    """

    supports: bool
    least: int | None
    expected: float | None
    arms: list[str]
    core_hours_least: float | None
    core_hours_expected: float | None
    never: str


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
class MeanRow:
    """The mean effect of some universes; of ratios the geometric mean."""

    mean: Number | None


@dataclass(frozen=True, slots=True)
class ValueRow:
    """What the universes with a value of an axis come to."""

    value: Scalar
    universes: int
    claimed: int
    other: int
    effect: MeanRow = field(metadata=INLINE)


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
    mean: PValues
    share: PValues


@dataclass(frozen=True, slots=True)
class UniverseRow:
    """A universe; solved and ended runs and the updates to solve are by arm.

    The effect is the mean over seeds, `low` and `high` the least and the largest of a seed.
    """

    choices: dict[str, Scalar]
    held: list[list[str]]
    side: str | None
    effect: Number | None
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
    is_time: bool
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
    effect: MeanRow = field(metadata=INLINE)
    inference: InferenceRow | None
    choices: list[ChoiceRow]
    turns: list[TurnRow]
    curve: list[UniverseRow]
    words: MultiverseWords = MultiverseWords()


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim with its verdict and the numbers behind it.

    Attributes:
        restated_as: the claims that ask its sentence better; it is shown as it was.
        verdict: the word.
        evidence: of its confirming seeds; of a decided claim as it was when it was decided.
        needed: the evidence that decides it; None where nothing was tried.
        beyond: whether it is decided whatever the other claims come to.
        seeds: after how many seeds it was decided; None while it is open.
        declared: when it was declared; None where it was not, before its runs.
        why_seen: why none of its seeds confirm; empty if they may.
        seen_evidence: of all of its seeds, where some had been seen: exploratory.
        waits_for: the claim that has to be decided before this control is tried.
        weakest: the number of the part that it turns on.
        missing: what would decide it; None where it is decided.
        meaning: the verdict in a sentence.
    """

    id: str
    where: str
    control_of: str
    restated_as: list[str]
    sentence: str
    tested: bool
    verdict: str
    evidence: EvidenceRow
    needed: float | None
    beyond: bool
    seeds: int | None
    declared: str | None
    why_seen: str
    seen_evidence: EvidenceRow | None
    waits_for: str
    weakest: int
    parts: list[PartRow]
    missing: MissingRow | None
    meaning: str = ""
    multiverse: MultiverseRow | None = None

    @property
    def exploratory(self) -> bool:
        """Whether all that it rests on had been seen before it was declared."""
        return bool(self.why_seen) or (
            self.seen_evidence is not None and not any(part.runs for part in self.parts)
        )
