"""Every section of "Extend assay" is complete: its files and commands run as they stand there."""

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

from tests.end_to_end.conftest import here

PAGE = (Path(__file__).parents[1] / "docs/how-to/extend.md").read_text()


class Section:
    """A section's files, written to a folder, and its commands, run there."""

    def __init__(self, title: str, folder: Path) -> None:
        text = PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
        self.folder = folder
        self._installed = False
        blocks = re.findall(r"```(?:python|toml)\n# (\S+)\n(.*?)```", text, re.S)
        for name, content in blocks:
            (folder / name).write_text(content)
        self.commands = [
            line
            for block in re.findall(r"```sh\n(.*?)```", text, re.S)
            for line in block.splitlines()
        ]
        assert blocks
        assert self.commands

    def add_statement(self, name: str, target: str) -> None:
        """Put a statement beside assay's own, as a line in `STATEMENTS` does."""
        module, _, attribute = target.partition(":")
        self._installed = True
        (self.folder / "sitecustomize.py").write_text(
            f"from {module} import {attribute}\nfrom assay.statements import STATEMENTS\n"
            f"STATEMENTS[{name!r}] = {attribute}()\n"
        )

    def install(self) -> None:
        """Let Python find the section's package, as an installation would."""
        self._installed = True
        project = tomllib.loads((self.folder / "pyproject.toml").read_text())["project"]
        place = self.folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
        place.mkdir()
        (place / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
        )
        points = [
            f"[{group}]\n" + "\n".join(f"{name} = {value}" for name, value in named.items())
            for group, named in project["entry-points"].items()
        ]
        (place / "entry_points.txt").write_text("\n".join(points) + "\n")

    def run(self) -> None:
        """Run its commands."""
        for line in self.commands:
            self.answer(line)

    def answer(self, line: str) -> str:
        """What one command prints."""
        command, *words = shlex.split(line, comments=True)
        assert command in ("assay", "pytest")
        if command == "assay" and not self._installed:
            found = here(self.folder, *words)
            assert found.returncode == 0, f"{line}\n{found.stdout}{found.stderr}"
            return found.stdout
        path = os.pathsep.join(filter(None, [str(self.folder), os.environ.get("PYTHONPATH")]))
        done = subprocess.run(
            [sys.executable, "-m", command, *words],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout

    def verdict(self, line: str) -> str:
        """The verdict on its one claim."""
        (claim,) = json.loads(self.answer(f"{line} --json"))["claims"]
        return str(claim["verdict"])


@pytest.fixture
def section(request: pytest.FixtureRequest, tmp_path: Path) -> Section:
    return Section(request.param, tmp_path)


@pytest.mark.parametrize("section", ["A kind"], indirect=True)
def test_a_kind_of_another_package(section: Section) -> None:
    section.install()
    section.run()
    assert section.verdict("assay claims darts.toml") == "supported"
    # Ten seeds decide it; those that other workers had begun by then are kept as well.
    assert 10 <= len(list((section.folder / "results/darts/runs").glob("*.zip"))) <= 12


@pytest.mark.parametrize("section", ["A cell"], indirect=True)
def test_a_cell_with_an_option_as_axis(section: Section) -> None:
    section.run()
    assert len(list((section.folder / "store").glob("*/record.json"))) == 16


@pytest.mark.parametrize("section", ["A loss"], indirect=True)
def test_a_loss_with_an_option_as_axis(section: Section) -> None:
    images = np.random.default_rng(0).integers(0, 256, (40, 8, 8), dtype=np.uint8)
    np.savez(section.folder / "shapes.npz", images=images)
    section.run()
    assert len(list((section.folder / "store").glob("*/record.json"))) == 16


@pytest.mark.parametrize("section", ["An outcome"], indirect=True)
def test_an_outcome_by_name_and_one_of_a_function(section: Section) -> None:
    section.run()
    assert section.verdict("assay claims plateau.toml") == "supported"


@pytest.mark.parametrize("section", ["A figure"], indirect=True)
def test_a_figure_of_a_function(section: Section) -> None:
    section.run()
    page = (section.folder / "reports/spread/full/index.html").read_text()
    assert "best validation.accuracy" in page


@pytest.mark.parametrize("section", ["A statement"], indirect=True)
def test_a_statement(section: Section) -> None:
    section.add_statement("doubling", "doubling:Doubling")
    section.run()
    verdict = section.verdict("assay claims doubling.toml")
    assert verdict in ("supported", "contrary", "no difference", "open")
    page = (section.folder / "reports/doubling/full/index.html").read_text()
    assert "the second more than twice the first" in page
    assert "than twice what" in page


@pytest.mark.parametrize("section", ["Contract tests"], indirect=True)
def test_the_contract_tests_pass_on_the_kind_and_the_cell(section: Section) -> None:
    for other in ("A kind", "A cell"):
        Section(other, section.folder)
    (line,) = section.commands
    assert "2 passed" in section.answer(line)
