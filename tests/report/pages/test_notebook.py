import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from nbclient import NotebookClient

from assay.api import Study
from assay.claims.snapshot import Snapshot
from assay.errors import StoreError, StudyError
from assay.report.pages.markdown import claim, sections
from assay.report.pages.write import write_report
from assay.report.words import cells
from assay.report.words import numbers as words
from assay.store import Store
from tests.report.made_up_runs import SMALL, fill, numbers, rows, write_study
from tests.report.page import Page, one_line


@pytest.fixture
def store(small_study, tmp_path) -> Store:
    made = Store(tmp_path / "store")
    fill(made, small_study.arms("full"))
    fill(made, small_study.arms("quick"))
    return made


def test_it_draws_every_figure_and_has_it_already(small_study, store, tmp_path) -> None:
    folder = tmp_path / "reports" / "own"
    target = write_report(Snapshot(small_study, "full", store), folder, "ipynb")
    assert target == folder / "report.ipynb"
    again = write_report(Snapshot(small_study, "full", store), folder, "ipynb").read_bytes()
    assert again == target.read_bytes()

    notebook = nbformat.read(target, as_version=4)
    nbformat.validate(notebook)
    calls = ("study.strip(", "study.figure(")
    drawn = [cell for cell in notebook.cells if cell.source.startswith(calls)]
    assert [cell.source for cell in drawn] == [
        "study.strip(PROFILE)",
        *(f"study.figure('{figure.id}', PROFILE)" for figure in small_study.figures),
    ]
    assert all(_pictures(cell) == 1 for cell in drawn)

    for cell in drawn:
        cell.outputs = []
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources=resources).execute()
    assert all(_pictures(cell) == 1 for cell in drawn)
    assert "'probe': 'state_gradient'" in str(notebook.cells[-1].outputs)


def test_it_says_what_the_report_says(small_study, store) -> None:
    data = rows(small_study, store, "full")
    module = sections(data)
    page = _page(str(module.head()) + str(module.table_1()))
    text = one_line(page.text)
    for row in data.table:
        assert row.title in text
        best = words.median(row.summaries["best_accuracy"], "best_accuracy", "accuracy")
        assert one_line(best) in text
    (only,) = data.claims
    assert ["C1", cells.verdict_word(only)] in [row[:2] for row in page.rows]
    about = one_line(_page(claim(data, "C1")).text)
    for said in (only.sentence, only.meaning, *map(cells.asked_and_shown, only.parts)):
        assert one_line(said) in about
    shown = _page("".join(str(module.settings_of(n, n, "why")) for n in ("assumed", "reported")))
    assert ["optimizer", "rmsprop", "a guess"] in shown.rows


TEXT = st.text(st.characters(codec="ascii", exclude_categories=["C"])).map(str.strip).filter(bool)


@settings(deadline=None)
@given(TEXT | TEXT.map("- {}".format) | TEXT.map("1. {}".format))
def test_a_users_text_is_shown_as_it_is(page_rows, text: str) -> None:
    first = page_rows.claims[0]
    told = replace(first, sentence=text, parts=[replace(first.parts[0], sentence=text)])
    page = _page(claim(replace(page_rows, claims=[told]), first.id))
    assert one_line(page.text).count(one_line(text)) >= 2
    assert {"ul", "ol", "code", "em", "a"}.isdisjoint(tag for tag, _ in page.tags)


def test_one_figure_table_or_claim_alone(small_study, store, tmp_path) -> None:
    study = Study(str(small_study.path), store.root)
    first = study.figures[0].id
    assert len(study.figure(first).axes) > 1
    assert "| 5 | Short" in study.table()
    assert "Long strings are slower" in study.claim("C1")
    assert study.data() == numbers(small_study, store)
    assert len(study.runs()) == len(study.plan())
    with pytest.raises(StudyError, match=r"no figure 'A9': there are 1, 2$"):
        study.figure("A9")
    with pytest.raises(StudyError, match="no claim 'R1': there are C1"):
        study.claim("R1")
    with pytest.raises(StoreError, match="no finished run of figure 1 of own, profile quick"):
        Study(str(small_study.path), tmp_path / "empty").figure("1")


def test_a_study_without_claims_or_finished_figures_has_a_notebook(tmp_path) -> None:
    study = write_study(tmp_path, SMALL[: SMALL.index("[[claims]]")])
    store = Store(tmp_path / "store")
    fill(store, study.arms("quick")[:1])
    target = write_report(Snapshot(study, "quick", store), tmp_path / "out", "ipynb")
    cells = nbformat.read(target, as_version=4).cells
    assert not any("Claims" in cell.source for cell in cells)
    assert sum("No run of this figure is finished" in cell.source for cell in cells) == 1


def test_without_nbformat_it_is_one_sentence_and_nothing_is_written(
    small_study, store, tmp_path
) -> None:
    code = (
        "import sys; sys.modules['nbformat'] = None; from assay.cli import call; "
        "sys.exit(call(sys.argv[1:]))"
    )
    arguments = ["report", str(small_study.path), "--store", str(store.root), "--format", "ipynb"]
    found = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert found.returncode == 2
    assert found.stderr.startswith("error: format = 'ipynb' needs the package nbformat: install")
    assert found.stderr.count("\n") == 1
    assert not Path(tmp_path / "reports").exists()


def _pictures(cell: nbformat.NotebookNode) -> int:
    return sum("image/png" in output.get("data", {}) for output in cell.outputs)


def _page(markdown: str) -> Page:
    return Page(MarkdownIt("commonmark").enable("table").render(markdown))
