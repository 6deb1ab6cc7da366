"""`assay run --dry-run` and `--seeds`; `assay watch`, `open` and `completion`."""

import os
import re
import subprocess
import webbrowser
from pathlib import Path

import pytest

from assay.cli import app, call
from assay.cli.show.watch import follow_log
from assay.store import Store
from tests.claims.made_up_claims import part, write

STUDY = """
title = "t"
[defaults]
hidden_size = 8
data_size = 300
batch_size = 32
updates = 2
[experiments.cells]
grid = { cell = ["rnn", "lstm"] }
[profiles.all]
seeds = 3
"""


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(STUDY)
    return Path("mine.toml")


def test_a_dry_run_says_what_is_missing_and_trains_nothing(study, capsys, small) -> None:
    assert call(["run", str(study), "--dry-run"]) == 0
    told = capsys.readouterr()
    assert "6 of 6 runs would be trained" in told.out
    assert "nothing was trained" in told.err
    assert not Path("store").exists()


def test_a_dry_run_until_decided_says_what_claims_need(tmp_path, capsys, monkeypatch) -> None:
    path = write(tmp_path, [part()])
    monkeypatch.chdir(tmp_path)
    assert call(["run", path.name, "--profile", "full", "--until-decided", "--dry-run"]) == 0
    assert re.search(r"^C1 +\d+ ", capsys.readouterr().out, re.M)
    assert not (tmp_path / "store").exists()


def test_so_many_seeds_are_trained_as_are_asked_for(study, capsys) -> None:
    assert call(["run", str(study), "--seeds", "1", "--dry-run"]) == 0
    assert "2 of 2 runs would be trained" in capsys.readouterr().out
    assert call(["run", str(study), "--seeds", "1", "--only", "cells"]) == 0
    assert {run.config().seed for run in Store("store").runs()} == {0}
    assert call(["run", str(study), "--seeds", "2", "--dry-run"]) == 0
    assert "2 of 4 runs would be trained" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (["--seeds", "0"], "--seeds = 0: allowed is 1 or more"),
        (["--seeds", "2", "--until-decided"], "--seeds 2: with --until-decided they are as many"),
        (["--seeds", "2", "--multiverse"], "--seeds = 2: the study says how many a universe has"),
    ],
)
def test_seeds_that_cannot_be_are_told(flags, told, study, capsys) -> None:
    assert call(["run", str(study), *flags]) == 2
    assert told in capsys.readouterr().err
    assert not Path("store").exists()


def test_a_run_is_watched_to_its_end(small, train_here, store, capsys) -> None:
    run = train_here(small)
    assert call(["watch", run.run_id[:6], "--store", str(store.root)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{run.run_id}: {small.label}"
    assert re.fullmatch(r"[\d:]+ epoch 3, update 24: .*validation accuracy 0?\.?\d+.*", lines[1])
    assert lines[2].startswith("finished after 24 updates, ")


def test_a_run_is_watched_while_it_grows(small, train_here, store, capsys) -> None:
    run = train_here(small)
    whole, record = run.path / "metrics.jsonl", run.path / "record.json"
    content, ended = whole.read_bytes(), record.read_bytes()
    record.unlink()
    lines = content.splitlines(keepends=True)
    steps = [*(b"".join(lines[: each + 1]) for each in range(2, len(lines))), None]
    whole.write_bytes(b"".join(lines[:2]))

    def train_on(seconds: float) -> None:
        step = steps.pop(0)
        if step is None:
            record.write_bytes(ended)
        else:
            whole.write_bytes(step)

    with run.lock():
        found = follow_log(store.run(run.run_id), train_on)
    assert found is not None
    assert found.status == "finished"
    assert steps == []
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 1 + 1 + (len(lines) - 2) + 1


def test_a_run_that_nobody_trains_is_told(small, train_here, store, capsys) -> None:
    run = train_here(small)
    (run.path / "record.json").unlink()
    assert call(["watch", run.run_id, "--store", str(store.root)]) == 1
    assert "is unfinished, and no process trains it" in capsys.readouterr().err


def test_a_report_is_opened_again(study, capsys, monkeypatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda page: opened.append(page) or True)
    monkeypatch.setenv("DISPLAY", ":0")
    assert call(["open", str(study)]) == 2
    told = "reports/mine/all/index.html is not there; to write and open it: assay report mine.toml"
    assert told in capsys.readouterr().err
    page = Path("reports/mine/all/index.html")
    page.parent.mkdir(parents=True)
    page.write_text("a page")
    assert call(["open", str(study)]) == 0
    assert opened == [page.resolve().as_uri()]


def test_the_page_of_evidence_is_opened(capsys, monkeypatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda page: opened.append(page) or True)
    monkeypatch.setenv("DISPLAY", ":0")
    results = Path(__file__).parents[2] / "results/memory_horizon"
    assert call(["open", "--from", str(results)]) == 0
    assert opened == [(results / "index.html").as_uri()]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_completes_every_command(shell, capsys) -> None:
    assert call(["completion", shell]) == 0
    script = capsys.readouterr().out
    for name in (*app, "--until-decided", "memory"):
        if not name.startswith("-h"):
            assert name.lstrip("-") in script, name


def test_bash_completes_what_is_begun(capsys, tmp_path) -> None:
    assert call(["completion", "bash"]) == 0
    script = tmp_path / "assay.bash"
    script.write_text(capsys.readouterr().out)
    asks = f"""
        source {script}
        COMP_WORDS=(assay cla) COMP_CWORD=1 COMP_LINE="assay cla" COMP_POINT=9
        eval "$(complete -p assay | sed 's/.*-F \\([^ ]*\\).*/\\1/') assay cla assay"
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(["bash", "-c", asks], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["claims"], done.stderr


def test_last_is_the_run_that_was_written_to_last(small, train_here, store, capsys) -> None:
    for seed in (0, 1):
        run = train_here(small.replace(seed=seed))
        os.utime(run.path / "record.json", (2e9 + seed, 2e9 + seed))
    assert store.find("last").run_id == run.run_id
    assert call(["predict", "last", "1234", "--store", str(store.root)]) == 0


def test_what_is_filled_in_is_not_in_the_help(capsys) -> None:
    assert call(["train", "memory", "--help"]) == 0
    told = capsys.readouterr().out
    assert "--hidden-size" in told
    assert "sha256" not in told
