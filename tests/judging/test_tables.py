"""Tables as they are: real data frames, empty cells, patterns, sizes."""

import json
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import assay
from assay.cli import call
from assay.errors import DataError
from assay.judging.question import Question
from assay.judging.verdict import judge_table
from assay.readers.files import read_table
from tests.claims.test_verdicts import HIGH, LOW
from tests.judging.test_judge import AGAINST, BOTH, FLAGS, OF, as_json, csv, put, refused, rows

NAN = float("nan")

FRAMES = {
    "pandas": pd.DataFrame,
    "pandas, categories": lambda table: pd.DataFrame(table).astype({"model": "category"}),
    "pandas, an index": lambda table: pd.DataFrame(table).set_index(["model", "seed"]),
    "pandas, nullable": lambda table: pd.DataFrame(table).convert_dtypes(),
    "pandas columns": lambda table: pd.DataFrame(table).to_dict("series"),
    "polars": pl.DataFrame,
    "polars, categories": lambda table: pl.DataFrame(table).with_columns(
        pl.col("model").cast(pl.Categorical)
    ),
    "polars columns": lambda table: pl.DataFrame(table).to_dict(),
    "a record batch": pa.RecordBatch.from_pylist,
}


@pytest.mark.parametrize("form", FRAMES)
def test_real_data_frames(form) -> None:
    whole = assay.judge(BOTH, "accuracy", OF, AGAINST, margin=0.05)
    assert assay.judge(FRAMES[form](BOTH), "accuracy", OF, AGAINST, margin=0.05) == whole


def test_a_frame_that_is_not_there_yet_is_refused() -> None:
    with pytest.raises(DataError, match="the table is a LazyFrame: allowed are a data frame"):
        assay.judge(pl.DataFrame(BOTH).lazy(), "accuracy", OF, AGAINST)


def test_a_column_of_mixed_types_in_memory() -> None:
    table = {"model": ["lstm", "rnn"], "seed": [0, 0], "accuracy": [0.9, "high"]}
    for frame in (table, pd.DataFrame(table)):
        with pytest.raises(DataError, match="the table: "):
            assay.judge(frame, "accuracy", OF, AGAINST)


def curve(*values: Any, other: str = "loss") -> list[dict[str, Any]]:
    """A run that logs so at each step, and another number at every one."""
    return [
        {"model": "lstm", "seed": 0, "step": step, "accuracy": value, other: 1.0}
        for step, value in enumerate(values)
    ]


def came_to(table: list[dict[str, Any]], at: str = "last") -> tuple[float | None, list[str]]:
    found = assay.judge(table, "accuracy", OF, test="above", threshold=0.5, at=at)
    (value,) = found.claims[0].parts[0].arms[0].summary.values
    return value.value, found.notes[:-1]


def test_an_empty_cell_is_a_step_at_which_the_metric_was_not_logged() -> None:
    value, notes = came_to(curve(None, 0.2, None, 0.9, None))
    assert value == 0.9
    assert notes == ["3 rows without accuracy are steps at which it was not logged."]
    assert came_to(curve(0.2, 0.9))[1] == []
    assert came_to(curve(None, 0.2, None, 0.6), at="mean of last 2")[0] == pytest.approx(0.4)
    assert came_to(curve(None, None))[0] is None


def test_a_run_that_is_no_number_any_more_at_its_end_has_no_last_value() -> None:
    for table in (curve(0.2, 0.9, NAN), curve(0.2, 0.9, None), curve(None, 0.9, None, None)):
        assert came_to(table)[0] is None
        assert came_to(table, at="best")[0] == 0.9


def test_nan_in_a_file_is_not_an_empty_cell(tmp_path, capsys) -> None:
    flags = ["--metric", "accuracy", "--of", "model=lstm", "--test", "above", "--threshold", "0.5"]
    for cell, missing in (("", 0), ("NA", 0), ("nan", 1), ("NaN", 1), ("inf", 1)):
        lines = ["0,0.1", "1,", "2,", "3,0.7", f"4,{cell}"]
        text = "model,seed,step,accuracy\n" + "".join(f"lstm,0,{line}\n" for line in lines)
        (part,) = as_json(capsys, put(tmp_path, text), *flags)["claims"][0]["parts"]
        assert (part["missing"], part["yes"]) == (missing, 1 - missing), cell


