"""`assay demo`: from nothing to verdicts and a page, which it opens where there is a screen."""

import re
import sys
import webbrowser
from pathlib import Path

import pytest

from assay import Study
from assay.cli import call

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where it was called once, off a terminal."""
    folder = tmp_path_factory.mktemp("demo")
    opened: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(webbrowser, "open", opened.append)
        patch.setenv("DISPLAY", ":0")
        assert call(["demo"]) == 0
    assert opened == []
    return folder


def test_both_claims_are_decided_and_there_is_a_page(folder: Path) -> None:
    study = Study("demo", folder / "store")
    assert [row.verdict for row in study.claim_rows()] == ["supported", "contrary"]
    page = (folder / "reports/demo/full/index.html").read_text()
    assert all(claim.sentence in page for claim in study.claims)


@pytest.mark.parametrize(
    ("arguments", "screen", "opens"), [([], ":0", 1), (["--no-open"], ":0", 0), ([], "", 0)]
)
def test_called_again_it_trains_nothing_and_opens_the_page(
    arguments: list[str],
    screen: str,
    opens: int,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    opened: list[str] = []
    monkeypatch.chdir(folder)
    monkeypatch.setattr(webbrowser, "open", lambda page: opened.append(page) or True)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", screen)
    before = sorted((folder / "store").iterdir())
    assert call(["demo", *arguments]) == 0
    shown = capsys.readouterr()
    assert sorted((folder / "store").iterdir()) == before
    lines = re.sub("\x1b.*?m", "", shown.out).splitlines()
    assert [line[:17].rstrip() for line in lines[2:4]] == ["D1    ▶ supported", "D2    ◀ contrary"]
    assert lines[-1] == "reports/demo/full/index.html"
    assert "runs are kept in store" in shown.err
    page = (folder / "reports/demo/full/index.html").resolve().as_uri()
    assert opened == [page] * opens


def test_the_readme_shows_what_it_prints(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "80")
    assert call(["demo"]) == 0
    (shown,) = re.findall(r"```console\n\$ assay demo\n(.*?)```", README.read_text(), re.S)
    assert _without_numbers(capsys.readouterr().out) == _without_numbers(shown)


def _without_numbers(text: str) -> str:
    """Without what may be otherwise on another processor: numbers, and a mark or a bar of them.

    A seed more may have ended before the verdict was seen.
    """
    text = re.sub(r"\s+after\s+\d+\s+seeds,\s+which\s+decided\s+it", "", text)
    return " ".join(re.sub(r"[\d.,]+|[●✖█▏▎▍▌▋▊▉▐┆│]", " ", text).split())
