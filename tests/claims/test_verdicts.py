"""Verdicts of made-up runs, through the command."""

import json
from pathlib import Path
from typing import Any

import pytest

from assay.cli import call
from assay.store import Store
from assay.store.log import Check, Diverged
from assay.study import load_study
from tests.claims.made_up_claims import arm, fill, log, part, write
from tests.report.made_up_runs import write_run

HIGH = [0.95, 0.96, 0.97, 0.98, 0.99, 0.95, 0.96, 0.97]
LOW = [0.10, 0.12, 0.11, 0.14, 0.13, 0.10, 0.12, 0.11]
CLOSE = [value - 0.005 for value in HIGH]


def claims(path: Path, store: Store, capsys: Any, profile: str = "full") -> list[dict[str, Any]]:
    """What `assay claims --json` prints."""
    arguments = ["claims", str(path), "--profile", profile, "--store", str(store.root), "--json"]
    assert call(arguments) == 0, capsys.readouterr().err
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["claims"]
    return found


def words(found: list[dict[str, Any]]) -> list[str]:
    return [each["verdict"] for each in found]


def test_the_three_verdicts(tmp_path, store, capsys) -> None:
    path = write(
        tmp_path,
        [part()],
        [part(of='{ experiment = "second" }', against='{ experiment = "first" }')],
        [part(against='{ experiment = "third" }')],
        [part(against='{ experiment = "third" }', margin="0.008")],
    )
    fill(path, store, first=HIGH, second=LOW, third=CLOSE)
    found = claims(path, store, capsys)
    assert words(found) == ["supported", "refuted", "refuted", "undecided"]
    first = found[0]
    assert first["p"] == pytest.approx(4 * 2 / 12870)
    assert first["parts"][0]["trial"]["effect"] == pytest.approx(0.85)
    assert first["meaning"].startswith("Supported")
    assert "85.0\u00a0percentage points higher" in first["meaning"]
    assert "8 against 8 seeds" in first["meaning"]
    assert "the other way round" in found[1]["meaning"]
    assert (
        "short of the smallest difference that counts, 5.0\u00a0percentage" in found[2]["meaning"]
    )
    assert "on both sides" in found[3]["meaning"]


def test_a_claim_needs_all_its_parts(tmp_path, store, capsys) -> None:
    holds, fails = part("One."), part("Two.", against='{ experiment = "third" }')
    path = write(tmp_path, [holds, holds], [holds, fails])
    fill(path, store, first=HIGH, second=LOW, third=CLOSE)
    both, one = claims(path, store, capsys)
    assert (both["verdict"], one["verdict"]) == ("supported", "refuted")
    assert "all 2 parts hold" in both["meaning"]
    assert (
        "all have to hold, 1 does not (“Two”) and 1 holds, each taken alone – the"
        in (one["meaning"])
    )
    refuted = [each["trial"]["p_refuted"] for each in one["parts"]]
    assert one["p_refuted"] == pytest.approx(2 * min(refuted))
    supported = [each["trial"]["p_supported"] for each in one["parts"]]
    assert one["p_supported"] == max(supported)


def test_parts_are_counted_and_named(tmp_path, store, capsys) -> None:
    holds, fails = part("Holds."), part("Fails.", against='{ experiment = "third" }')
    fails_too = part(
        "Fails too.", of='{ experiment = "third" }', against='{ experiment = "first" }'
    )
    leaves_open = part("Open.", against='{ experiment = "third" }', margin="0.008")
    path = write(
        tmp_path,
        [holds, fails, leaves_open, fails_too],
        [fails, fails_too],
        [holds, leaves_open],
    )
    fill(path, store, first=HIGH, second=LOW, third=CLOSE)
    some, none, doubtful = claims(path, store, capsys)
    assert words([some, none, doubtful]) == ["refuted", "refuted", "undecided"]
    start = "of its 4 parts, which all have to hold, 2 do not (“Fails”, “Fails too”), "
    assert (
        start + "1 is undecided (“Open”) and 1 holds, each taken alone; the clearest is “F"
        in (some["meaning"])
    )
    assert "which all have to hold, none holds (“Fails”, “Fails too”), each" in none["meaning"]
    assert (
        "of its 2 parts 1 is undecided (“Open”) and 1 holds, each taken alone – the"
        in (doubtful["meaning"])
    )


@pytest.mark.parametrize(
    ("kind", "counts_as"),
    [
        ({}, "counts as whatever speaks most against either verdict"),
        ({"kind": '"smooth"'}, "leaves no mean to test, so there is no verdict"),
        ({"kind": '"solved"', "solved": "0.9"}, "counts as not solved"),
        (
            {
                "metric": '"updates_to_90"',
                "kind": '"time"',
                "test": '"faster"',
                "margin": "1.25",
            },
            "counts as never reached, where it was not before",
        ),
    ],
)
def test_what_a_run_that_diverged_counts_as(kind, counts_as, tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part(**kind)], [part(against='{ experiment = "third" }')])
    fill(path, store, first=HIGH, second=[None, *LOW[1:-1], None], third=CLOSE)
    diverged, none = claims(path, store, capsys)
    assert diverged["meaning"].endswith(f" 2 runs diverged, which {counts_as}.")
    assert "diverged" not in none["meaning"]


