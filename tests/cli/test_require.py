"""`assay claims --require`: an exit code for a build."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from assay import Study
from assay.cli import call
from assay.report.data.rows import ComputedRow
from assay.report.requirements import WORDS, Required
from assay.report.requirements import required as required_of
from tests.claims.made_up_claims import fill, part, write
from tests.claims.test_verdicts import HIGH, LOW, OTHER, THIRD


@pytest.fixture
def arguments(tmp_path: Path, store) -> list[str]:
    """C1 is supported, C2 contrary, C3 open."""
    path = write(tmp_path, [part()], [part(**OTHER)], [part(**THIRD)])
    fill(path, store, first=HIGH, second=LOW, third=LOW[:2])
    return ["claims", str(path), "--store", str(store.root)]


def required(arguments: list[str], capsys, *texts: str) -> tuple[int, list[str]]:
    flags = [word for text in texts for word in ("--require", text)]
    code = call([*arguments, *flags])
    return code, capsys.readouterr().err.splitlines()


@pytest.mark.parametrize(
    "texts",
    [
        ["C1=supported"],
        ["C1 = supported"],
        ["C2=supported,contrary"],
        ["C1=supported", "C2=contrary,no difference", "C3=open"],
        ["supported,contrary,open"],
        ["supported", "C2=contrary", "C3=open"],
    ],
)
def test_it_is_as_required(texts, arguments, capsys) -> None:
    assert required(arguments, capsys, *texts) == (0, [])


def test_each_that_is_not_is_a_sentence(arguments, capsys) -> None:
    code, lines = required(arguments, capsys, "supported", "C3=partly supported,no room")
    assert code == 1
    assert [line[:40] for line in lines] == [
        "error: claim C2 is contrary, not support",
        "error: claim C3 is open, not partly supp",
    ]
    assert "Contrary: most seeds show the opposite." in lines[0]


def test_the_verdicts_are_printed_all_the_same(arguments, capsys) -> None:
    assert call([*arguments, "--require", "C2=supported", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)["claims"]
    assert [claim["verdict"] for claim in found] == ["supported", "contrary", "open"]


def test_quick_is_not_meant_unless_it_is_named(arguments, capsys) -> None:
    assert required([*arguments, "--profile", "quick"], capsys, "C1=supported")[0] == 1
    assert required([*arguments, "--profile", "quick"], capsys, "C1=numbers only")[0] == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("C4=supported", "no claim 'C4': did you mean 'C3'? there are C1, C2, C3"),
        ("C1=suported", "no verdict 'suported': did you mean 'supported'? there are supported,"),
        ("C1=", "no verdict '': there are"),
        ("C1", "no verdict 'C1': there are"),
        ("C1=supported,,open", "no verdict ''"),
    ],
)
def test_a_slip_is_one_sentence(text, told, arguments, capsys) -> None:
    code, lines = required(arguments, capsys, text)
    assert code == 2
    assert len(lines) == 1
    assert told in lines[0]


def test_of_a_study_without_claims_nothing_can_be_required(tmp_path, capsys) -> None:
    path = tmp_path / "bare.toml"
    path.write_text('title = "No claims"\n[experiments.x]\nlength = 5\n')
    code, lines = required(["claims", str(path)], capsys, "supported")
    assert (code, lines) == (2, ["error: --require supported: study bare has no claims"])


@pytest.mark.parametrize("holds", [True, False])
def test_what_holds_by_calculation_is_supported_and_what_does_not_is_not(
    holds, tmp_path, store
) -> None:
    (row,) = Study(str(write(tmp_path, [part()])), store).claim_rows("full")
    computed = replace(row.parts[0], computed=ComputedRow(0.7, holds, "It is 0.7."))
    row = replace(row, verdict="by calculation", parts=[computed])
    assert Required("C1", ("by calculation",)).unmet(row) == ""
    told = Required("C1").unmet(row)
    assert told.startswith("" if holds else "claim C1 is by calculation, does not hold, not sup")
    assert bool(told) != holds


def test_a_claim_that_was_restated_is_not_among_all() -> None:
    names = [each.claim for each in required_of(["no room"], Study("memory_horizon").claims)]
    assert names == [f"H{number}" for number in range(1, 8)]


def test_the_words_are_those_of_verdicts() -> None:
    page = (Path(__file__).parents[2] / "docs/explanation/verdicts.md").read_text()
    assert all(f"| *{word}* |" in page for word in WORDS)
