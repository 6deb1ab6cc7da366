"""Verdicts on tables: the same as those of a study's runs, whatever form the table has."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

import assay
from assay.cli import call
from assay.errors import AssayError
from assay.judging.runs import reading
from assay.judging.verdict import EXPLORATORY
from assay.outcomes.reading import At
from tests.claims.made_up_claims import fill, part, write
from tests.claims.test_verdicts import HIGH, LOW, judged

OF, AGAINST = {"model": "lstm"}, {"model": "rnn"}


def rows(**arms: list[float]) -> list[dict[str, Any]]:
    return [
        {"model": model, "seed": seed, "accuracy": value}
        for model, values in arms.items()
        for seed, value in enumerate(values)
    ]


BOTH = rows(lstm=HIGH, rnn=LOW)
FLAGS = ["--metric", "accuracy", "--of", "model=lstm", "--against", "model=rnn"]


def put(folder: Path, content: str | bytes, name: str = "results.csv") -> str:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def csv(table: list[dict[str, Any]], delimiter: str = ",") -> str:
    lines = [delimiter.join(table[0])]
    return "\n".join([*lines, *(delimiter.join(map(str, row.values())) for row in table)]) + "\n"


def as_json(capsys: Any, *arguments: str) -> dict[str, Any]:
    assert call(["judge", *arguments, "--json"]) == 0, capsys.readouterr().err
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def refused(capsys: Any, *arguments: str) -> str:
    assert call(["judge", *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert len(shown.err.strip().splitlines()) == 1
    assert shown.err.startswith("error: ")
    return str(shown.err)


def test_it_is_the_verdict_of_a_study(tmp_path, store) -> None:
    path = write(tmp_path, [part()])
    fill(path, store, first=HIGH, second=LOW)
    (verdict,) = judged(path, store)
    found = assay.judge(BOTH, "accuracy", OF, AGAINST, margin=0.05)
    (claim,) = found.claims
    assert (found.verdict, claim.seeds) == (verdict.word, verdict.decision.seeds)
    assert claim.evidence.support == verdict.decision.evidence.support
    assert found.notes == [EXPLORATORY]
    assert "5 of 5" not in str(found)
    assert "8 of 8 seeds show it" in str(found)


FORMS = {
    "a list of rows": lambda table: table,
    "a dict of columns": lambda table: {name: [row[name] for row in table] for name in table[0]},
    "arrow": lambda table: pa.Table.from_pylist(table),
    "an array a column": lambda table: {
        name: np.array([row[name] for row in table]) for name in table[0]
    },
}


@pytest.mark.parametrize("form", FORMS)
def test_any_form_in_memory(form) -> None:
    whole = assay.judge(BOTH, "accuracy", OF, AGAINST, margin=0.05)
    assert assay.judge(FORMS[form](BOTH), "accuracy", OF, AGAINST, margin=0.05) == whole


class _Frame:
    """A data frame of some library: all that is known of it is the protocol."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __dataframe__(self, **options: bool) -> Any:
        return self._table.__dataframe__(**options)


class _Capsule:
    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self._table.__arrow_c_stream__(requested_schema)


@pytest.mark.parametrize("wrapped", [_Frame, _Capsule])
def test_data_frames_by_their_protocols(wrapped) -> None:
    whole = assay.judge(BOTH, "accuracy", OF, AGAINST)
    assert assay.judge(wrapped(pa.Table.from_pylist(BOTH)), "accuracy", OF, AGAINST) == whole


