import json

import pytest

from assay.claims.snapshot import Snapshot
from assay.errors import StoreError
from assay.report.pages.write import write_report
from assay.store import Store
from tests.report.made_up_runs import fill


def test_json_is_every_number_of_the_report(flagship, full_store, data, tmp_path) -> None:
    target = write_report(Snapshot(flagship, "quick", full_store), tmp_path, "json")
    assert target == tmp_path / "report.json"

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    read = json.loads(target.read_text(encoding="utf-8"), parse_constant=refuse)
    assert read == data
    assert set(read) == {
        "format",
        "study",
        "profile",
        "runs",
        "environment",
        "table",
        "table_notes",
        "checks",
        "generators",
        "generator_words",
        "others",
        "floors",
        "horizons",
        "notices",
        "figures",
        "claims",
        "settings",
        "commands",
        "curves",
    }
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_a_report_replaces_the_last_one(small_study, tmp_path) -> None:
    store = Store(tmp_path / "store")
    fill(store, small_study.arms("quick")[:1])
    before = write_report(Snapshot(small_study, "quick", store), tmp_path / "out").read_bytes()
    fill(store, small_study.arms("quick")[1:])
    after = write_report(Snapshot(small_study, "quick", store), tmp_path / "out").read_bytes()
    assert b"2 of 6 runs finished" in before
    assert b"6 of 6 runs finished" in after


def test_a_folder_that_cannot_be_written_is_one_sentence(small_study, tmp_path) -> None:
    store = Store(tmp_path / "store")
    fill(store, small_study.arms("quick"))
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be written"):
        write_report(Snapshot(small_study, "quick", store), tmp_path / "file" / "out")
