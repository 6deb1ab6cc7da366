"""The multiverse in the report, and what the report says of one that was not run."""

import json
from dataclasses import replace

import nbformat
import pytest

from assay.api import Study
from assay.claims.statistics.curve import CurveTest
from assay.cli import call
from assay.config import MemoryConfig
from assay.errors import StoreError, StudyError
from assay.report.data.rows import (
    ChoiceRow,
    InferenceRow,
    MeanRow,
    MultiverseRow,
    PValues,
    RunCounts,
)
from assay.report.data.universes import _inference
from assay.report.words.multiverse import multiverse_words
from assay.study import load_study
from tests.claims.made_up_universes import STUDY, fill, write
from tests.report.made_up_runs import made_up_log, write_run
from tests.report.page import Page, one_line


def _time(run: MemoryConfig) -> int | None:
    """With Adam neither is solved."""
    return 100 if run.optimizer == "rmsprop" and run.cell == "lstm" else None


@pytest.fixture
def path(tmp_path, store):
    """A study of which one ordinary run is finished, as every report needs."""
    path = write(tmp_path, STUDY.replace('[experiments.gan]\nkind = "gan"\n', ""))
    config = load_study(str(path)).arms("quick")[0].runs[0]
    assert isinstance(config, MemoryConfig)
    write_run(store, config, made_up_log(config))
    return path


def _report(path, store, folder, format="html") -> str:
    arguments = ["report", str(path), "--store", str(store.root), "--out", str(folder)]
    assert call([*arguments, "--format", format]) == 0
    name = "index.html" if format == "html" else f"report.{format}"
    return (folder / name).read_text(encoding="utf-8")


def test_the_curve_is_on_the_page_and_in_the_json(path, store, tmp_path, capsys) -> None:
    fill(path, store, _time)
    page = Page(_report(path, store, tmp_path / "out"))
    text = one_line(page.text)
    names = [each["id"] for each in page.all("figure") if "multiverse" in (each["id"] or "")]
    assert names == ["figure-multiverse-S", "figure-multiverse-T"]
    for name in names:
        assert (tmp_path / "out" / "figures" / f"{name}.svg").is_file()
        assert (tmp_path / "out" / "figures" / f"{name}.png").is_file()
    claims = json.loads(_report(path, store, tmp_path / "out", "json"))["claims"]
    for claim in claims:
        for words in claim["multiverse"]["words"].values():
            assert one_line(words) in text
    rows = [[one_line(cell) for cell in row] for row in page.rows]
    assert ["optimizer", "rmsprop", "4", "4", "0", "+100.0 percentage points", "0"] in rows
    assert ["adam", "4", "0", "0", "0.0 percentage points"] in rows
    assert "assay run" in text
    assert "--multiverse" in text
    capsys.readouterr()
    assert call(["claims", str(path), "--store", str(store.root), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["claims"] == claims


def test_a_notebook_has_curve_and_words(path, store, tmp_path) -> None:
    fill(path, store, _time)
    cells = nbformat.reads(_report(path, store, tmp_path / "out", "ipynb"), as_version=4).cells
    drawn = [cell for cell in cells if "specification_curve" in cell.source]
    assert [cell.source for cell in drawn] == [
        "study.specification_curve('S')",
        "study.specification_curve('T')",
    ]
    assert all("image/png" in cell.outputs[0]["data"] for cell in drawn)
    text = one_line("".join(cell.source for cell in cells))
    study = Study(str(path), store.root)
    for claim in study.data()["claims"]:
        assert one_line(claim["multiverse"]["words"]["sides"]) in text
    assert "| optimizer | rmsprop | 4 | 4 | 0 | +100.0 percentage points | 0 |" in text
    assert len(study.specification_curve("S").axes) > 1


def test_one_that_was_not_run_is_not_drawn(path, store, tmp_path) -> None:
    text = _report(path, store, tmp_path / "out", "ipynb")
    assert "specification_curve" not in text
    assert "universe" not in text
    study = Study(str(path), store.root)
    with pytest.raises(StoreError, match=r"no finished universe of claim S.*assay run .* --multi"):
        study.specification_curve("S")
    with pytest.raises(StudyError, match=r"no multiverse of claim 'X': there is one of S, T$"):
        study.specification_curve("X")


def test_one_that_was_not_run_says_so(path, store, tmp_path) -> None:
    page = Page(_report(path, store, tmp_path / "out"))
    text = one_line(page.text)
    assert text.count("Not run: 30 of 30 runs are missing, which leaves out 8 universes.") == 2
    assert not [each for each in page.all("figure") if "multiverse" in (each["id"] or "")]
    claims = json.loads(_report(path, store, tmp_path / "out", "json"))["claims"]
    assert [claim["multiverse"]["complete"] for claim in claims] == [0, 0]


P = (PValues(0.011, 0.99), PValues(0.022, 0.98))


@pytest.mark.parametrize(
    ("claimed", "mean", "share", "side"),
    [(6, "0.011", "0.022", "the claimed"), (1, "0.99", "0.98", "the other")],
)
def test_each_p_stands_by_what_it_is_of(claimed: int, mean: str, share: str, side: str) -> None:
    row = _inference(CurveTest((0.011, 0.99), (0.022, 0.98), 400, exact=False))
    assert row == InferenceRow(400, False, row.floor, *P)
    data = replace(_row(), claimed=claimed, other=7 - claimed, inference=row)
    text = one_line(multiverse_words(data).p)
    assert f"would give a mean as far out with p = {mean}, " in text
    assert f"as many universes on {side} side with p = {share}; of 400 drawn relabellings" in text


def _row() -> MultiverseRow:
    """Seven of eight universes have a side."""
    return MultiverseRow(
        arms=["LSTM", "RNN"],
        is_time=False,
        test="greater",
        unit="accuracy",
        seeds=3,
        updates=400,
        stop_accuracy=0.9,
        axes={},
        runs=RunCounts(48, 48, 0, 0, 0, 0),
        universes=8,
        complete=8,
        claimed=6,
        other=1,
        none=1,
        effect=MeanRow(0.5),
        inference=None,
        choices=[ChoiceRow("optimizer", 0, [])],
        turns=[],
        curve=[],
    )


def test_a_study_without_one_says_nothing(path, store, tmp_path) -> None:
    path.write_text(path.read_text()[: path.read_text().index("[multiverse]")])
    text = Page(_report(path, store, tmp_path / "out")).text
    assert "universe" not in text
    claims = json.loads(_report(path, store, tmp_path / "out", "json"))["claims"]
    assert [claim["multiverse"] for claim in claims] == [None, None]