def test_files_of_every_kind(tmp_path, capsys) -> None:
    whole = as_json(capsys, put(tmp_path, csv(BOTH)), *FLAGS)
    assert whole["claims"][0]["verdict"] == "supported"
    lines = "".join(json.dumps(row) + "\n" for row in BOTH)
    pyarrow.parquet.write_table(pa.Table.from_pylist(BOTH), tmp_path / "results.parquet")
    folder = tmp_path / "many"
    folder.mkdir()
    put(folder, csv(BOTH[:8]), "a.csv")
    put(folder, csv(BOTH[8:]), "b.csv")
    mixed = tmp_path / "mixed"  # CSV's few texts, its many ones, and those of JSON
    mixed.mkdir()
    noted = [{**row, "note": f"n{place}"} for place, row in enumerate(BOTH)]
    others = [{"model": "gru", "seed": n, "accuracy": 0, "note": f"n{n}"} for n in range(60)]
    put(mixed, csv(noted[:8]), "a.csv")
    put(mixed, "".join(json.dumps(row) + "\n" for row in noted[8:]), "b.jsonl")
    put(mixed, csv(others), "c.csv")
    for path in (
        put(tmp_path, lines, "results.jsonl"),
        str(tmp_path / "results.parquet"),
        str(folder),
        str(mixed),
        put(tmp_path, csv(BOTH, ";"), "semicolons.csv"),
        put(tmp_path, csv(BOTH, ";").replace(".", ","), "german.csv"),
        put(tmp_path, csv(BOTH, "\t"), "tabs.tsv"),
        put(tmp_path, csv(BOTH, " , "), "spaces.csv"),
        put(tmp_path, b"\xef\xbb\xbf" + csv(BOTH).encode(), "bom.csv"),
        put(tmp_path, csv(BOTH).replace("\n", "\r\n"), "windows.csv"),
    ):
        assert as_json(capsys, path, *FLAGS) == whole, path


def test_standard_input(tmp_path, capsys, monkeypatch) -> None:
    import io
    import sys

    whole = as_json(capsys, put(tmp_path, csv(BOTH)), *FLAGS)
    text = io.TextIOWrapper(io.BytesIO(csv(BOTH).encode()))
    monkeypatch.setattr(sys, "stdin", text)
    assert as_json(capsys, "-", *FLAGS) == whole
    monkeypatch.setattr(sys, "stdin", None)
    assert "standard input: is closed" in refused(capsys, "-", *FLAGS)


def test_what_a_person_reads(tmp_path, capsys) -> None:
    assert (
        call(["judge", put(tmp_path, csv(BOTH)), *FLAGS, "--margin", "0.01", "--unit", "share"])
        == 0
    )
    text = capsys.readouterr().out.replace("\u00a0", " ")
    assert "supported" in text.splitlines()[2]
    assert "8 of 8 seeds show it" in text
    assert "percentage points higher for model=lstm than for model=rnn" in text
    assert EXPLORATORY in text
    assert max(map(len, text.splitlines()[:4])) <= 80


def test_a_page_stands_alone_and_shows_texts_as_texts(tmp_path, capsys) -> None:
    table = [{**row, "model": {"lstm": "<b>x</b>"}.get(row["model"], "rnn")} for row in BOTH]
    page = tmp_path / "new" / "verdict.html"
    flags = ["--metric", "accuracy", "--of", "model=<b>x</b>", "--against", "model=rnn"]
    assert call(["judge", put(tmp_path, csv(table)), *flags, "--html", str(page)]) == 0
    assert capsys.readouterr().err.strip() == str(page)
    text = page.read_text()
    assert "8 of 8 seeds show it" in text
    assert "<b>x</b>" not in text
    assert "&lt;b&gt;x&lt;/b&gt;" in text
    assert "http" not in text.replace("http://www.w3.org", "")
    assert "figures/" not in text
    with_file = tmp_path / "file"
    with_file.write_text("")
    failed = ["judge", put(tmp_path, csv(table)), *flags, "--html", str(with_file / "a.html")]
    assert call(failed) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_rows_of_steps_are_read_as_asked(tmp_path, capsys) -> None:
    long = [
        {"model": model, "seed": seed, "epoch": epoch, "accuracy": top * epoch / 10}
        for model, top in (("lstm", 1.0), ("rnn", 0.8))
        for seed in range(6)
        for epoch in range(11)
    ]
    path = put(tmp_path, csv(long[::-1]))
    last = as_json(capsys, path, *FLAGS, "--margin", "0.15")["claims"][0]
    assert last["verdict"] == "supported"
    assert last["parts"][0]["size"]["median"] == pytest.approx(0.2)
    early = as_json(capsys, path, *FLAGS, "--margin", "0.15", "--at", "update 5")["claims"][0]
    assert early["verdict"] == "no difference"
    assert early["parts"][0]["size"]["median"] == pytest.approx(0.1)
    first = ("--test", "faster", "--margin", "1.2", "--at", "first time above 0.75")
    time = as_json(capsys, path, *FLAGS, *first)["claims"][0]
    assert time["verdict"] == "supported"
    assert time["parts"][0]["size"]["median"] == pytest.approx(10 / 8)
    never = as_json(capsys, path, *FLAGS, *first[:-1], "first time above 0.9")["claims"][0]
    assert never["parts"][0]["size"]["median_infinite"]


