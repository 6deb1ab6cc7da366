import json
import re

import pytest

from assay.claims.snapshot import Snapshot
from assay.cli import call
from assay.errors import ConfigError, StoreError
from assay.report.pages import printing
from assay.report.pages.write import write_report
from assay.store import Store
from tests.report.made_up_runs import fill
from tests.report.pages.browser import chromium


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


@pytest.fixture
def store(small_study, tmp_path) -> Store:
    made = Store(tmp_path / "store")
    fill(made, small_study.arms("quick"))
    return made


def test_markdown_has_every_claim_and_its_pictures_beside_it(small_study, store, tmp_path) -> None:
    target = write_report(Snapshot(small_study, "quick", store), tmp_path / "out", "md")
    text = target.read_text(encoding="utf-8")
    assert target.name == "report.md"
    assert text.startswith("# Small\n")
    for claim in small_study.claims:
        assert f"### {claim.id}" in text
        assert claim.sentence.removesuffix(".") in text
    pictures = re.findall(r"\]\((figures/[^)]+)\)", text)
    assert "figures/verdict-strip.png" in pictures
    assert len(pictures) == 1 + len(small_study.figures)
    assert all((target.parent / each).is_file() for each in pictures)


def test_a_browser_prints_the_page(small_study, store, tmp_path) -> None:
    chromium()
    target = write_report(Snapshot(small_study, "quick", store), tmp_path / "out", "pdf")
    assert [each.name for each in target.parent.iterdir()] == ["report.pdf"]
    assert target.read_bytes().startswith(b"%PDF")


def test_without_a_browser_a_sentence_says_what_to_install(
    small_study, store, tmp_path, monkeypatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigError, match="format = 'pdf' needs Chromium, Chrome or Edge"):
        write_report(Snapshot(small_study, "quick", store), tmp_path / "out", "pdf")
    assert not (tmp_path / "out").exists()


def test_a_browser_that_does_not_print_is_told(tmp_path) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    with pytest.raises(StoreError, match="did not print the page"):
        printing.printed(b"<p>", str(broken))


def test_a_page_is_opened_where_there_is_a_screen(
    small_study, store, tmp_path, monkeypatch, capsys
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda address: not opened.append(address))
    arguments = ["report", str(small_study.path), "--store", str(store.root), "--open"]
    arguments += ["--profile", "quick", "--out", str(tmp_path / "out")]
    monkeypatch.setenv("DISPLAY", ":0")
    assert call(arguments) == 0
    assert opened == [(tmp_path / "out" / "index.html").resolve().as_uri()]
    assert str(tmp_path / "out" / "index.html") in capsys.readouterr().out
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    assert call(arguments) == 0
    assert "there is no browser to open" in capsys.readouterr().err
