"""The list of what an installation consists of, and the page on its licences."""

import json
import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tools import sbom

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/reference/licences.md").read_text()
TESTED = dict(
    line.split("==") for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line
)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> str:
    target = tmp_path_factory.mktemp("dist") / "assay.json"
    sbom.main(target)
    return target.read_text()


@pytest.fixture(scope="module")
def found(written: str) -> dict[str, Any]:
    return json.loads(written)


def test_it_has_the_form_of_cyclonedx(written: str) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(written) is None


def test_every_package_of_the_core_is_in_it_as_it_was_tested(found: dict[str, Any]) -> None:
    there = {each["name"].lower(): each["version"] for each in found["components"]}
    assert len(there) > 30
    tested = {name.lower(): version for name, version in TESTED.items()}
    assert {name: version.partition("+")[0] for name, version in there.items()} == {
        name: tested[name] for name in there
    }
    declared = re.findall(r'^  "([\w-]+)>=', _core_of_pyproject(), re.M)
    assert set(declared) <= set(there)
    assert all(each["licenses"] for each in found["components"])


def _core_of_pyproject() -> str:
    text = (ROOT / "pyproject.toml").read_text()
    return text[text.index("\ndependencies = [") : text.index("[project.optional")]


def test_the_data_that_assay_brings_are_in_it(found: dict[str, Any]) -> None:
    data = found["metadata"]["component"]["components"]
    files = {file["name"] for each in data for file in each["components"]}
    package = ROOT / "src/assay"
    assert files == {
        path.relative_to(package).as_posix()
        for pattern in ("tasks/images/mnist/*.gz", "metrics/weights/*")
        for path in package.glob(pattern)
    }
    assert {each["name"]: each["licenses"][0]["license"]["id"] for each in data} == {
        "MNIST": "CC-BY-SA-3.0",
        "classifier of digits": "MIT",
    }


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading of the page."""
    below = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in below.splitlines() if line.startswith("|")][2:]
    return [[cell.strip(" `") for cell in line.strip("|").split(" | ")] for line in lines]


def test_the_page_has_the_licence_of_every_package() -> None:
    assert dict(rows("What is installed")) == {
        each.metadata["Name"]: sbom.licence(each) for each in sbom.core()
    }


def test_the_page_has_every_file_that_ships() -> None:
    package = ROOT / "src/assay"
    shipped = [
        path.relative_to(package).as_posix()
        for path in package.rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc")
    ]
    patterns = [pattern for pattern, _, _ in rows("What ships")]
    for name in shipped:
        assert sum(fnmatchcase(name, pattern) for pattern in patterns) == 1, name
    for pattern in patterns:
        assert any(fnmatchcase(name, pattern) for name in shipped), pattern
    assert not [name for name in shipped if name.endswith((".ttf", ".otf", ".woff", ".woff2"))]
