"""`assay run --until-decided` as a user has it: it decides and stops, and goes on after any end."""

import hashlib
import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.end_to_end.conftest import COMMAND, Cli, signal_all, start

STUDY = """
title = "Which rate learns?"
[defaults]
hidden_size = 8
data_size = 300
batch_size = 32
epochs = 3
[experiments.rates]
grid = { learning_rate = [0.02, 1e-9] }
[experiments.gru]
cell = "gru"
learning_rate = 1e-9

[[claims]]
id = "C1"
sentence = "A usable rate learns more."
[[claims.parts]]
sentence = "Its loss is smaller."
metric = "training.loss"
test = "smaller"
of = { experiment = "rates", learning_rate = 0.02 }
against = { experiment = "rates", learning_rate = 1e-9 }
margin = 0.001
unit = "nats"
"""

SECOND = """
[[claims]]
id = "C2"
sentence = "Untrained, one cell guesses better than the other."
[[claims.parts]]
sentence = "It does."
metric = "validation.loss"
test = "smaller"
of = { experiment = "gru" }
against = { experiment = "rates", learning_rate = 1e-9 }
margin = 0.0
unit = "nats"
"""

RUN = ("run", "my.toml", "--until-decided", "--workers", "1")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    path = tmp_path / "my.toml"
    path.write_text(STUDY)
    return path


def _runs(store: Path) -> dict[str, str]:
    """What each run that ended has logged, by id."""
    return {
        path.parent.name: hashlib.sha256((path.parent / "metrics.jsonl").read_bytes()).hexdigest()
        for path in store.glob("*/record.json")
    }


def _verdicts(cli: Cli, store: str = "store") -> dict[str, str]:
    done = cli("claims", "my.toml", "--store", store, "--json")
    assert done.returncode == 0, done.stderr
    return {each["id"]: each["verdict"] for each in json.loads(done.stdout)["claims"]}


def test_it_decides_and_stops_and_says_so(cli: Cli, study: Path, tmp_path: Path) -> None:
    done = cli(*RUN)
    assert (done.returncode, done.stdout) == (0, "")
    said = done.stderr.splitlines()
    assert "claim C1: supported, evidence 21 to 1 after 5 seeds; 1 of 1 decided" in said
    assert any(line.startswith("the claim is decided: 10 runs, ") for line in said)
    assert said[-1] == "the verdicts: assay claims my.toml --profile full --store store"
    assert len(_runs(tmp_path / "store")) == 10
    assert _verdicts(cli) == {"C1": "supported"}
    log = (tmp_path / "store" / "declarations.jsonl").read_text()
    declared = json.loads(log)["at"]
    records = [json.loads(path.read_text()) for path in tmp_path.glob("store/*/record.json")]
    assert declared <= min(record["started"] for record in records)

    again = cli(*RUN)
    assert "the claim is decided already" in again.stderr
    assert len(_runs(tmp_path / "store")) == 10


def test_a_claim_that_is_left_is_named_with_why(cli: Cli, study: Path, tmp_path: Path) -> None:
    study.write_text(STUDY + SECOND)
    done = cli(*RUN, "--most-seeds", "6", "--only", "rates")
    assert done.returncode == 0
    assert "claim C1: supported" in done.stderr
    assert "1 of 2 claims is decided: " in done.stderr
    assert "  C2 is open: it reads experiments that are left out: gru" in done.stderr
    assert len(_runs(tmp_path / "store")) == 12, "of two claims the first needs 6 seeds"
    done = cli(*RUN, "--most-seeds", "4")
    assert "  C2 is open: it would need more than 4 seeds" in done.stderr
    assert len(_runs(tmp_path / "store")) == 12


@pytest.fixture
def uninterrupted(cli: Cli, study: Path, tmp_path: Path) -> dict[str, str]:
    assert cli(*RUN, "--store", "whole").returncode == 0
    return _runs(tmp_path / "whole")


def test_killed_again_and_again_it_trains_the_same_runs(
    cli: Cli, tmp_path: Path, uninterrupted: dict[str, str]
) -> None:
    store = tmp_path / "killed"
    for runs in (1, 4, 7):
        process = start(tmp_path, *RUN, "--store", "killed")
        _wait_for_runs(store, runs)
        signal_all(process, signal.SIGKILL)
        process.communicate()
    done = cli(*RUN, "--store", "killed")
    assert done.returncode == 0, done.stderr
    assert _runs(store) == uninterrupted
    assert _verdicts(cli, "killed") == {"C1": "supported"}


