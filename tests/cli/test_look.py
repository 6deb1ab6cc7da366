"""`assay show` and `assay studies`: what a study is before any run, and after some."""

import json
from pathlib import Path

import pytest

from assay.api import Study
from assay.cli import call
from assay.store import Store
from tests.claims.made_up_claims import fill, part, write
from tests.claims.test_verdicts import HIGH, LOW, OTHER


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert call([*arguments]) == 0, capsys.readouterr().err
    return capsys.readouterr().out


def test_before_any_run_it_says_what_is_asked_and_what_would_decide_it(
    tmp_path: Path, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, [part()], [part("It is lower.", **OTHER)])
    text = shown(capsys, "show", str(path), "--store", str(store.root))
    assert text.startswith("Made up\n")
    assert "profile full (others: quick)" in text
    assert "C2: A claim.\n  - It is lower." in text
    assert "first against second; asks: greater in the first by more than 5.0" in text
    assert "0 of 24 runs finished" in text
    rows = [line.split()[:2] for line in text.splitlines() if line.startswith(("C1 ", "C2 "))]
    assert rows == [["C1", "6"], ["C2", "6"]]
    assert f"to train: assay run {path} --profile full --store {store.root} --until" in text
    assert not store.root.exists(), "looking writes nothing"


def test_after_some_runs_it_says_where_they_stand(
    tmp_path: Path, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, [part()], [part(**OTHER)])
    fill(path, store, first=HIGH, second=LOW[:4])
    text = shown(capsys, "show", str(path), "--store", str(store.root))
    assert "12 of 24 runs finished" in text
    assert "C1: A claim. (open)" in text
    assert "to train: " in text
    fill(path, store, second=LOW)
    text = shown(capsys, "show", str(path), "--store", str(store.root))
    assert "C1: A claim. (supported)" in text
    assert "the verdicts: assay claims " in text
    assert "to train: " not in text


def test_it_says_the_outlooks_of_the_plan(
    tmp_path: Path, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, [part()], [part(**OTHER)])
    arguments = [str(path), "--profile", "full", "--store", str(store.root), "--json"]
    found = json.loads(shown(capsys, "show", *arguments))
    outlooks = Study(str(path), store).outlooks("full")
    assert [each["least"] for each in found["outlooks"]] == [each.least for each in outlooks]
    assert [claim["id"] for claim in found["claims"]] == ["C1", "C2"]
    assert found["runs"]["not_started"] == 24


@pytest.mark.parametrize("name", ["cs324_a3", "memory_horizon", "mnist_classifier"])
def test_every_claim_of_a_shipped_study_is_shown(
    name: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    text = shown(capsys, "show", name, "--store", str(tmp_path))
    study = Study(name, tmp_path)
    for claim in study.claims:
        assert f"\n{claim.id}: {claim.sentence}" in text
        for each in claim.parts:
            assert f"- {each.sentence}" in text


def test_evidence_is_shown_and_nothing_to_train(
    tmp_path: Path, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, [part()])
    fill(path, store, first=HIGH, second=LOW[:4])
    kept, _ = Study(str(path), store).keep("full", tmp_path / "kept")
    text = shown(capsys, "show", "--from", str(kept))
    assert "C1: A claim. (open)" in text
    assert "to train:" not in text


def test_studies_are_the_shipped_ones_and_those_of_this_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, [part()], [part(**OTHER)])
    fill(path, Store(tmp_path / "store"), first=HIGH)
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'other'\n")
    (tmp_path / "broken.toml").write_text("title = \n[experiments.a]\n")
    (tmp_path / "wrong.toml").write_text("title = 'x'\n[experiments.a]\nno_such = 1\n")
    monkeypatch.chdir(tmp_path)
    lines = shown(capsys, "studies").splitlines()
    assert [line.split()[0] for line in lines if ".toml  " in line] == [
        "broken.toml",
        "own.toml",
        "wrong.toml",
    ]
    assert "own.toml               2    24     8  Made up" in lines
    assert any(line.startswith("cs324_a3 ") for line in lines)
    found = json.loads(shown(capsys, "studies", "--json"))["studies"]
    problems = {each["study"]: each["problem"] for each in found if each["problem"]}
    assert "is not TOML" in problems["broken.toml"]
    assert "no_such" in problems["wrong.toml"]