def test_what_a_diverged_run_had_logged_at_its_end_is_no_result(tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part()])
    fill(path, store, first=HIGH[:7], second=LOW)
    last = arm(load_study(str(path)), "first").runs[7]
    write_run(store, last, [*log(0.99), Diverged(140)], status="diverged")
    (found,) = claims(path, store, capsys)
    assert found["parts"][0]["missing"] == 1
    assert "1 run diverged, which counts as whatever" in found["meaning"]


def test_a_value_that_was_not_logged_is_no_divergence(tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part(metric='"gradient_slope"', unit='"nats per step"')])
    fill(path, store, first=HIGH, second=LOW)
    (found,) = claims(path, store, capsys)
    assert "diverged" not in found["meaning"]
    assert " 16 runs logged no slope of the log norm" in found["meaning"]


@pytest.mark.parametrize(
    ("solved", "hint"),
    [
        ("0.999", "No run reaches 99.9\u00a0%, and the highest is 99.0\u00a0%: solved = 0.999"),
        ("0.05", "Every run reaches 5.0\u00a0%, and the lowest is 10.0\u00a0%: solved = 0.05"),
        ("0.965", ""),
    ],
)
def test_why_shares_tell_nothing(solved, hint, tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part(kind='"solved"', solved=solved, margin="0.1")])
    fill(path, store, first=HIGH, second=LOW)
    (found,) = claims(path, store, capsys)
    assert found["verdict"] == "undecided"
    assert hint in found["meaning"]
    assert ("solved = " in found["meaning"]) == bool(hint)


def test_holm_counts_the_claims(tmp_path, store, capsys) -> None:
    alone = write(tmp_path, [part()], seeds=6)
    fill(alone, store, first=HIGH, second=LOW)
    (found,) = claims(alone, store, capsys)
    assert (found["verdict"], found["p"]) == ("supported", pytest.approx(2 / 924))
    many = write(tmp_path, *[[part()]] * 30, seeds=6)
    found = claims(many, store, capsys)
    assert words(found) == ["undecided"] * 30
    assert found[0]["p"] == pytest.approx(30 * 2 / 924)
    assert "tested at once" in found[0]["meaning"]


KINDS = {
    "share of runs": (part(kind='"solved"', solved="0.9", margin="0.1"), "exact test of two"),
    "times": (
        part(metric='"updates_to_90"', kind='"time"', test='"faster"', margin="1.25"),
        "permuted log-rank test",
    ),
    "smooth": (part(kind='"smooth"'), "Welch's t test"),
    "smaller": (
        part(
            test='"smaller"',
            of='{ experiment = "second" }',
            against='{ experiment = "first" }',
        ),
        "permuted Brunner-Munzel",
    ),
    "paired": (part(paired="true"), "sign test"),
    "paired smooth": (part(paired="true", kind='"smooth"'), "one-sample t test"),
    "above": (part(test='"above"', threshold="0.5", against=""), "sign test"),
    "below": (
        part(test='"below"', threshold="0.5", of='{ experiment = "second" }', against=""),
        "sign test",
    ),
    "share above": (
        part(
            test='"above"', kind='"solved"', solved="0.9", threshold="0.5", margin="0", against=""
        ),
        "binomial test",
    ),
    "falling": (
        part(
            test='"falling"',
            of='[{ experiment = "first" }, { experiment = "third" }, { experiment = "second" }]',
            against="",
        ),
        "of every step",
    ),
    "rising": (
        part(
            test='"rising"',
            of='[{ experiment = "second" }, { experiment = "third" }, { experiment = "first" }]',
            against="",
        ),
        "of every step",
    ),
    "diminishing": (
        part(
            test='"diminishing"',
            of='[{ experiment = "second" }, { experiment = "third" }, { experiment = "first" }]',
            against="",
            gain='"up"',
        ),
        "sign test",
    ),
    "equivalent": (
        part(test='"equivalent"', against='{ experiment = "third" }'),
        "two one-sided tests",
    ),
}


@pytest.mark.parametrize("name", KINDS)
def test_the_test_follows_from_the_kind(name, tmp_path, store, capsys) -> None:
    text, method = KINDS[name]
    path = write(tmp_path, [text])
    fill(path, store, first=HIGH, second=LOW, third=CLOSE)
    (found,) = claims(path, store, capsys)
    assert method in found["parts"][0]["trial"]["method"]
    assert found["verdict"] == "supported", found["meaning"]
    assert found["meaning"].count(".") >= 2
    assert "None" not in found["meaning"]
    assert "nan" not in found["meaning"]


