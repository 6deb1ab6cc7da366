"""The workflow that the documentation shows: its commands go through in a fresh folder."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from assay.cli import call

ROOT = Path(__file__).parents[1]
WORKFLOW = ROOT / "docs/examples/claims.yml"


def steps() -> tuple[dict[str, str], list[dict[str, Any]]]:
    """The environment and the steps of its one job."""
    (job,) = yaml.safe_load(WORKFLOW.read_text())["jobs"].values()
    return job["env"], job["steps"]


def run(command: str, folder: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """A step's command, as a runner of GitHub has it: in bash, which ends at the first error."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-e", "-c", command],
        cwd=folder,
        env={**os.environ, "ASSAY_TRUST": "", **env, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_its_commands_go_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env, every = steps()
    monkeypatch.chdir(tmp_path)
    assert call(["init", env["STUDY"], "--kind", "command"]) == 0
    commands = {step["name"]: step["run"] for step in every if "run" in step}
    assert list(commands) == ["Install", "Train", "Report", "Claims"]
    assert commands.pop("Install").startswith("pip install ")
    for name, command in commands.items():
        done = run(command, tmp_path, env)
        assert done.returncode == 0, f"{name}: {done.stderr}"
    (uploaded,) = [step["with"]["path"] for step in every if "upload" in step.get("uses", "")]
    assert (tmp_path / uploaded / "index.html").is_file()
    broken = commands["Claims"].replace("C1=supported", "C1=contrary")
    assert run(broken, tmp_path, env).returncode == 1


def test_the_store_is_kept_whatever_becomes_of_the_claims() -> None:
    _, every = steps()
    uses = {step["uses"].partition("@")[0]: step for step in every if "uses" in step}
    restored, saved = uses["actions/cache/restore"], uses["actions/cache/save"]
    assert saved["if"] == "always()"
    assert saved["with"]["path"] == restored["with"]["path"] == "store"
    assert saved["with"]["key"].startswith(restored["with"]["restore-keys"])
