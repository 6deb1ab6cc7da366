"""The verdicts on the page: at its beginning, one row a claim."""

from pathlib import Path

import pytest

from assay.claims.snapshot import Snapshot
from assay.report.pages.write import write_report
from assay.report.words import cells
from assay.report.words import numbers as words
from assay.report.words.missing import missing_short
from assay.store import Store
from tests.claims.made_up_claims import declare
from tests.report import made_up_runs
from tests.report.made_up_runs import SMALL, fill, write_study
from tests.report.page import Page, one_line

WHERE = "Somebody 2024, table 1"
STUDY = SMALL.replace('id = "C1"\n', f'id = "C1"\nwhere = "{WHERE}"\n')
UNTESTED = """
[[claims]]
id = "C2"
sentence = "Twice as long is slower still."
[[claims.parts]]
sentence = "It is."
metric = "final_accuracy"
test = "above"
of = { experiment = "long" }
threshold = 0.5
margin = 0.0
unit = "accuracy"
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def test_verdicts_come_first_with_their_numbers(tmp_path, store) -> None:
    study = write_study(tmp_path, STUDY)
    fill(store, study.arms("full"))
    declare(study.path, store)
    page = Page(
        write_report(Snapshot(study, "full", store), tmp_path / "out").read_text(encoding="utf-8")
    )
    sections = [each["aria-labelledby"] for each in page.all("section")]
    assert sections[:1] == ["verdicts"]
    assert sections.index("figures") < sections.index("run")
    claim = made_up_runs.rows(study, store, "full").claims[0]
    part = cells.decisive(claim)
    row = [cells.seeds(part), cells.evidence(claim)]
    row += [f"{cells.effect(part)} {cells.effect_range(part)}".strip()]
    row += [cells.margin(part), words.test(part)]
    found = [[one_line(cell) for cell in row] for row in page.rows]
    expected = [f"C1 {cells.verdict_word(claim)}", f"{claim.sentence} {missing_short(claim)}"]
    assert [*expected, *(one_line(cells.in_points(each)) for each in row)] in found


def test_a_claim_that_is_not_tested_says_why(tmp_path, store) -> None:
    study = write_study(tmp_path, STUDY + UNTESTED)
    fill(store, [arm for arm in study.arms("full") if arm.experiment == "short"])
    page = Page(
        write_report(Snapshot(study, "full", store), tmp_path / "out").read_text(encoding="utf-8")
    )
    rows = [[one_line(cell) for cell in row] for row in page.rows]
    reason = "Not tested: no run of long has ended."
    assert ["C2 not tested", "Twice as long is slower still.", reason] in rows


def test_a_claim_is_where_the_study_says(tmp_path, store) -> None:
    study = write_study(tmp_path, STUDY)
    fill(store, study.arms("full"))
    for format in ("html", "ipynb"):
        target = write_report(Snapshot(study, "full", store), tmp_path / "out", format)
        text = target.read_text()
        assert WHERE in text
        assert f"section {WHERE}" not in text
