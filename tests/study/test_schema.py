"""Editors are told what the program itself says of a study file."""

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from assay.cli import call
from assay.statements import STATEMENTS
from assay.study.schema import study_schema

ROOT = Path(__file__).parents[2]
STUDIES = [
    path
    for folder in ("src/assay/study/shipped", "docs/examples", "notebooks")
    for path in sorted((ROOT / folder).glob("*.toml"))
]
SCHEMA = jsonschema.Draft202012Validator(study_schema())


def study(**changed: Any) -> dict[str, Any]:
    tables = tomllib.loads((ROOT / "src/assay/study/shipped/demo.toml").read_text())
    return {**tables, **changed}


def part(**changed: Any) -> dict[str, Any]:
    (first, *rest) = study()["claims"]
    return study(claims=[{**first, "parts": [{**first["parts"][0], **changed}]}, *rest])


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_every_study_that_is_shipped_keeps_to_it(path: Path) -> None:
    assert [error.message for error in SCHEMA.iter_errors(tomllib.loads(path.read_text()))] == []


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        (study(titel="t"), "$"),
        (study(alpha=0.7), "$.alpha"),
        (study(most="half"), "$.most"),
        (study(experiments={}), "$.experiments"),
        (study(experiments={"a": {"hidden_size": "big"}}), "$.experiments.a.hidden_size"),
        (study(experiments={"a": {"kind": "no such kind"}}), "$.experiments.a.kind"),
        (study(experiments={"a": {"grid": {"cell": "lstm"}}}), "$.experiments.a.grid.cell"),
        (study(profiles={"full": {"seeds": 0}}), "$.profiles.full.seeds"),
        (study(defaults={"length": "long"}), "$.defaults.length"),
        (part(test="larger"), "$.claims[0].parts[0].test"),
        (part(margin=-1), "$.claims[0].parts[0].margin"),
        (part(at={"epoch": 3}), "$.claims[0].parts[0].at"),
        (part(threshhold=1), "$.claims[0].parts[0]"),
    ],
)
def test_a_slip_is_found_where_it_is(wrong: dict[str, Any], where: str) -> None:
    assert where in [error.json_path for error in SCHEMA.iter_errors(wrong)]


@pytest.mark.parametrize("at", ["best", "last", {"update": 100}])
def test_ways_to_read_a_number_are_in_it(at: object) -> None:
    assert list(SCHEMA.iter_errors(part(at=at))) == []


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["schema"]) == 0
    found = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator.check_schema(found)
    assert found == study_schema()
    assert found["$defs"]["Part"]["properties"]["test"]["enum"] == list(STATEMENTS)
    fields = found["$defs"]["ExperimentTable"]["properties"]
    assert fields["hidden_size"]["description"]
    assert {"kind", "latent_dim", "command", "train"} <= fields.keys()
