"""`assay export`: each number in it is one of the store's."""

import csv
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from assay import Study
from assay.cli import call
from assay.report.export.rows import claim_line
from assay.report.export.write import FORMATS, claims_tex
from assay.store import Store
from tests.claims import made_up_universes
from tests.claims.made_up_claims import fill, part, write
from tests.claims.test_verdicts import HIGH, LOW, OTHER, THIRD


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """C1 of two parts is supported, C2 contrary; one run diverged. Read only."""
    folder = tmp_path_factory.mktemp("export")
    store = Store(folder / "store")
    parts = [part("It is 5 % & more_so."), part("=HYPERLINK(1)", **THIRD)]
    path = write(folder, parts, [part(**OTHER)], study='source = "100 % [made up]"')
    fill(path, store, first=HIGH, second=LOW, third=[*LOW[:7], None])
    return Study(str(path), store)


@pytest.fixture(scope="module")
def folder(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where it was exported in all formats. Read only."""
    target = tmp_path_factory.mktemp("paper")
    for format in FORMATS:
        assert study.export(format, folder=target) == target
    return target


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_table_of_claims_is_that_of_the_verdicts(study: Study, folder: Path) -> None:
    found = study.claim_rows("full")
    for line, claim in zip(rows(folder / "claims.csv"), found, strict=True):
        assert (line["claim"], line["verdict"]) == (claim.id, claim.verdict)
        assert float(line["evidence_for"]) == claim.evidence.support
        assert float(line["evidence_against"]) == claim.evidence.against
        weakest = claim.parts[claim.weakest]
        assert float(line["effect"]) == weakest.size.median
        assert (line["seeds"], line["shown"]) == (str(weakest.runs), str(weakest.yes))
        assert (line["universes"], line["universes_claimed"]) == ("", "")
    parts = rows(folder / "parts.csv")
    assert [(line["claim"], line["part"]) for line in parts] == [
        ("C1", "1"),
        ("C1", "2"),
        ("C2", "1"),
    ]
    assert parts[0]["sentence"] == "It is 5 % & more_so."
    assert parts[1]["sentence"] == "'=HYPERLINK(1)", "which no spreadsheet works out"


def test_a_claim_is_exported_with_its_universes(tmp_path: Path, store: Store) -> None:
    path = made_up_universes.write(tmp_path)
    made_up_universes.fill(path, store, lambda run: 100 if run.optimizer == "adam" else None)
    claims = Study(str(path), store).claim_rows("quick")
    lines = [claim_line(each) for each in claims]
    assert [(line.universes, line.universes_claimed) for line in lines] == [(8, 0)] * 2
    assert claims_tex(claims).count(", in 0 of 8 universes") == 2


def test_each_arm_has_its_results_once(folder: Path) -> None:
    lines = rows(folder / "results.csv")
    keys = [(line["arm"], line["outcome"], line["update"]) for line in lines]
    assert len(set(keys)) == len(keys)
    (found,) = [
        line for line in lines if (line["arm"], line["metric"]) == ("first", "final_accuracy")
    ]
    assert float(found["median"]) == pytest.approx(0.965)
    assert (float(found["low"]), float(found["high"])) == pytest.approx((0.95, 0.99))
    (third,) = [
        line for line in lines if (line["arm"], line["metric"]) == ("third", "final_accuracy")
    ]
    assert (third["runs"], third["diverged"]) == ("7", "1")


def test_the_paragraph_counts_what_there_is(folder: Path) -> None:
    text = (folder / "method.txt").read_text()
    assert "We trained 24 runs, of 3 settings with 8 random seeds each" in text
    assert "1 run diverged" in text
    assert (
        "2 claims were together decided by e-BH (Wang and Ramdas, 2022) at level 5\u00a0%" in text
    )
    assert "The verdicts: 1 supported, 1 contrary." in text
    assert "assay 0.1.0, torch 2.13.0" in text
    assert "exploratory" not in text


def test_json_has_all_of_it(folder: Path) -> None:
    found = json.loads((folder / "export.json").read_text())
    assert [line["claim"] for line in found["claims"]] == ["C1", "C2"]
    assert len(found["parts"]) == 3
    assert found["method"].startswith("We trained 24 runs")
    assert {line["arm"] for line in found["results"]} == {"first", "second", "third"}


def test_figures_are_pdf_and_svg_and_the_same_each_time(
    study: Study, folder: Path, tmp_path: Path
) -> None:
    kinds = {path.suffix for path in (folder / "figures").iterdir()}
    assert kinds == {".pdf", ".svg"}
    assert (folder / "figures/verdict-strip.pdf").read_bytes().startswith(b"%PDF")
    assert b"#claim-" not in (folder / "figures/verdict-strip.svg").read_bytes()
    again = Study(str(study.store.root.parent / "own.toml"), study.store).export(
        "json", folder=tmp_path
    )
    for path in (folder / "figures").iterdir():
        assert (again / "figures" / path.name).read_bytes() == path.read_bytes()


def test_latex_is_complete(folder: Path) -> None:
    claims = (folder / "claims.tex").read_text()
    assert "C1 & A claim. & supported & 8 of 8 &" in claims
    assert r"It is 5 \% \& more\_so." in (folder / "parts.tex").read_text()
    example = (folder / "example.tex").read_text()
    for name in ("method", "claims", "parts", "results"):
        assert rf"\input{{{name}}}" in example
        assert (folder / f"{name}.tex").is_file()
    if latex := shutil.which("pdflatex"):  # which few machines have
        subprocess.run(
            [latex, "-interaction=nonstopmode", "-halt-on-error", "example.tex"],
            cwd=folder,
            check=True,
            capture_output=True,
        )


def test_evidence_is_exported_too(
    study: Study, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept, _ = study.keep("full", tmp_path / "results")
    arguments = ["export", "--from", str(kept), "--format", "csv", "--out", str(tmp_path / "out")]
    assert call(arguments) == 0
    there = Path(capsys.readouterr().out.strip())
    for name in ("claims.csv", "parts.csv", "results.csv", "method.txt"):
        assert (there / name).read_text() == (folder / name).read_text()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "has no finished run"),
        (["--format", "latex", "--out", "own.toml/x"], "cannot be written"),
    ],
)
def test_a_slip_is_one_sentence(arguments, told, tmp_path, store, monkeypatch, capsys) -> None:
    path = write(tmp_path, [part()])
    if arguments:
        fill(path, store, first=HIGH, second=LOW)
    monkeypatch.chdir(tmp_path)
    assert call(["export", "own.toml", "--store", str(store.root), *arguments]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert told in line
    assert not Path("exports").exists()
