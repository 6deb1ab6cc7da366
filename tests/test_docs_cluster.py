"""The page on clusters: its commands, its code, and the scripts that its clusters submit."""

import os
import re
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from distributed.cli.dask_scheduler import main as dask_scheduler
from distributed.cli.dask_worker import main as dask_worker

from assay.cli import call
from assay.cli.options import app
from assay.store import Store

PAGE = (Path(__file__).parents[1] / "docs/how-to/cluster.md").read_text()


def _block(language: str, beginning: str) -> str:
    blocks = re.findall(rf"```{language}\n(.*?)```", PAGE, re.S)
    return next(block for block in blocks if block.startswith(beginning))


def test_the_commands_of_the_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As they stand, but for those that would begin one more cluster of this machine."""
    (tmp_path / "small.toml").write_text(_block("toml", "# small.toml"))
    monkeypatch.chdir(tmp_path)
    commands = re.findall(r"```sh\n(.*?)```", PAGE, re.S)
    first, _, apart = [line for block in commands for line in block.splitlines()]
    assert call(shlex.split(first)[1:]) == 0
    assert [run.status for run in Store("store").runs()] == ["finished"] * 4
    assert call([*shlex.split(apart)[1:], "--store", "apart", "--only", "cells"]) == 0
    for run in Store("store").runs():
        there = Path("apart", run.run_id, "metrics.jsonl").read_bytes()
        assert there == (run.path / "metrics.jsonl").read_bytes()
    assert call(["verify", "apart"]) == 0


@pytest.mark.parametrize(
    ("beginning", "lines"),
    [
        ("# slurm.py", ["#SBATCH -p cpu", "#SBATCH --cpus-per-task=4", "#SBATCH -t 01:00:00"]),
        ("# pbs.py", ["#PBS -q cpu", "#PBS -l select=1:ncpus=4:mem=8gb", "#PBS -A lab"]),
    ],
)
def test_the_scripts_of_jobs_start_workers_that_leave_in_time(
    beginning: str, lines: list[str]
) -> None:
    names: dict[str, Any] = {}
    exec(_block("python", beginning), names)
    cluster = names["cluster"]
    try:
        script = cluster.job_script().splitlines()
    finally:
        cluster.close()
    assert set(lines) <= set(script)
    worker = next(line for line in script if "dask_worker" in line)
    assert "--nthreads 1 " in worker
    assert "--nworkers 4 " in worker
    assert "--lifetime 55m --lifetime-stagger 3m" in worker


def test_the_file_for_kubernetes_has_a_scheduler_and_workers() -> None:
    spec = yaml.safe_load(_block("yaml", "apiVersion"))["spec"]
    for role in ("worker", "scheduler"):
        (container,) = spec[role]["spec"]["containers"]
        assert container["args"][:2] == ["dask", role]
    ports = {port["name"] for port in spec["scheduler"]["spec"]["containers"][0]["ports"]}
    assert {port["targetPort"] for port in spec["scheduler"]["service"]["ports"]} == ports
    mounts = {each["name"] for each in spec["worker"]["spec"]["containers"][0]["volumeMounts"]}
    assert mounts == {volume["name"] for volume in spec["worker"]["spec"]["volumes"]}


def test_every_command_of_the_page_is_one() -> None:
    """Also those that a test cannot run: their flags exist, and take these values."""
    blocks = re.findall(r"```(?:sh|text)\n(.*?)```", PAGE, re.S)
    lines = [line.split(" #")[0] for block in blocks for line in block.splitlines()]
    mine = [shlex.split(line)[1:] for line in lines if line.startswith("assay ")]
    theirs = [shlex.split(line)[1:] for line in lines if line.startswith("dask ")]
    (worker, scheduler) = (
        yaml.safe_load(_block("yaml", "apiVersion"))["spec"][role]["spec"]["containers"][0]["args"]
        for role in ("worker", "scheduler")
    )
    for words in mine:
        app.parse_args(words, exit_on_error=False, print_error=False)
    for name, *words in [*theirs, worker[1:], scheduler[1:]]:
        {"worker": dask_worker, "scheduler": dask_scheduler}[name].make_context(name, words)
    assert (len(mine), len(theirs)) == (5, 3)


def test_torchrun_is_a_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for language, name in (("toml", "devices.toml"), ("python", "train.py")):
        (tmp_path / name).write_text(_block(language, f"# {name}"))
    monkeypatch.chdir(tmp_path)
    beside = Path(sys.executable).parent  # as where the environment is activated
    monkeypatch.setenv("PATH", f"{beside}{os.pathsep}{os.environ['PATH']}")
    assert call(["run", "devices.toml", "--trust"]) == 0
    (run,) = Store("store").runs()
    assert [sorted(each.numbers) for each in run.metrics().numbers] == [["mean"]] * 3
