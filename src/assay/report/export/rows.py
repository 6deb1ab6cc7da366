"""The rows of exported tables: claims, their parts, and what each arm comes to.

Numbers are as they are; words for them are added where a table is set.
"""

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass

from assay.config import kind_named
from assay.outcomes.outcome import Outcome
from assay.report.data.report import ColumnRow, ReportData, TableRow
from assay.report.data.rows import ArmRow, ClaimRow, Number, PartRow, SummaryRow
from assay.report.words.cells import decisive, verdict_word
from assay.report.words.findings import counted
from assay.study import StudyPlan


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part of a claim.

    Attributes:
        shown: how many of `seeds` show it.
        evidence_for: as an e-value; 20 is 20 to 1.
        effect: the median over seeds, in the claimed direction, in `unit`.
        low: the least over seeds.
        high: the largest; None too where it is infinite, a time that was never reached.
    """

    claim: str
    part: int
    sentence: str
    verdict: str
    seeds: int
    shown: int
    evidence_for: float
    evidence_against: float
    effect: Number | None
    low: Number | None
    high: Number | None
    margin: float
    unit: str


@dataclass(frozen=True, slots=True)
class ClaimLine(PartLine):
    """A claim, by the part that it turns on.

    Attributes:
        universes: how many of its multiverse all runs ended of; None where it has no multiverse.
        universes_claimed: in how many of them it goes its way.
    """

    universes: int | None
    universes_claimed: int | None


@dataclass(frozen=True, slots=True)
class ResultLine:
    """What an arm comes to by an outcome, over its seeds.

    Attributes:
        update: when it is read; None is the end, or the whole run.
        runs: how many have the outcome.
        never: how many of them never reached it, where it is a time.
    """

    arm: str
    label: str
    metric: str
    outcome: str
    unit: str
    update: int | None
    runs: int
    diverged: int
    never: int
    median: Number | None
    low: Number | None
    high: Number | None


@dataclass(frozen=True, slots=True)
class Result:
    """A line with the summary that it is of, which words are made from."""

    line: ResultLine
    summary: SummaryRow


def claim_line(claim: ClaimRow) -> ClaimLine:
    """A claim, with seeds and effect of the part that it turns on, and evidence of its own."""
    row, part, over = claim.evidence, decisive(claim), claim.multiverse
    line = _line(claim, part, claim.sentence, verdict_word(claim), (row.support, row.against))
    counts = (None, None) if over is None else (over.complete, over.claimed)
    return ClaimLine(*astuple(line), *counts)


def part_lines(claim: ClaimRow) -> list[PartLine]:
    """Each of its parts, from 1."""
    return [
        _line(claim, part, part.sentence, part.word, (part.evidence.support, part.evidence.against))
        for part in claim.parts
    ]


def _line(
    claim: ClaimRow, part: PartRow, sentence: str, verdict: str, evidence: tuple[float, float]
) -> PartLine:
    told, size = counted(part), part.size
    return PartLine(
        claim=claim.id,
        part=claim.parts.index(part) + 1,
        sentence=sentence,
        verdict=verdict,
        seeds=len(told),
        shown=sum(each.shown is True for each in told),
        evidence_for=evidence[0],
        evidence_against=evidence[1],
        effect=size.median,
        low=size.low,
        high=size.high,
        margin=part.margin,
        unit="times" if part.is_time else "share of runs" if part.kind == "solved" else part.unit,
    )


def results(study: StudyPlan, data: ReportData) -> list[Result]:
    """Every arm by the outcomes of its kind's table, and then by those that claims read."""
    found: dict[tuple[object, ...], Result] = {}
    for each in [*_of_tables(study, data), *_of_claims(data.claims)]:
        line = each.line
        if line.runs:
            found.setdefault((line.arm, line.outcome, line.update), each)
    return list(found.values())


def _of_tables(study: StudyPlan, data: ReportData) -> Iterator[Result]:
    for row in [*data.table, *data.generators]:
        outcomes = kind_named(study.kind_of(row.experiment)).outcomes
        for name, summary in row.summaries.items():
            yield _of_table(row, _column(name, outcomes[name]), summary)
    for table in data.others:
        columns = {column.name: column for column in table.columns}
        for row in table.rows:
            for name, summary in row.summaries.items():
                yield _of_table(row, columns[name], summary)


def _column(name: str, outcome: Outcome) -> ColumnRow:
    return ColumnRow(name, outcome.describe, outcome.unit)


def _of_table(row: TableRow, column: ColumnRow, summary: SummaryRow) -> Result:
    of = (column.name, column.describe, column.unit, None)
    return _result(row.arm, row.label, of, row.diverged, summary)


def _of_claims(claims: Sequence[ClaimRow]) -> Iterator[Result]:
    for claim in claims:
        for part in claim.parts:
            for arm in part.arms:
                yield _of_arm(arm, part)


def _of_arm(arm: ArmRow, part: PartRow) -> Result:
    of = (part.metric, part.describe, part.unit, part.update)
    return _result(arm.arm, arm.label, of, arm.diverged, arm.summary)


def _result(
    arm: str,
    label: str,
    of: tuple[str, str, str, int | None],
    diverged: int,
    summary: SummaryRow,
) -> Result:
    metric, outcome, unit, update = of
    line = ResultLine(
        arm=arm,
        label=label,
        metric=metric,
        outcome=outcome,
        unit=unit,
        update=update,
        runs=summary.n,
        diverged=diverged,
        never=summary.censored,
        median=summary.median,
        low=summary.low,
        high=summary.high,
    )
    return Result(line, summary)
