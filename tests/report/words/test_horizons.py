"""What a report says of memory horizons, in numbers and in words."""

from pathlib import Path
from typing import Any

import pytest

from assay import api
from assay.claims.snapshot import Snapshot
from assay.errors import StudyError
from assay.report.pages.write import write_report
from assay.report.words.horizons import estimate_words, interval_words
from assay.report.words.numbers import NBSP
from assay.store import Store
from assay.store.log import Check, Epoch
from assay.study import StudyPlan
from tests.report.made_up_runs import numbers, rows, write_run, write_study

STUDY = """
title = "Horizons"
[defaults]
data_size = 1000
updates = 50
[experiments.lstm]
title = "LSTM"
grid = { initialisation = ["pytorch", "chrono"], length = [5, 10, 20] }
[experiments.lru]
title = "LRU"
cell = "lru"
grid = { length = [5, 10, 20] }
[profiles.quick]
seeds = 1
[profiles.quick.experiments]
lru = { grid = { length = [5, 10] } }
[profiles.full]
seeds = 8
[[figures]]
id = "H"
title = "How far"
kind = "horizon"
experiments = ["lstm", "lru"]
[[figures]]
id = "C"
title = "Curves"
experiments = ["lstm", "lru"]
at = { length = 10 }
"""

Solved = dict[tuple[str, str | None], list[int]]
SOLVED: Solved = {
    ("lstm", "pytorch"): [8, 0, 0],
    ("lstm", "chrono"): [8, 8, 8],
    ("lru", None): [0, 0, 0],
}


def filled(tmp_path: Path, solved_runs: Solved = SOLVED) -> tuple[StudyPlan, Store]:
    study, store = write_study(tmp_path, STUDY), Store(tmp_path / "store")
    for arm in study.arms("full"):
        shares = solved_runs[arm.experiment, arm.point.get("initialisation")]
        solved = shares[[5, 10, 20].index(arm.point["length"])]
        for config in arm.runs:
            accuracy = 1.0 if config.seed < solved else 0.1
            checks = [Check(at, {"accuracy": accuracy}) for at in (25, 50)]
            quantities = {"loss": 1.0, "accuracy": accuracy, "clipped": 0.0, "update_norm": 0.1}
            write_run(store, config, [*checks, Epoch(1, 50, quantities, quantities)])
    return study, store


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return numbers(*filled(tmp_path_factory.mktemp("horizons")), profile="full")


def test_the_numbers_are_all_there(data: dict[str, Any]) -> None:
    bracketed, beyond, below = data["horizons"]
    assert bracketed["label"] == "LSTM, pytorch"
    assert bracketed["longest"] == 5
    assert bracketed["low"] is None
    assert 5 < bracketed["estimate"] < bracketed["high"] <= 10
    assert bracketed["points"][1] == {"length": 10, "solved": 0, "runs": 8}
    assert bracketed["updates"] == 50
    assert beyond["estimate"] is beyond["high"] is None
    assert beyond["beyond"] == "above"
    assert 15 < beyond["low"] < 20
    assert below["estimate"] is below["low"] is below["longest"] is None
    assert below["beyond"] == "below"
    assert below["high"] == pytest.approx(5)


def test_a_sentence_each(data: dict[str, Any]) -> None:
    bracketed, beyond, below = (row["sentence"].replace(NBSP, " ") for row in data["horizons"])
    assert bracketed.startswith(
        "LSTM, pytorch: 80 % of runs are solved within 50 updates up to T = "
    )
    assert "(95 % interval: at most 10)" in bracketed
    assert bracketed.endswith("The longest tried at which that many were: 8 of 8 runs at T = 5.")
    assert "up to a length beyond the longest length tried, T = 20 (95 % interval: at l" in beyond
    assert "how far beyond is not known" in beyond
    assert "only at lengths below the shortest length tried, T = 5 (95 % interval: at mos" in below
    assert "At no length tried were 80 % of the runs solved." in below


def test_where_length_makes_no_difference_no_horizon_is_known(tmp_path: Path) -> None:
    solved = SOLVED | {("lru", None): [7, 6, 7]}
    *_, row = rows(*filled(tmp_path, solved), profile="full").horizons
    assert row.low is row.high is None
    assert estimate_words(row) == "not known"
    assert interval_words(row) == "open at both ends"
    assert "these runs do not tell up to which length" in row.sentence


def test_the_page_shows_chart_table_and_sentences(tmp_path: Path) -> None:
    study, store = filled(tmp_path)
    target = write_report(Snapshot(study, "full", store), tmp_path / "report")
    page = target.read_text()
    assert (tmp_path / "report/figures/figure-H.png").stat().st_size > 10_000
    assert 'id="horizons"' in page
    assert "5:&nbsp;8/8, 10:&nbsp;0/8, 20:&nbsp;0/8" in page
    assert "beyond 20" in page
    assert "below 5" in page


def test_a_notebook_has_the_table(tmp_path: Path) -> None:
    study, store = filled(tmp_path)
    found = api.Study(str(study.path), store.root).table("full")
    assert found.startswith("## Memory horizons")
    assert "5: 8/8, 10: 0/8, 20: 0/8" in found
    assert "| beyond 20 |" in found
    assert "| below 5 |" in found
    notebook = write_report(
        Snapshot(study, "full", store), tmp_path / "report", "ipynb"
    ).read_text()
    assert "## Memory horizons" in notebook


def test_a_profile_keeps_part_of_a_grid(tmp_path: Path) -> None:
    study = write_study(tmp_path, STUDY)
    seeds = {arm.key: arm.seeds for arm in study.arms("quick") if arm.experiment == "lru"}
    assert seeds == {"lru[length=5]": 1, "lru[length=10]": 1, "lru[length=20]": 0}
    assert {arm.seeds for arm in study.arms("full")} == {8}


def test_a_figure_takes_the_arms_at_its_values(data: dict[str, Any]) -> None:
    curves = next(figure for figure in data["figures"] if figure["id"] == "C")
    assert curves["arms"] == [
        "lstm[initialisation=pytorch, length=10]",
        "lstm[initialisation=chrono, length=10]",
        "lru[length=10]",
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            ('"chrono"], length = [5, 10, 20]', '"chrono"], length = [5]'),
            "figure H: kind = 'horizon' needs two or more values of 'length' in the grid",
        ),
        (("at = { length = 10 }", "at = { length = 11 }"), "figure C: at length = 11: no grid"),
        (("at = { length = 10 }", "at = { size = 10 }"), "figure C: at size = 10: no grid"),
        (
            ("lru = { grid = { length = [5, 10] } }", "lru = { grid = { length = [5, 11] } }"),
            "quick.experiments.lru.grid.length: '11' is unknown: allowed are 5, 10, 20",
        ),
        (
            ("lru = { grid = { length = [5, 10] } }", "lru = { grid = { size = [5] } }"),
            "quick.experiments.lru.grid: 'size' is unknown: allowed are length",
        ),
    ],
)
def test_what_cannot_be_is_told_in_one_sentence(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    with pytest.raises(StudyError) as error:
        write_study(tmp_path, STUDY.replace(*change))
    assert message in str(error.value)
    assert "own.toml" in str(error.value)
