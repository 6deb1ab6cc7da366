"""A question put on trial with the runs of a table."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from assay.claims.declarations import Declared
from assay.claims.effects import PartEffects, seed_effect
from assay.claims.evidence import ClaimEvidence, PartEvidence, Summary, summary
from assay.claims.outlook import outlook
from assay.claims.trials import evidence_path
from assay.claims.verdicts import ClaimVerdict, Tried, passed
from assay.errors import DataError
from assay.judging.columns import Columns
from assay.judging.question import Choice, Question, named
from assay.judging.runs import Runs, runs_of
from assay.outcomes.outcome import Outcome, Value
from assay.report.data.claims import claim_row
from assay.report.data.plain import summary_row
from assay.report.data.rows import ArmRow, ClaimRow
from assay.report.words.verdicts import verdict_sentence
from assay.study.file import Claim, Part

ALL = "all"
"""The claim over all groups."""
EXPLORATORY = (
    "These results were there before the question was asked: if arms, test or margin were chosen "
    "after looking at them, this is exploratory."
)


@dataclass(frozen=True)
class Judgement:
    """What a table says of a question.

    Attributes:
        claims: the verdict, or of `by` that of each group and first that over all of them, which
            holds where every group's does.
        notes: what was done with the rows, a sentence each.
    """

    claims: list[ClaimRow]
    notes: list[str]

    @property
    def verdict(self) -> str:
        """The word, over all groups."""
        return self.claims[0].verdict

    def __str__(self) -> str:
        """The verdict in words."""
        several = len(self.claims) > 1
        texts = [
            f"{each.id + ': ' if several else ''}{each.sentence} {each.meaning}"
            for each in self.claims
        ]
        return "\n".join([*texts, *self.notes])


def judge_table(table: pa.Table, question: Question, where: str, source: str = "") -> Judgement:
    """The verdict on a question, from the rows of a table; `source` is said among the notes.

    Raises:
        DataError: if the table cannot answer it.
    """
    if not table.num_rows:
        raise DataError(f"{where}: the table has no rows")
    columns = Columns(table, where)
    columns.column(question.metric)
    groups = columns.combinations(question.by) if question.by else [()]
    tried, tables, notes = [], [], [source] if source else []
    for values in groups:
        group = dict(zip(question.by, values, strict=True))
        arms = [
            (name, runs_of(columns, question, {**group, **choice}))
            for name, choice in question.arms
        ]
        _check_apart(columns, [{**group, **choice} for _, choice in question.arms])
        effects, said = _compared(question, arms)
        notes += [f"{named(group)}: {each}" if group else each for each in said]
        tried.append((named(group) if group else "claim", effects))
        tables.append(arms)
    claims = [
        _tried(question, name, [effects], [arms])
        for (name, effects), arms in zip(tried, tables, strict=True)
    ]
    found = passed(claims, question.alpha, question.most)
    if question.by:
        every = [effects for _, effects in tried]
        whole = _tried(question, ALL, every, tables, [name for name, _ in tried])
        found = [*passed([whole], question.alpha, question.most), *found]
    rows = [_row(each, question) for each in found]
    return Judgement(rows, [*dict.fromkeys(notes), EXPLORATORY])


def _check_apart(columns: Columns, choices: Sequence[Choice]) -> None:
    """See that no row is compared with itself."""
    if len(choices) < 2:
        return
    first, second = map(columns.chosen, choices)
    both = np.intersect1d(first, second, assume_unique=True)
    if len(both):
        of, against = map(named, choices)
        raise DataError(
            f"{columns.where}: row {int(both[0]) + 1} is of both arms, {of} and {against}: "
            "choose rows for --of that --against does not"
        )


def _compared(
    question: Question, arms: Sequence[tuple[str, Runs]]
) -> tuple[PartEffects, list[str]]:
    """The effect of each seed, and what has to be said of how arms were compared."""
    part = question.part()
    if len(arms) == 1:
        alone = [(value,) for value in arms[0][1].values.tolist()]
        return _effects(part, alone), _unlogged(question, arms)
    (first, of), (second, against) = arms
    others = set(against.seeds)
    common = [seed for seed in of.seeds if seed in others]
    notes = _unlogged(question, arms)
    if common:
        left = len(of.seeds) + len(against.seeds) - 2 * len(common)
        if left:
            notes.append(
                f"{len(common)} seeds are in both arms and were compared; {left} more runs have no "
                "partner and were left out."
            )
        values = [dict(zip(arm.seeds, arm.values.tolist(), strict=True)) for arm in (of, against)]
        pairs = [tuple(each[seed] for each in values) for seed in common]
    else:
        fewest = min(len(of.seeds), len(against.seeds))
        lots = [_by_lot(arm, place)[:fewest] for place, arm in enumerate((of, against))]
        notes.append(
            f"{first} and {second} have no seed in common: their runs were paired by lot, "
            f"{fewest} pairs."
        )
        pairs = list(zip(*lots, strict=True))
    return _effects(part, pairs), notes


def _unlogged(question: Question, arms: Sequence[tuple[str, Runs]]) -> list[str]:
    """What was made of steps without the metric."""
    rows = sum(runs.unlogged for _, runs in arms)
    if not rows:
        return []
    return [f"{rows:,} rows without {question.metric} are steps at which it was not logged."]


def _effects(part: Part, pairs: Sequence[tuple[float, ...]]) -> PartEffects:
    return PartEffects([seed_effect(part, *each) for each in enumerate(pairs)], [], 0)


def _by_lot(runs: Runs, lot: int) -> list[float]:
    """In an order that hangs on nothing but their number: a sorted table would pair by rank."""
    found: list[float] = np.random.default_rng([0, lot]).permutation(runs.values).tolist()
    return found


def _tried(
    question: Question,
    id: str,
    effects: list[PartEffects],
    tables: Sequence[Sequence[tuple[str, Runs]]],
    groups: Sequence[str] = (),
) -> Tried:
    part = question.part()
    parts = [part.model_copy(update={"sentence": f"{group}: {part.sentence}"}) for group in groups]
    parts = parts or [part]
    claim = Claim(id=id, sentence=question.sentence, parts=parts)
    evidence = [_evidence(question, each, arms) for each, arms in zip(parts, tables, strict=True)]
    paths = [evidence_path(part, question.most, each.confirming) for each in effects]
    declared = Declared(None, "")
    return Tried(ClaimEvidence(claim, evidence), effects, paths, [None] * len(parts), declared)


def _evidence(question: Question, part: Part, arms: Sequence[tuple[str, Runs]]) -> PartEvidence:
    summaries = [
        summary(
            name,
            None,
            [
                _value(*each)
                for each in zip(runs.values.tolist(), runs.followed.tolist(), strict=True)
            ],
        )
        for name, runs in arms
    ]
    return PartEvidence(part, _outcome(question), summaries, None, "")


def _outcome(question: Question) -> Outcome:
    at = question.reading
    if at.is_time:
        describe = f"steps to {question.metric} {at.how} {at.number:g}"
        return Outcome(describe, "steps", _no_log, (), is_time=True)
    words = "" if at.how in ("last", "update") else at.words
    describe = f"{words} {question.metric}".strip()
    return Outcome(describe, question.unit, _no_log, ())


def _no_log(*_: object) -> Value:
    raise NotImplementedError("a table has no logs")


def _value(value: float, end: float) -> Value:
    if math.isinf(value):
        return Value(None, censored_at=int(end))
    return Value(None if math.isnan(value) else value)


def _row(verdict: ClaimVerdict, question: Question) -> ClaimRow:
    ahead = outlook(verdict, question.most, lambda arm: None)
    row = claim_row(verdict, ahead, _arm)
    return replace(row, meaning=verdict_sentence(row))


def _arm(summary: Summary, update: int | None) -> ArmRow:
    seeds = list(range(len(summary.values)))
    return ArmRow(
        arm=summary.arm,
        label=summary.arm,
        seeds=len(seeds),
        runs=len(seeds),
        diverged=0,
        summary=summary_row(summary, seeds),
    )
