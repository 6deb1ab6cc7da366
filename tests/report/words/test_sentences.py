"""Whatever a claim came to, it makes a sentence, a row of a table and a line of a terminal."""

import re

from hypothesis import given, settings

from assay.claims.verdicts import Word
from assay.cli.show.claims import print_claims
from assay.report.data.rows import ClaimRow
from assay.report.words import cells as words
from assay.report.words.missing import missing_short
from assay.report.words.verdicts import verdict_sentence
from tests.report.words.made_up_rows import claims

CELLS = (words.seeds, words.effect, words.effect_range, words.asked_and_shown)


@settings(max_examples=400, deadline=None)
@given(claims())
def test_every_claim_makes_a_sentence(claim: ClaimRow) -> None:
    text = verdict_sentence(claim)
    assert text.lower().startswith(claim.verdict)
    assert text.endswith(".")
    assert not re.search(r"None|nan\b|\binf\b|\{|\}|  |\.\.| ,|\( |\(\)|\. [a-z]", text), text
    assert not re.search(r"\b1 core-\w+s\b", text), text
    for cell in CELLS:
        assert not re.search(r"None|nan\b|\binf\b", cell(words.decisive(claim)))
    assert "None" not in words.evidence(claim) + missing_short(claim)


@settings(max_examples=50, deadline=None)
@given(claims())
def test_every_claim_can_be_printed(claim: ClaimRow) -> None:
    print_claims([claim], as_json=False)


@given(claims())
def test_every_word_is_drawn_and_counted(claim: ClaimRow) -> None:
    assert words.css(claim.verdict) in ("holds", "partly", "fails", "computed", "open")
    if claim.restated_as:
        assert words.tally([claim]) == "besides, 1 that was restated"
    else:
        assert words.tally([claim]) == f"1 {claim.verdict}"
    assert claim.verdict in Word.__args__