@given(
    values=st.lists(st.one_of(st.just(np.nan), st.integers(-9, 9).map(float)), min_size=1),
    how=st.sampled_from(["last", "best", "lowest", "mean of last 3", "update 2"]),
)
def test_a_run_is_read_by_definition(values, how) -> None:
    steps = np.arange(len(values), dtype=float)
    known = [value for value in values if not np.isnan(value)]
    found = reading(At.of(how), steps, np.array(values))
    wanted = {
        "last": values[-1],
        "best": max(known, default=np.nan),
        "lowest": min(known, default=np.nan),
        "mean of last 3": float(np.mean(values[-3:])),
        "update 2": values[:3][-1],
    }[how]
    assert found == pytest.approx(wanted, nan_ok=True)


def test_groups_are_judged_together_and_over_all() -> None:
    table = [{**row, "task": task} for row in BOTH for task in ("a", "b")]
    for row in table:
        if row["task"] == "b":
            row["accuracy"] = 0.5
    found = assay.judge(table, "accuracy", OF, AGAINST, margin=0.05, by="task")
    assert [(each.id, each.verdict) for each in found.claims] == [
        ("all", "partly supported"),
        ("task=a", "supported"),
        ("task=b", "no difference"),
    ]
    assert [each.needed for each in found.claims[1:]] == [20, 20]
    alone = assay.judge(table[::2], "accuracy", OF, AGAINST, margin=0.05, by="task")
    assert [each.id for each in alone.claims] == ["all", "task=a"]


def test_arms_without_a_common_seed_are_paired_by_lot_and_it_is_said() -> None:
    table = rows(lstm=sorted(HIGH), rnn=sorted(LOW))
    for row in table[8:]:
        row["seed"] += 100
    found = assay.judge(table, "accuracy", OF, AGAINST)
    assert found.verdict == "supported"
    assert "model=lstm and model=rnn have no seed in common: their runs were paired" in str(found)
    # By rank, the best against the best, every pair would agree.
    near = rows(lstm=[0.5 + n / 100 for n in range(40)], rnn=[0.495 + n / 100 for n in range(40)])
    for row in near[40:]:
        row["seed"] += 100
    (claim,) = assay.judge(near, "accuracy", OF, AGAINST).claims
    assert 10 < claim.parts[0].yes < 30


def test_runs_without_a_partner_are_left_out_and_counted() -> None:
    found = assay.judge(rows(lstm=HIGH, rnn=LOW[:6]), "accuracy", OF, AGAINST)
    assert found.claims[0].parts[0].runs == 6
    assert "6 seeds are in both arms and were compared; 2 more runs have no partner" in str(found)


def test_a_row_a_run_without_seeds() -> None:
    table = [{"model": row["model"], "accuracy": row["accuracy"]} for row in BOTH]
    found = assay.judge(table, "accuracy", OF, AGAINST)
    assert (found.verdict, found.claims[0].parts[0].runs) == ("supported", 8)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), None])
def test_a_cell_without_a_number_counts_against_either_verdict(bad) -> None:
    table = rows(lstm=HIGH, rnn=LOW)
    table[2]["accuracy"] = bad
    (claim,) = assay.judge(table, "accuracy", OF, AGAINST).claims
    assert (claim.parts[0].missing, claim.verdict) == (1, "open")
    assert claim.evidence.support < 20


def test_one_seed_and_a_constant_metric() -> None:
    assert assay.judge(rows(lstm=[0.9], rnn=[0.1]), "accuracy", OF, AGAINST).verdict == "open"
    flat = assay.judge(rows(lstm=[0.5] * 8, rnn=[0.5] * 8), "accuracy", OF, AGAINST)
    assert flat.verdict == "no difference"


def test_numbers_select_rows_however_they_are_written() -> None:
    table = [{"lr": lr, "seed": s, "loss": 1 / lr + s} for lr in (1e-3, 0.01) for s in range(6)]
    for low in (0.001, "1e-3", "0.0010"):
        found = assay.judge(table, "loss", {"lr": "1e-2"}, {"lr": low}, test="smaller", margin=1.0)
        assert found.verdict == "supported"


def test_thresholds_and_shares() -> None:
    above = assay.judge(BOTH, "accuracy", OF, test="above", threshold=0.9)
    assert above.verdict == "supported"
    shares = assay.judge(BOTH, "accuracy", OF, AGAINST, solved=0.9, margin=0.1)
    assert (shares.verdict, shares.claims[0].parts[0].kind) == ("supported", "solved")
    near = rows(lstm=HIGH, rnn=[0.99] * 8)
    assert assay.judge(near, "accuracy", OF, AGAINST, margin=0.02, limit=1.0).verdict == "no room"


