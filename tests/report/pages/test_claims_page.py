"""The section of claims: the same words everywhere, and how many runs there are of how many."""

import pytest

from assay import Study
from assay.cli import call
from assay.report.words.numbers import NBSP
from assay.study import load_study
from tests.claims import made_up_universes
from tests.claims.made_up_claims import fill, log, part, write
from tests.claims.test_verdicts import HIGH, LOW
from tests.report.made_up_runs import write_run
from tests.report.page import Page, one_line


def texts(path, store, folder) -> list[str]:
    """The report as a page and as a notebook, and the claim as Python shows it."""
    study = Study(str(path), store)
    first = study.claims[0].id
    page = Page(study.report("full", folder=folder).read_text(encoding="utf-8"))
    notebook = study.report("full", "ipynb", folder).read_text(encoding="utf-8")
    found = [one_line(page.text), notebook, str(study.claim(first, "full"))]
    return [text.replace(NBSP, " ").replace("\\u00a0", " ") for text in found]


@pytest.mark.parametrize("word", ["Supported", "Contrary"])
def test_what_a_claim_says_is_the_same_everywhere(word, tmp_path, store) -> None:
    arms = ['{ experiment = "first" }', '{ experiment = "second" }']
    of, against = arms if word == "Supported" else arms[::-1]
    path = write(tmp_path, [part(of=of, against=against)])
    fill(path, store, first=HIGH, second=LOW)
    study = Study(str(path), store)
    meaning = study.claim_rows("full")[0].meaning.replace(NBSP, " ")
    assert meaning.startswith(word)
    page, *others = texts(path, store, tmp_path / "out")
    assert meaning in page
    for text in others:  # in Markdown, brackets are escaped
        assert meaning.split(" (")[0] in text


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
    (row,) = Study(str(path), store).claim_rows("full")
    arms = row.parts[0].arms
    assert [(arm.seeds, arm.runs, arm.diverged, arm.summary.n) for arm in arms] == [
        (8, 8, 0, 8),
        (8, 5, 1, 4),
    ]


def test_fragility_stands_beside_the_word(tmp_path, store, capsys) -> None:
    """In the page, in the notebook, in Python and at the prompt."""
    path = made_up_universes.write(tmp_path)
    path.write_text(path.read_text().replace("[profiles.quick]", "[profiles.full]"))
    made_up_universes.fill(path, store, lambda run: 100 if run.cell == "lstm" else None)
    for config in load_study(str(path)).arms("full", "lstm")[0].runs:
        write_run(store, config, log(0.95))
    of = "in 8 of 8 universes"
    page, notebook, claim = texts(path, store, tmp_path / "out")
    assert page.count(f"not tested {of}") >= 2  # at the top, and at the claim
    assert notebook.count(f"**not tested** {of}") == 2  # two claims
    assert f": not tested {of}" in claim
    assert call(["claims", str(path), "--profile", "full", "--store", str(store.root)]) == 0
    assert "not tested 8 of 8 " in capsys.readouterr().out