def test_ctrl_c_saves_and_the_same_command_goes_on(
    cli: Cli, tmp_path: Path, uninterrupted: dict[str, str]
) -> None:
    process = start(tmp_path, *RUN, "--store", "stopped", "--budget", "6h")
    _wait_for_runs(tmp_path / "stopped", 3)
    signal_all(process, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert (
        "everything is saved, and the same command goes on from here: assay run my.toml "
        "--until-decided --budget 6h --store stopped" in said
    )
    assert "  C1 is open: evidence " in said
    assert "Traceback" not in said
    assert cli(*RUN, "--store", "stopped").returncode == 0
    assert _runs(tmp_path / "stopped") == uninterrupted


def _wait_for_runs(store: Path, number: int) -> None:
    end = time.monotonic() + 120
    while len(list(store.glob("*/record.json"))) < number:
        assert time.monotonic() < end, f"{number} runs did not end"
        time.sleep(0.01)


def test_two_at_once_both_end_well(cli: Cli, tmp_path: Path, uninterrupted: dict[str, str]) -> None:
    both = [start(tmp_path, *RUN, "--store", "shared") for _ in range(2)]
    for process in both:
        _, said = process.communicate(timeout=300)
        assert process.returncode == 0, said
        assert "the claim is decided" in said
    found = _runs(tmp_path / "shared")
    assert uninterrupted.items() <= found.items()
    assert _verdicts(cli, "shared") == {"C1": "supported"}


def test_the_budget_ends_it(cli: Cli, study: Path, tmp_path: Path) -> None:
    study.write_text(STUDY.replace("epochs = 3", "epochs = 100000"))
    began = time.monotonic()
    done = cli(*RUN, "--budget", "8s")
    assert done.returncode == 0, done.stderr
    assert time.monotonic() - began < 60
    assert "the budget is spent; 0 of 1 claims are decided: 0 runs, " in done.stderr
    assert "  C1 is open: evidence 1 to 1 of 20 after 0 seeds; +5 if all agree, " in done.stderr
    assert _runs(tmp_path / "store") == {}
    assert len(list(tmp_path.glob("store/*/config.json"))) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--budget", "6h"), "--budget 6h: it goes with --until-decided"),
        (("--most-seeds", "8"), "--most-seeds 8: it goes with --until-decided"),
        (("--until-decided", "--budget", "soon"), "--budget = 'soon': should be a number above 0"),
        (("--until-decided", "--most-seeds", "0"), "--most-seeds = 0: should be 1 or more"),
        (("--until-decided", "--multiverse"), "its universes decide no claim"),
        (
            ("--until-decided", "--profile", "quick"),
            "profile quick gives numbers and no verdict: name another, such as full",
        ),
    ],
)
def test_options_that_do_not_go_together_are_one_sentence(
    options: tuple[str, ...], message: str, cli: Cli, study: Path, tmp_path: Path
) -> None:
    study.write_text(STUDY + "[profiles.quick]\nseeds = 1\n[profiles.full]\n")
    done = cli("run", "my.toml", *options)
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "store").exists()


def test_every_run_of_a_study_declares_before_it_trains(
    cli: Cli, study: Path, tmp_path: Path
) -> None:
    assert cli("run", "my.toml", "--only", "gru").returncode == 0
    (line,) = (tmp_path / "store" / "declarations.jsonl").read_text().splitlines()
    assert json.loads(line)["claim"] == "C1"
    (tmp_path / "store" / "declarations.jsonl").write_text("{]\n")
    study.write_text(STUDY.replace("0.001", "0.002"))
    done = cli("run", "my.toml")
    assert done.returncode == 0
    (note,) = [line for line in done.stderr.splitlines() if line.startswith("note: ")]
    assert note.startswith("note: verdicts will be exploratory: ")
    assert (tmp_path / "store" / "declarations.jsonl").read_text() == "{]\n"
    assert len(_runs(tmp_path / "store")) == 24


def test_on_a_terminal_each_open_claim_says_how_far_it_is(study: Path, tmp_path: Path) -> None:
    """In 80 columns, under a real terminal."""
    script = tmp_path / "shown.txt"
    subprocess.run(
        ["script", "-q", "-c", f"stty cols 80; {COMMAND} {' '.join(RUN)}", str(script)],
        cwd=tmp_path,
        check=True,
        timeout=120,
        stdout=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
    )
    text = script.read_text()
    assert " of 20" in text
    assert "+5 if all agree" in text or "+4 if all agree" in text
    assert "0 of 1 claims decided" in text
    assert "claim C1: supported" in text
