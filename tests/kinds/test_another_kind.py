"""A kind that another package brings, through the real command line, where PyTorch is not there."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SOURCES = HERE.parents[1] / "src"
STUDY = """
title = "Which swaps sort sooner?"
[defaults]
kind = "sorting"
steps = 300
[profiles.quick]
seeds = 2
[profiles.full]
seeds = 8
[experiments.any]
first_seed = 2
[experiments.near]
first_seed = 2
neighbours = true
[[claims]]
id = "S1"
sentence = "Swaps of neighbours leave more in order."
[[claims.parts]]
sentence = "More is in order at the end."
metric = "sorted_share"
test = "greater"
of = { experiment = "near" }
against = { experiment = "any" }
margin = 0.0
unit = "share"
"""


def environment(tmp_path: Path) -> dict[str, str]:
    path = [HERE / "no_torch", tmp_path / "toy", SOURCES]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(map(str, path)),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }


def assay(tmp_path: Path, *arguments: str, code: int = 0, error: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-m", "assay", *arguments],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert error in done.stderr
    assert not code or len(done.stderr.strip().splitlines()) == 1
    return done.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "swaps.toml").write_text(STUDY)
    shutil.copytree(HERE / "toy", tmp_path / "toy")
    return tmp_path


def test_it_is_planned_run_judged_reported_and_archived(folder: Path) -> None:
    planned = json.loads(assay(folder, "plan", "swaps.toml", "--profile", "full", "--json"))
    assert [row["seeds"] for row in planned["arms"]] == [8, 8]
    assay(folder, "run", "swaps.toml", "--profile", "full")
    assert "16 finished" in assay(folder, "status")
    claims = ["claims", "swaps.toml", "--profile", "full"]
    found = json.loads(assay(folder, *claims, "--json"))["claims"]
    assert [claim["verdict"] for claim in found] == ["supported"]
    assert len(found[0]["parts"][0]["arms"][0]["values"]) == 8

    page = Path(assay(folder, "report", "swaps.toml", "--profile", "full").strip())
    text = (folder / page).read_text()
    assert "Swaps of neighbours leave more in order." in text
    assert text.count('role="img"') >= 2  # its own figure of each experiment
    assert "share of neighbours in order at the end" in text

    # The record says which code ran, and its figure's faults are told as its own.
    (record, *_) = (folder / "store").glob("*/record.json")
    assert json.loads(record.read_text())["versions"]["sorting-kind"] == "1.0"
    drawing = folder / "toy" / "sorting_kind" / "drawing.py"
    drawing.write_text(drawing.read_text().replace('line.numbers["in_order"]', 'line.numbers["o"]'))
    failed = "sorting_kind.drawing:progress failed as it drew figure 1: KeyError: 'o'"
    assay(folder, "report", "swaps.toml", "--profile", "full", code=2, error=failed)

    kept = assay(folder, "archive", "swaps.toml", "--profile", "full").strip()
    (folder / "store").rename(folder / "gone")
    again = json.loads(assay(folder, "claims", "--from", kept, "--json"))["claims"]
    assert again[0]["parts"] == found[0]["parts"]

    # What was worked out with other code of the package is not remembered.
    code = folder / "toy" / "sorting_kind" / "__init__.py"
    value = 'Value(lines[-1].numbers["in_order"] if'
    code.write_text(code.read_text().replace(value, value.replace("(", "(1 - ", 1)))
    turned = json.loads(assay(folder, "claims", "--from", kept, "--json"))["claims"]
    assert [claim["verdict"] for claim in turned] == ["contrary"]


def test_its_claims_are_decided_seed_by_seed(folder: Path) -> None:
    assay(folder, "run", "swaps.toml", "--until-decided")
    found = json.loads(assay(folder, "claims", "swaps.toml", "--profile", "full", "--json"))
    assert [claim["verdict"] for claim in found["claims"]] == ["supported"]
    assert found["claims"][0]["seeds"] == 5


def test_a_stopped_run_goes_on_with_the_same_bytes(folder: Path) -> None:
    path = folder / "swaps.toml"
    path.write_text(STUDY.replace("steps = 300", "steps = 3_000_000"))
    only = ["run", "swaps.toml", "--only", "any", "--workers", "1"]
    assay(folder, *only, "--store", "whole")
    process = subprocess.Popen(
        [sys.executable, "-m", "assay", *only, "--store", "parts"],
        cwd=folder,
        env=environment(folder),
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + 60
    while not list((folder / "parts").glob("*/metrics.jsonl")) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert list((folder / "parts").glob("*/checkpoints/state.json"))
    assay(folder, *only, "--store", "parts")
    logs = [sorted((folder / name).glob("*/metrics.jsonl")) for name in ("whole", "parts")]
    assert len(logs[0]) == 2
    assert [log.read_bytes() for log in logs[0]] == [log.read_bytes() for log in logs[1]]


def test_its_settings_are_flags_and_its_mistakes_one_sentence(folder: Path) -> None:
    path = folder / "swaps.toml"
    path.write_text(STUDY.replace("steps = 300", "stepps = 150"))
    mistake = "unknown key 'stepps': did you mean 'steps'?"
    assay(folder, "plan", "swaps.toml", code=2, error=mistake)
