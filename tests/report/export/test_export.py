"""`assay export`: each number in it is one of the store's."""

import csv
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from assay import Archive, Study
from assay.cli import call
from assay.store import Store
from tests.claims.made_up_claims import fill, part, write
from tests.claims.test_verdicts import HIGH, LOW, OTHER, THIRD

ROOT = Path(__file__).parents[3]


@pytest.fixture
def study(tmp_path: Path, store: Store) -> Study:
    """C1 of two parts is supported, C2 contrary; one run diverged."""
    parts = [part("It is 5 % & more_so."), part("And so.", **THIRD)]
    path = write(tmp_path, parts, [part(**OTHER)], study='source = "100 % [made up]"')
    fill(path, store, first=HIGH, second=LOW, third=[*LOW[:7], None])
    return Study(str(path), store)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def exported(study: Study, format: Any, tmp_path: Path) -> Path:
    return study.export(format, folder=tmp_path / "paper")


def test_the_table_of_claims_is_that_of_the_verdicts(study: Study, tmp_path: Path) -> None:
    folder = exported(study, "csv", tmp_path)
    found = study.claim_rows("full")
    for line, claim in zip(rows(folder / "claims.csv"), found, strict=True):
        assert (line["claim"], line["verdict"]) == (claim.id, claim.verdict)
        assert float(line["evidence_for"]) == claim.evidence.support
        assert float(line["evidence_against"]) == claim.evidence.against
        weakest = claim.parts[claim.weakest]
        assert float(line["effect"]) == weakest.size.median
        assert (line["seeds"], line["shown"]) == (str(weakest.runs), str(weakest.yes))
    parts = rows(folder / "parts.csv")
    assert [(line["claim"], line["part"]) for line in parts] == [
        ("C1", "1"),
        ("C1", "2"),
        ("C2", "1"),
    ]
    assert parts[0]["sentence"] == "It is 5 % & more_so."


def test_each_arm_has_its_results_once(study: Study, tmp_path: Path) -> None:
    lines = rows(exported(study, "csv", tmp_path) / "results.csv")
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


def test_the_paragraph_counts_what_there_is(study: Study, tmp_path: Path) -> None:
    text = (exported(study, "csv", tmp_path) / "method.txt").read_text()
    assert "We trained 24 runs, of 3 settings with 8 random seeds each" in text
    assert "1 run diverged" in text
    assert (
        "2 claims were together decided by e-BH (Wang and Ramdas, 2022) at level 5\u00a0%" in text
    )
    assert "The verdicts: 1 supported, 1 contrary." in text
    assert "assay 0.1.0, torch 2.13.0" in text
    assert "exploratory" not in text


def test_json_has_all_of_it(study: Study, tmp_path: Path) -> None:
    folder = exported(study, "json", tmp_path)
    found = json.loads((folder / "export.json").read_text())
    assert [line["claim"] for line in found["claims"]] == ["C1", "C2"]
    assert len(found["parts"]) == 3
    assert found["method"].startswith("We trained 24 runs")
    assert {line["arm"] for line in found["results"]} == {"first", "second", "third"}


def test_figures_are_pdf_and_svg_and_the_same_each_time(study: Study, tmp_path: Path) -> None:
    folder = exported(study, "json", tmp_path) / "figures"
    assert {path.suffix for path in folder.iterdir()} == {".pdf", ".svg"}
    assert (folder / "verdict-strip.pdf").read_bytes().startswith(b"%PDF")
    assert b"#claim-" not in (folder / "verdict-strip.svg").read_bytes()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    exported(study, "json", tmp_path)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_latex_is_complete(study: Study, tmp_path: Path) -> None:
    folder = exported(study, "latex", tmp_path)
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


def test_evidence_is_exported_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = ROOT / "results/memory_horizon"
    arguments = ["export", "--from", str(kept), "--format", "json", "--out", str(tmp_path / "out")]
    assert call(arguments) == 0
    folder = Path(capsys.readouterr().out.strip())
    found = json.loads((folder / "export.json").read_text())["claims"]
    verdicts = {row["id"]: row["verdict"] for row in Study(store=Archive(kept)).verdicts("full")}
    assert {line["claim"]: line["verdict"].partition(",")[0] for line in found} == verdicts


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