def test_arms_by_a_pattern_are_paired_by_what_its_star_stands_for() -> None:
    table = [{"run": f"{row['model']}-{row['seed']}", "accuracy": row["accuracy"]} for row in BOTH]
    found = assay.judge(table[::-1], "accuracy", {"run": "lstm-*"}, {"run": "rnn-*"}, margin=0.05)
    whole = assay.judge(BOTH, "accuracy", OF, AGAINST, margin=0.05)
    assert found.notes == whole.notes
    assert [each.effect for each in found.claims[0].parts[0].seeds] == [
        each.effect for each in whole.claims[0].parts[0].seeds
    ]
    starred = [*table, {"run": "lstm-*", "accuracy": 0.1}]
    (claim,) = assay.judge(
        starred, "accuracy", {"run": "lstm-*"}, test="above", threshold=0.5
    ).claims
    assert claim.parts[0].runs == 1  # a name that has a star is itself
    with pytest.raises(DataError, match=r"no row has run = 'gru-\*': there are 'lstm-0'"):
        assay.judge(table, "accuracy", {"run": "gru-*"}, test="above", threshold=0.5)


def test_seeds_are_found_below_other_settings() -> None:
    table = [{**row, "training.seed": row["seed"]} for row in rows(lstm=HIGH, rnn=LOW)]
    for row in table:
        del row["seed"]
    assert len(assay.judge(table, "accuracy", OF, AGAINST).notes) == 1


def test_what_another_arm_says_does_not_matter(tmp_path, capsys) -> None:
    text = csv(BOTH) + "gru,0,high\n"
    assert as_json(capsys, put(tmp_path, text), *FLAGS)["claims"][0]["verdict"] == "supported"
    gru = [*FLAGS[:4], "--against", "model=gru"]
    assert "row 17: 'high' is no number" in refused(capsys, put(tmp_path, text), *gru)


def test_columns_are_listed(tmp_path, capsys) -> None:
    path = put(tmp_path, csv([{**row, "empty": ""} for row in BOTH]))
    assert call(["judge", path, "--list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["columns"] == {
        "model": "lstm, rnn",
        "seed": "0 to 7",
        "accuracy": f"{min(LOW):g} to {max(HIGH):g}",
        "empty": "empty",
    }
    assert call(["judge", path, *FLAGS[2:]]) == 2
    text = capsys.readouterr().err
    assert f"--metric: a column of {path}: there are 'model', 'seed', 'accuracy', 'empty'" in text


def test_units_are_those_that_are_said(tmp_path, capsys) -> None:
    path = put(tmp_path, csv(BOTH))
    texts = {}
    for unit in ("", "share", "s"):
        assert call(["judge", path, *FLAGS, "--margin", "0.01", "--unit", unit]) == 0
        texts[unit] = capsys.readouterr().out.replace("\u00a0", " ")
    assert "percentage points" not in texts[""]
    assert "percentage points higher" in texts["share"]
    assert " s higher for model=lstm" in texts["s"]
    tenfold = put(tmp_path, csv([{**row, "accuracy": 100 * row["accuracy"]} for row in BOTH]))
    assert "a share is 0 to 1" in refused(capsys, tenfold, *FLAGS, "--unit", "share")


def test_rows_that_are_too_many_runs_are_refused(tmp_path, capsys) -> None:
    table = {"accuracy": np.arange(12_000.0), "model": ["lstm"] * 12_000}
    with pytest.raises(DataError, match=r"make 12,000 runs, and 10,000 are the most: where a run"):
        assay.judge(table, "accuracy", OF, test="above", threshold=0.5)


def test_a_long_table_is_no_python_objects(tmp_path: Path) -> None:
    runs, steps = 20, 5_000
    path = tmp_path / "long.csv"
    with path.open("w") as file:
        file.write("model,seed,step,accuracy\n")
        for run in range(runs):
            file.writelines(f"{'lstm' if run % 2 else 'rnn'},{run},{n},{n}\n" for n in range(steps))
    question = Question("accuracy", OF, AGAINST)
    read_table(str(path))  # imports what it needs
    tracemalloc.start()
    found = judge_table(read_table(str(path)), question, "long.csv")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.claims[0].parts[0].runs == 10
    # The file, and eight numbers a row; a list of texts alone takes 60 bytes a row.
    assert peak < path.stat().st_size + 64 * runs * steps


SLOW = {"torch", "pandas", "matplotlib"}


def test_what_takes_long_is_not_loaded(tmp_path) -> None:
    judge = ["judge", put(tmp_path, csv(BOTH)), *FLAGS]
    for arguments, others in (
        (["judge", "--help"], {"numpy", "scipy", "pyarrow", "pydantic"}),
        (judge, set()),
    ):
        code = (
            f"import sys; from assay.cli import call; call({arguments!r}); "
            "print(*{each.partition('.')[0] for each in sys.modules}, file=sys.stderr)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert done.stdout
        assert not set(done.stderr.split()) & (SLOW | others)
