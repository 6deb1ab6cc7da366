from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.figures.strip_rows import Dot
from assay.report.data.rows import (
    ClaimRow,
    ComputedRow,
    EffectRow,
    EvidenceRow,
    MissingRow,
    PartRow,
    SizeRow,
)
from assay.report.data.strip import core_time, odds, strip_rows
from tests.report.words.made_up_rows import claims

NOTHING = EvidenceRow(1.0, 1.0)


def part(seeds=(), word="open", computed=None) -> PartRow:
    return PartRow(
        sentence="x", metric="final_accuracy", describe="accuracy", unit="accuracy",
        kind="majority", test="greater", is_time=False, solved=None, threshold=None, limit=None,
        margin=0.0, margin_unit="accuracy", update=None, tested=True, untested="", word=word,
        evidence=NOTHING, seen_evidence=None, seeds=list(seeds), yes=0, runs=len(seeds),
        otherwise=1.0, size=SizeRow(None, None, None, False, False), waiting=0, missing=0,
        computed=computed, arms=[],
    )  # fmt: skip


def claim(id: str, verdict: str = "open", **changed) -> ClaimRow:
    known = {
        "where": "", "control_of": "", "restated_as": [], "sentence": f"{id} is so.",
        "tested": True, "evidence": NOTHING, "needed": 60.0, "beyond": False, "seeds": None,
        "declared": "2026-10-01T00:00:00+00:00", "why_seen": "", "seen_evidence": None,
        "waits_for": "", "weakest": 0, "parts": [part()], "missing": None,
    }  # fmt: skip
    return ClaimRow(id=id, verdict=verdict, **(known | changed))


def note(verdict: str = "open", **changed) -> str:
    return strip_rows([claim("A", verdict, **changed)])[0].note.replace("\xa0", " ")


def missing(least=2, hours=2.4, never="") -> MissingRow:
    return MissingRow(True, least, None, ["a"], hours, None, never)


def test_controls_and_what_was_restated_stand_under_their_claim() -> None:
    found = strip_rows(
        [
            claim("A-0", restated_as=["A", "Ac"]),
            claim("A"),
            claim("B-0", restated_as=["B", "Bb"]),
            claim("B"),
            claim("Bb"),
            claim("Ac", control_of="A"),
        ]
    )
    assert [(row.id, row.level, row.restated) for row in found] == [
        ("A", 0, False),
        ("Ac", 1, False),
        ("A-0", 1, True),
        ("B", 0, False),
        ("Bb", 0, False),
        ("B-0", 1, True),
    ]


@settings(max_examples=50, deadline=None)
@given(st.lists(claims(), max_size=5), st.data())
def test_every_claim_has_one_row(found, data) -> None:
    names = st.sampled_from(["A", "B", "C", "D", "E"])
    rows = [
        replace(
            each,
            id="ABCDE"[number],
            control_of=data.draw(names),
            restated_as=data.draw(st.lists(names, max_size=2)),
        )
        for number, each in enumerate(found)
    ]
    shown = strip_rows(rows)
    assert sorted(row.id for row in shown) == [row.id for row in rows]
    for row in shown:
        assert row.side == "none" or row.evidence is not None


def test_seeds_are_those_of_the_weakest_part() -> None:
    seeds = [
        EffectRow(0, 0.1, False, 1, True, True),
        EffectRow(1, -0.1, False, -1, False, False),
        EffectRow(2, None, False, None, None, False),
    ]
    (row,) = strip_rows([claim("A", parts=[part(), part(seeds)], weakest=1)])
    assert row.dots == [Dot("shown", seen=True), Dot("not shown"), Dot("no value")]


@pytest.mark.parametrize("word", ["not tested", "numbers only", "by calculation"])
def test_where_nothing_was_tried_there_is_no_bar(word) -> None:
    (row,) = strip_rows([claim("A", word, evidence=EvidenceRow(90.0, 0.1))])
    assert (row.evidence, row.seen, row.needed, row.side) == (None, None, None, "none")


def test_what_is_missing_is_said() -> None:
    assert note(missing=missing()) == "+2 seeds, 2.4 core-h"
    assert note(missing=missing(1, None), evidence=EvidenceRow(21.25, 0)) == "21 to 1; +1 seed"
    assert note(missing=missing(None)) == "more than 60 seeds"
    assert note(missing=missing(never="4 of 8 seeds show it")) == "not within 60 seeds"
    assert note("not tested", missing=missing(7, None)) == "needs 7 seeds"
    assert note("not tested", missing=missing(never="needs a; has b")) == "needs a, has b"
    assert note("not tested", waits_for="B") == "waits for B"
    assert note(missing=missing(), restated_as=["B"]) == ""


def test_of_a_partly_supported_claim_it_says_how_many_parts_hold() -> None:
    parts = [part(word="supported"), part(word="no room")]
    assert note("partly supported", parts=parts) == "1 of 2 parts"


def test_what_is_computed_says_whether_it_holds() -> None:
    yes, no = (part(computed=ComputedRow(0.7, holds, "so")) for holds in (True, False))
    assert note("by calculation", parts=[yes]) == "it holds"
    assert note("by calculation", parts=[no]) == "it does not hold"
    assert note("by calculation", parts=[yes, no]) == "1 of 2 parts"


def test_seen_seeds_give_exploratory_evidence() -> None:
    (row,) = strip_rows([claim("A", seen_evidence=EvidenceRow(0.01, 100.0))])
    assert (row.word, row.evidence, row.seen) == ("open, exploratory", 0.0, -2.0)
    assert row.note.replace("\xa0", " ") == "100 to 1 against"


@pytest.mark.parametrize(
    ("support", "against", "text"),
    [
        (156.4, 0.1, "156 to 1"),
        (0.1, 3.21, "3.2 to 1 against"),
        (1.01, 1.0, ""),
        (0.2, 0.3, ""),
        (12_345.0, 0, "12,345 to 1"),
        (5e17, 0, "10^17 to 1"),
        (float("inf"), 0, "∞ to 1"),
        (9.96, 0, "10 to 1"),
    ],
)
def test_odds_in_words(support, against, text) -> None:
    assert odds(EvidenceRow(support, against)) == text


@pytest.mark.parametrize(
    ("hours", "text"),
    [
        (0.0001, "1 core-s"),
        (0.0054, "19 core-s"),
        (0.0757, "4.5 core-min"),
        (0.806, "48 core-min"),
        (0.99, "1.0 core-h"),
        (23.04, "23 core-h"),
        (1_234.0, "1,234 core-h"),
    ],
)
def test_time_on_one_core(hours, text) -> None:
    assert core_time(hours) == text