def test_a_trend_that_steps_back_is_not_supported(tmp_path, store, capsys) -> None:
    order = '[{ experiment = "third" }, { experiment = "first" }, { experiment = "second" }]'
    path = write(tmp_path, [part(test='"falling"', of=order, against="")])
    fill(path, store, third=[value - 0.3 for value in HIGH], first=HIGH, second=LOW)
    (found,) = claims(path, store, capsys)
    assert found["verdict"] == "refuted"
    assert found["parts"][0]["trial"]["effect"] > 0.5


def test_quick_gives_numbers_and_no_verdict(tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part()])
    fill(path, store, "quick", first=HIGH, second=LOW)
    (found,) = claims(path, store, capsys, "quick")
    assert found["verdict"] == "numbers only"
    assert found["p"] is None
    assert found["parts"][0]["trial"]["effect"] == pytest.approx(0.85)
    assert not (store.root / "verdicts").exists()


def test_missing_runs_are_said(tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part()], [part(against='{ experiment = "third" }')])
    fill(path, store, first=HIGH, second=LOW, third=CLOSE[:5])
    found = claims(path, store, capsys)
    assert words(found) == ["supported", "not tested"]
    assert found[1]["meaning"] == "Not tested: third has 5 of 8 runs."
    # A claim that is not tested still counts among those that are corrected for.
    assert found[0]["p"] == pytest.approx(2 * 2 / 12870)


def test_diverged_runs_are_counted_and_speak_against_either_verdict(
    tmp_path, store, capsys
) -> None:
    texts = [
        [part()],
        [part(kind='"solved"', solved="0.9", margin="0.0")],
        [part(kind='"smooth"')],
        [part(metric='"updates_to_90"', kind='"time"', test='"faster"', margin="1.25")],
    ]
    path = write(tmp_path, *texts)
    fill(path, store, first=[None, *HIGH[1:]], second=LOW)
    found = claims(path, store, capsys)
    assert all("1 run diverged" in each["meaning"] for each in found)
    assert [each["parts"][0]["arms"][0]["diverged"] for each in found] == [1, 1, 1, 1]
    whole, share, smooth, times = (each["parts"][0]["trial"] for each in found)
    assert whole["p_supported"] > 1 / 12870
    assert share["effect"] == 7 / 8
    assert smooth["p_supported"] == smooth["p_refuted"] == 1
    assert words(found)[2] == "undecided"
    assert times["p_supported"] > 1 / 12870


def test_the_table_for_people(tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part()])
    fill(path, store, first=HIGH, second=LOW)
    assert call(["claims", str(path), "--profile", "full", "--store", str(store.root)]) == 0
    text = capsys.readouterr().out.replace("\u00a0", " ")
    assert text.splitlines()[0].split() == ["claim", "verdict", "effect", "interval", "seeds", "p"]
    assert text.splitlines()[1].startswith("C1     supported  +85.0 percentage points  +8")
    assert "C1: A claim.\n  Supported, the runs speak for the claim" in text


def test_the_report_shows_the_same_verdicts(tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part()], [part(against='{ experiment = "third" }')])
    fill(path, store, first=HIGH, second=LOW, third=CLOSE)
    found = claims(path, store, capsys)
    shared = ["--profile", "full", "--store", str(store.root), "--out", str(tmp_path / "out")]
    assert call(["report", str(path), "--format", "json", *shared]) == 0
    assert json.loads((tmp_path / "out" / "report.json").read_text())["claims"] == found
    assert call(["report", str(path), *shared]) == 0
    html = (tmp_path / "out" / "index.html").read_text()
    assert "Verdicts on its claims: 1 supported, 1 refuted, 0 undecided, 0 not tested." in html
    assert html.count('<span class="badge holds">supported</span>') == 2
    assert html.count('<span class="badge fails">refuted</span>') == 2
    for each in found:
        assert html.count(each["meaning"].replace("'", "&#39;")) == 1
    assert "no verdict" not in html


def test_runs_that_end_once_they_are_solved_are_whole(tmp_path, store, capsys) -> None:
    times = part(metric='"updates_to_90"', kind='"time"', test='"faster"', margin="1.25")
    path = write(tmp_path, [times], [part()])
    goal = "epochs = 20\nupdates = 140\nstop_accuracy = 0.9"
    path.write_text(path.read_text().replace("epochs = 20", goal))
    study = load_study(str(path))
    for experiment, start in (("first", 25), ("second", 75)):
        for config in arm(study, experiment).runs:
            checks = [
                Check(at, {"accuracy": 0.95 if at >= start else 0.1})
                for at in range(25, start + 26, 25)
            ]
            write_run(store, config, checks)
    found = claims(path, store, capsys)
    # How long the other takes is known, though the first arm's runs ended before it got there.
    assert found[0]["verdict"] == "supported"
    assert found[0]["parts"][0]["trial"]["effect"] == pytest.approx(3.0)
    # How high they would have ended is not.
    assert found[1]["meaning"] == "Not tested: needs 140 updates of first; this profile trains 50."
