"""Rows as JSON, and as they are kept between processes."""

import json

from pydantic import TypeAdapter

from assay.report.data.plain import plain
from assay.report.data.report import FactsRow, ReportData
from assay.report.data.rows import ArmRow, ClaimRow, SeedRow, SummaryRow
from assay.store import Store
from tests.report.made_up_runs import fill, numbers, rows


def test_what_is_inline_is_among_the_keys_around_it() -> None:
    arm = ArmRow("a", "A", 2, 1, 0, SummaryRow(3, 3, 3.5, 1, 0, None, [SeedRow(0, 3, None)]))
    assert json.dumps(plain([arm])) == (
        '[{"arm": "a", "label": "A", "seeds": 2, "runs": 1, "diverged": 0, "median": 3, "low": 3, '
        '"high": 3.5, "n": 1, "censored": 0, "censored_at": null, '
        '"values": [{"seed": 0, "value": 3, "censored_at": null}]}]'
    )
    assert plain(FactsRow(4, {"processor": "x"})) == {"runs": 4, "processor": "x"}


def test_rows_are_kept_as_they_are(page_rows) -> None:
    form = TypeAdapter(ReportData)
    kept = form.validate_python(json.loads(json.dumps(form.dump_python(page_rows, mode="json"))))
    assert kept == page_rows
    # 3 and 3.0 are equal, and not the same in a file.
    assert json.dumps(plain(kept)) == json.dumps(plain(page_rows))


def test_the_json_is_that_of_the_rows(small_study, tmp_path) -> None:
    store = Store(tmp_path / "store")
    fill(store, small_study.arms("full"))
    data, made = numbers(small_study, store, "full"), rows(small_study, store, "full")
    assert list(data) == [*vars(made), "curves"]
    (claim,), (row,) = data["claims"], made.claims
    assert isinstance(row, ClaimRow)
    assert claim["verdict"] == row.verdict
    assert claim["parts"][0]["arms"][0]["median"] == row.parts[0].arms[0].summary.median
    assert data["table"][0]["best_accuracy"]["n"] == made.table[0].summaries["best_accuracy"].n
    assert data["runs"]["planned"] == made.runs.counts.planned
