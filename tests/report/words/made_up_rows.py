"""Rows of claims that no run came to, of every word and with every value missing."""

from dataclasses import replace

from hypothesis import strategies as st

from assay.claims.verdicts import Word
from assay.report.data.rows import (
    ArmRow,
    ClaimRow,
    ComputedRow,
    EffectRow,
    EvidenceRow,
    MissingRow,
    PartRow,
    SeedRow,
    SizeRow,
    SummaryRow,
)
from assay.statements import STATEMENTS


def _floats(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_subnormal=False)  # libraries may flush those to 0


NUMBERS = _floats(-1e6, 1e6)
E_VALUES = _floats(0, 1e12)
EVIDENCE = st.builds(EvidenceRow, E_VALUES, E_VALUES)
TEXT = st.sampled_from(["It is so.", "One, of two, is more", "x"])
WORDS = st.sampled_from(list(Word.__args__))
SEEDS = range(4)

COMPUTED = st.builds(ComputedRow, NUMBERS, st.booleans(), st.just("So it is."))
EFFECTS = st.builds(
    EffectRow,
    seed=st.sampled_from(SEEDS),
    effect=st.none() | NUMBERS,
    infinite=st.booleans(),
    sign=st.sampled_from([None, -1, 0, 1]),
    shown=st.sampled_from([None, True, False]),
    seen=st.booleans(),
)
SIZES = st.builds(
    SizeRow,
    median=st.none() | NUMBERS,
    low=st.none() | NUMBERS,
    high=st.none() | NUMBERS,
    median_infinite=st.booleans(),
    high_infinite=st.booleans(),
)


@st.composite
def arms(draw: st.DrawFn) -> ArmRow:
    values = [
        SeedRow(seed, draw(st.none() | NUMBERS), draw(st.none() | st.integers(0, 9)))
        for seed in SEEDS
    ]
    known = [each.value for each in values if each.value is not None]
    summary = SummaryRow(
        draw(st.none() | NUMBERS),
        min(known, default=None),
        max(known, default=None),
        len(values),
        sum(each.censored_at is not None for each in values),
        draw(st.none() | st.integers(1, 9)),
        values,
    )
    return ArmRow(
        "a",
        draw(st.sampled_from(["LSTM", "T = 5, at 1e-3"])),
        4,
        draw(st.integers(0, 4)),
        draw(st.integers(0, 2)),
        summary,
    )


@st.composite
def parts(draw: st.DrawFn) -> PartRow:
    test = draw(st.sampled_from(sorted(STATEMENTS)))
    statement = STATEMENTS[test]
    kind = draw(st.sampled_from(statement.kinds))
    number = 2 if statement.compares else 3 if statement.arms else 1
    runs = draw(st.integers(0, 9))
    tested = draw(st.booleans())
    return PartRow(
        sentence=draw(TEXT),
        metric=draw(st.sampled_from(["final_accuracy", "frechet", "updates_to_90"])),
        describe="updates to 90 %" if statement.of_times else "accuracy (of all, if fewer)",
        unit=draw(
            st.sampled_from(["accuracy", "share", "updates", "nats", "ratio", "share of updates"])
        ),
        kind=kind,
        test=test,
        is_time=statement.of_times,
        solved=0.9 if kind == "solved" else None,
        threshold=0.5 if "threshold" in statement.needs else None,
        limit=draw(st.none() | st.just(1.0)),
        margin=draw(st.sampled_from([0.0, 0.05, 1.25])),
        margin_unit="accuracy",
        update=draw(st.none() | st.integers(0, 9)),
        tested=tested,
        untested="" if tested else "no run of it has ended",
        word=draw(WORDS),
        evidence=draw(EVIDENCE),
        seen_evidence=draw(st.none() | EVIDENCE),
        seeds=draw(st.lists(EFFECTS, max_size=5, unique_by=lambda each: each.seed)),
        yes=draw(st.integers(0, runs)),
        runs=runs,
        otherwise=draw(_floats(0.01, 1)),
        size=draw(SIZES),
        waiting=draw(st.integers(0, 3)),
        missing=draw(st.integers(0, 3)),
        computed=draw(st.none() | COMPUTED),
        arms=[draw(arms()) for _ in range(number)],
    )


MISSING = st.builds(
    MissingRow,
    supports=st.booleans(),
    least=st.none() | st.integers(1, 60),
    expected=st.none() | _floats(1, 60),
    arms=st.lists(TEXT, min_size=1, max_size=12),
    core_hours_least=st.none() | _floats(0, 1e4),
    core_hours_expected=st.none() | _floats(0, 1e4),
    never=st.sampled_from(["", "no seed shows it"]),
)


@st.composite
def claims(draw: st.DrawFn) -> ClaimRow:
    verdict, declared = draw(WORDS), draw(st.booleans())
    made = draw(st.lists(parts(), min_size=1, max_size=4))
    if verdict == "by calculation":  # all of its parts are
        made = [replace(part, computed=draw(COMPUTED)) for part in made]
    return ClaimRow(
        id="C",
        where="",
        control_of=draw(st.sampled_from(["", "D"])),
        restated_as=draw(st.sampled_from([[], ["D"], ["D", "E"]])),
        sentence=draw(TEXT),
        tested=draw(st.booleans()),
        verdict=verdict,
        evidence=draw(EVIDENCE),
        needed=draw(st.none() | _floats(1, 1e4)),
        beyond=draw(st.booleans()),
        seeds=draw(st.none() | st.integers(0, 9)),
        declared="2026-10-01T00:00:00+00:00" if declared else None,
        why_seen="" if declared else "it was not declared before its runs",
        seen_evidence=draw(st.none() | EVIDENCE),
        waits_for=draw(st.sampled_from(["", "D"])),
        weakest=draw(st.integers(0, len(made) - 1)),
        parts=made,
        missing=draw(st.none() | MISSING),
    )