TABLES = {
    "empty": ("", "results.csv: is empty"),
    "a header alone": ("model,seed,accuracy\n", "the table has no rows"),
    "no such column": (csv(BOTH).replace("accuracy", "acuracy"), "did you mean 'acuracy'?"),
    "duplicated seeds": (csv(BOTH + BOTH[:1]), "2 rows of model=lstm have seed 0: name the column"),
    "two tasks": (
        csv([{**row, "task": task} for row in BOTH for task in "ab"]),
        "2 rows of model=lstm have seed 0: they differ in 'task': choose among them with --of",
    ),
    "decimal commas": (
        csv(BOTH).replace("0.95,", "").replace("0.96", '"0,96"'),
        "row 2: '0,96' is no number: with a decimal comma? write a point",
    ),
    "mixed types": (csv(BOTH).replace("0.96", "high"), "row 2: 'high' is no number"),
    "UTF-16": (csv(BOTH).encode("utf-16"), "is UTF-16: save it as UTF-8"),
    "Latin-1": ("modèle,seed\n".encode("latin-1"), "line 1: is not UTF-8, Latin-1 perhaps"),
    "ragged": (csv(BOTH) + "lstm,9\n", "line 18: Expected 3 columns, got 2"),
    "no such arm": (csv(BOTH).replace("rnn", "gru"), "no row has model = 'rnn': there are"),
    "twice a column": ("model,model,seed,accuracy\na,b,0,1\n", "2 columns have the name 'model'"),
    "not JSON": ('{"model": \n', "not a readable file of JSON lines"),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_that_is_no_good_is_told_in_one_sentence(name, tmp_path, capsys) -> None:
    content, message = TABLES[name]
    assert message in refused(capsys, put(tmp_path, content), *FLAGS)


QUESTIONS = {
    "no such file": (["nothing.csv", *FLAGS], "nothing.csv: there is no such file or folder"),
    "file type": (["a.xlsx", *FLAGS], "file type '.xlsx': allowed are .csv, .tsv"),
    "empty folder": (["empty", *FLAGS], "empty: there is no file of results in it"),
    "no equals sign": (["a.csv", *FLAGS[:2], "--of", "lstm"], "--of lstm: should be COLUMN=VALUE"),
    "a row in both arms": (
        ["a.csv", *FLAGS[:4], "--against", "model=l*"],
        "row 1 is of both arms, model=lstm and model=l*: choose rows for --of that --against does",
    ),
    "two values of a column": (
        ["a.csv", *FLAGS, "--of", "model=gru"],
        "--of model=gru: no row has model=lstm as well",
    ),
    "no other arm": (["a.csv", *FLAGS[:4]], "test = 'greater' needs 'against'"),
    "test": (["a.csv", *FLAGS, "--test", "bigger"], "test = 'bigger': should be 'greater' or"),
    "trend": (["a.csv", *FLAGS, "--test", "rising"], "is about several arms in order: write a"),
    "at": (["a.csv", *FLAGS, "--at", "end"], "at = 'end': should be last, best"),
    "a time": (["a.csv", *FLAGS, "--at", "first time above 1"], "a first time goes with 'faster'"),
    "margin": (["a.csv", *FLAGS, "--margin", "-1"], "margin = -1.0: should be greater than"),
    "most": (["a.csv", *FLAGS, "--most", "1"], "most = 1: should be between 0 and 1"),
    "alpha": (["a.csv", *FLAGS, "--alpha", "0"], "alpha = 0: should be between 0 and 1"),
    "seed column": (["a.csv", *FLAGS, "--seed", "sed"], "no column 'sed': did you mean 'seed'?"),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_that_cannot_be_asked(name, tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    put(tmp_path, csv(BOTH), "a.csv")
    put(tmp_path, "", "a.xlsx")
    (tmp_path / "empty").mkdir()
    arguments, message = QUESTIONS[name]
    assert message in refused(capsys, *arguments)


def test_other_objects_are_refused() -> None:
    for thing in (3, b"results.csv", object(), [1, 2], {"a": 3}):
        with pytest.raises(AssayError, match="the table"):
            assay.judge(thing, "accuracy", OF, AGAINST)
