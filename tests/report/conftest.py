"""Stores of made-up runs, and what a report makes of them."""

from pathlib import Path
from typing import Any

import pytest

from assay.claims.snapshot import Snapshot
from assay.report.data.report import ReportData
from assay.report.pages.write import write_report
from assay.store import Store
from assay.study import StudyPlan, load_study
from tests.report.made_up_runs import SMALL, fill, numbers, rows, write_study


@pytest.fixture(scope="session")
def flagship() -> StudyPlan:
    return load_study("cs324_a3")


@pytest.fixture(scope="session")
def full_store(flagship: StudyPlan, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Every run of the flagship's quick profile. Read only."""
    made = Store(tmp_path_factory.mktemp("flagship") / "store")
    fill(made, flagship.arms("quick"))
    return made


@pytest.fixture(scope="session")
def flagship_page(
    flagship: StudyPlan, full_store: Store, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The page of the flagship's quick profile, which is written once."""
    target = tmp_path_factory.mktemp("report") / "reports" / "cs324_a3"
    found = write_report(Snapshot(flagship, "quick", full_store), target)
    assert found == target / "index.html"
    return found


@pytest.fixture(scope="session")
def data(flagship: StudyPlan, full_store: Store) -> dict[str, Any]:
    """The numbers of the flagship's quick profile."""
    return numbers(flagship, full_store)


@pytest.fixture(scope="session")
def page_rows(flagship: StudyPlan, full_store: Store) -> ReportData:
    """What its pages are made of."""
    return rows(flagship, full_store)


@pytest.fixture
def small_study(tmp_path: Path) -> StudyPlan:
    """Two experiments, one of them shortened in the profile `quick`, and a claim of two parts."""
    return write_study(tmp_path, SMALL)
