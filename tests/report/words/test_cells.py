"""The cells of tables of claims."""

from hypothesis import given

from assay.report.data.rows import ClaimRow
from assay.report.words.caveats import ratio
from assay.report.words.cells import evidence
from tests.report.words.made_up_rows import claims


@given(claims())
def test_evidence_is_that_of_the_side_that_has_more(claim: ClaimRow) -> None:
    text = evidence(claim)
    if text in ("–", "none"):
        return
    seen = text.endswith(" seen")
    row = claim.seen_evidence if seen and claim.seen_evidence else claim.evidence
    against = row.against > row.support
    most = max(row.support, row.against)
    assert text == ratio(most) + " against" * against + " seen" * seen
    assert seen == (not any(part.runs for part in claim.parts))
