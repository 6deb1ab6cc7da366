"""The section of claims: which p-value is which, and how many runs there are of how many."""

import re

import pytest

from assay import Study
from tests.claims.made_up_claims import fill, part, write
from tests.claims.test_verdicts import HIGH, LOW
from tests.report.page import Page, one_line

P = r"\W*([\d.e-]+)"
P_VALUES = re.compile(rf"(?:p-value|p =){P} for the claim,{P} against it")


def texts(path, store, folder) -> list[str]:
    """The report as a page and as a notebook, and the claim as Python shows it."""
    study = Study(str(path), store)
    page = Page(study.report("full", folder=folder).read_text(encoding="utf-8"))
    notebook = study.report("full", "ipynb", folder).read_text(encoding="utf-8")
    return [one_line(page.text), notebook, str(study.claim("C1", "full"))]


@pytest.mark.parametrize(("of", "supported"), [("first", True), ("second", False)])
def test_the_p_value_for_a_claim_is_not_that_against_it(of, supported, tmp_path, store) -> None:
    other = {"first": "second", "second": "first"}[of]
    arms = {"of": f'{{ experiment = "{of}" }}', "against": f'{{ experiment = "{other}" }}'}
    path = write(tmp_path, [part(**arms)])
    fill(path, store, first=HIGH, second=LOW)
    for text in texts(path, store, tmp_path / "out"):
        ((for_it, against_it),) = P_VALUES.findall(text)
        # 8 runs against 8 that do not overlap: the side is beyond doubt.
        assert (float(for_it) < 0.01) == supported
        assert (float(against_it) < 0.01) != supported


def test_runs_that_are_missing_are_not_counted(tmp_path, store) -> None:
    path = write(tmp_path, [part()])
    fill(path, store, first=HIGH, second=[*LOW[:4], None])
    page, notebook, claim = texts(path, store, tmp_path / "out")
    rows = Page((tmp_path / "out" / "index.html").read_text(encoding="utf-8")).rows
    cells = [[one_line(cell) for cell in row] for row in rows if len(row) == 5]
    counted = {row[0]: row[1] for row in cells if row[0] in ("first", "second")}
    assert counted == {"first": "8", "second": "4 of 8"}
    for text in (notebook, claim):
        assert "| first | 8 |" in text
        assert "| second | 4 of 8 |" in text
    assert page
