"""Looks that were declared, seeds that were not, and what the store keeps of either."""

import json

import pytest

from assay.claims.looks import declaration
from assay.cli import call
from assay.study import load_study
from tests.claims.made_up_claims import fill, part, write
from tests.claims.test_verdicts import CLOSE, HIGH, LOW, claims, words

LOOKS = "looks = [6, 8, 12]"
LONG_HIGH, LONG_LOW, LONG_CLOSE = (HIGH + HIGH[:4], LOW + LOW[:4], CLOSE + CLOSE[:4])


def test_each_look_has_its_share_of_alpha(tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part()], study=LOOKS, seeds=12)
    fill(path, store, first=LONG_HIGH, second=LONG_LOW)
    (found,) = claims(path, store, capsys)
    assert found["level"] == pytest.approx(0.05 / 3)
    assert (found["verdict"], found["look"]) == ("supported", 6)
    assert found["parts"][0]["arms"][0]["runs"] == 6
    assert not found["exploratory"]


def test_a_look_is_taken_when_its_runs_are_there(tmp_path, store, capsys) -> None:
    undecided = part(against='{ experiment = "third" }', margin="0.006")
    path = write(tmp_path, [undecided], study=LOOKS, seeds=12)
    fill(path, store, first=HIGH[:7], third=CLOSE[:7])
    (found,) = claims(path, store, capsys)
    assert (found["verdict"], found["look"]) == ("undecided", 6)
    fill(path, store, first=LONG_HIGH, third=LONG_CLOSE)
    (found,) = claims(path, store, capsys)
    assert found["look"] == 12
    (log,) = (store.root / "verdicts").glob("*.json")
    kept = json.loads(log.read_text(encoding="utf-8"))["verdicts"]
    assert [entry["look"] for entry in kept] == [6, 12]
    assert not any(entry["exploratory"] for entry in kept)


def test_seeds_beyond_the_looks_are_exploratory(tmp_path, store, capsys) -> None:
    undecided = part(against='{ experiment = "third" }', margin="0.006")
    path = write(tmp_path, [undecided], study="looks = [6, 8]", seeds=12)
    fill(path, store, first=LONG_HIGH, third=LONG_CLOSE)
    (found,) = claims(path, store, capsys)
    assert found["exploratory"] == "12 seeds are no declared look, which are 6 and 8"
    assert "Exploratory, not a confirmation" in found["meaning"]


def test_more_seeds_after_a_verdict_are_exploratory(tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part()])
    fill(path, store, first=LONG_HIGH, second=LONG_LOW)
    (found,) = claims(path, store, capsys)
    assert not found["exploratory"]
    path = write(tmp_path, [part()], seeds=12)
    fill(path, store, first=LONG_HIGH, second=LONG_LOW)
    (found,) = claims(path, store, capsys)
    assert "other seeds (first: 8; second: 8)" in found["exploratory"]
    assert words([found]) == ["supported"]


def test_a_changed_margin_after_a_verdict_is_exploratory(tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part()])
    fill(path, store, first=HIGH, second=LOW)
    claims(path, store, capsys)
    assert not claims(path, store, capsys)[0]["exploratory"]
    path = write(tmp_path, [part("Another sentence.")])
    assert not claims(path, store, capsys)[0]["exploratory"]
    path = write(tmp_path, [part(margin="0.5")])
    assert "margins were changed" in claims(path, store, capsys)[0]["exploratory"]


CHANGES = {
    "alpha": (part(), "alpha = 0.01"),
    "looks": (part(), "looks = [4, 8]"),
    "margin": (part(margin="0.06"), ""),
    "threshold of another test": (
        part(test='"above"', against="", threshold="0.5"),
        "",
    ),
    "metric": (part(metric='"best_accuracy"'), ""),
    "kind": (part(kind='"smooth"'), ""),
    "other arm": (part(against='{ experiment = "third" }'), ""),
    "paired": (part(paired="true"), ""),
}


@pytest.mark.parametrize("name", CHANGES)
def test_all_that_decides_a_verdict_is_declared(name, tmp_path) -> None:
    changed, study = CHANGES[name]
    before = load_study(str(write(tmp_path, [part()])))
    declared = declaration(before, before.claims[0])
    again = load_study(str(write(tmp_path, [part("In other words.")])))
    assert declaration(again, again.claims[0]) == declared
    after = load_study(str(write(tmp_path, [changed], study=study)))
    assert declaration(after, after.claims[0]) != declared


def test_another_alpha_after_a_verdict_is_exploratory(tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part()])
    fill(path, store, first=HIGH, second=LOW)
    claims(path, store, capsys)
    path = write(tmp_path, [part()], study="alpha = 0.04")
    assert "margins were changed" in claims(path, store, capsys)[0]["exploratory"]


def test_a_damaged_record_is_said(tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part()])
    fill(path, store, first=HIGH, second=LOW)
    (store.root / "verdicts").mkdir()
    (store.root / "verdicts" / "own.json").write_text("[]")
    assert call(["claims", str(path), "--profile", "full", "--store", str(store.root)]) == 2
    assert "own.json is damaged" in capsys.readouterr().err
