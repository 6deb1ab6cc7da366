"""`assay claims` on a terminal."""

import re
import sys
from pathlib import Path

import pytest

from assay.cli import call
from tests.claims.made_up_claims import fill, part, write
from tests.claims.test_verdicts import HIGH, LOW, OTHER


@pytest.mark.parametrize("width", [60, 80, 200])
def test_paragraphs_fit_the_terminal_and_no_word_is_broken(
    width, tmp_path, store, capsys, monkeypatch
) -> None:
    path = write(tmp_path, [part()], [part(**OTHER)])
    fill(path, store, first=HIGH, second=LOW)
    arguments = ["claims", str(path), "--profile", "full", "--store", str(store.root)]
    assert call(arguments) == 0
    whole = capsys.readouterr().out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", str(width))
    assert call(arguments) == 0
    paragraphs = capsys.readouterr().out.partition("\nC1: ")[2]
    assert max(map(len, paragraphs.splitlines())) <= min(width, 100)
    assert paragraphs.split() == whole.partition("\nC1: ")[2].split()


def test_claims_that_are_named_are_shown_alone_with_their_parts(tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part(), part(**OTHER)], [part(**OTHER)])
    fill(path, store, first=HIGH, second=LOW)
    assert call(["claims", str(path), "C1", "--profile", "full", "--store", str(store.root)]) == 0
    out = capsys.readouterr().out
    assert re.findall("^C.*?[:,]", out, re.M) == ["C1:", "C1,", "C1,"]
    assert len(re.findall(r"^C1, part [12], \w.*: .*\n  The test asks for: ", out, re.M)) == 2


EVIDENCE = ["--from", str(Path(__file__).parents[2] / "results/memory_horizon")]


@pytest.mark.parametrize("study", [[], ["memory_horizon"]])
def test_evidence_knows_its_study(study, capsys) -> None:
    assert call(["claims", *study, "H3", *EVIDENCE]) == 0
    assert re.findall("^(\\S+): ", capsys.readouterr().out, re.M) == ["H3"]


def test_a_claim_that_there_is_not_is_told_with_the_nearest(capsys) -> None:
    assert call(["claims", "H33", *EVIDENCE]) == 2
    assert "error: no claim 'H33': did you mean 'H3'? there are H" in capsys.readouterr().err
