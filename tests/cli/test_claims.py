"""`assay claims` on a terminal."""

import sys

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
