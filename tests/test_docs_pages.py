"""The pages for contributors and for those in trouble say what is in the code."""

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import pytest

from assay import Study, testing
from assay.claims.declarations import Declaration
from assay.config import SCHEMA_VERSION
from assay.report.data import gather
from assay.report.data.rows import ClaimRow, PartRow
from assay.report.export.rows import ClaimLine, ResultLine
from assay.store import Record, manifest
from assay.store.log import SCHEMA, Numbers
from assay.store.reading import read_log

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src/assay"


def page(name: str) -> str:
    return (ROOT / name).read_text()


def said(path: Path) -> Iterator[str]:
    """Every text in a module; what is filled in stands as …, and adjacent texts are one."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Constant(value=str(text)):
                yield text
            case ast.JoinedStr(values=parts):
                yield "".join(
                    str(part.value) if isinstance(part, ast.Constant) else "…" for part in parts
                )


SAID = "\n".join(text for path in SOURCE.rglob("*.py") for text in said(path))
QUOTED = re.findall(r"^\*\*`(.*?)`", page("docs/how-to/troubleshooting.md"), re.M)


@pytest.mark.parametrize("message", QUOTED)
def test_a_message_in_trouble_is_one_of_the_program(message: str) -> None:
    parts = [re.escape(part) for part in message.strip("… ").split("…")]
    assert re.search(".*?".join(parts), SAID), message


def test_there_are_messages_to_compare() -> None:
    assert len(QUOTED) > 8


def test_the_glossary_is_in_order_and_says_each_term_once() -> None:
    terms = re.findall(r"^\| ([a-z ]+) \|", page("docs/reference/glossary.md"), re.M)[1:]
    assert len(terms) > 30
    assert terms == sorted(set(terms))


def test_contributing_names_what_is_there() -> None:
    text = page("CONTRIBUTING.md")
    targets = set(re.findall(r"^([a-z]+):", page("Makefile"), re.M))
    assert set(re.findall(r"`make ([a-z]+)`", text)) <= targets
    paths = [
        *re.findall(r"`([a-z_./]+/)`", text),
        *re.findall(r"`\.?([A-Za-z]+\.(?:md|txt))`", text),
    ]
    assert len(paths) > 8
    for path in set(paths) - {"dist/"}:  # which make packages makes
        assert (ROOT / path).exists(), path


def test_contributing_names_every_folder() -> None:
    listed = set(re.findall(r"^\| `([a-z]+)/", page("CONTRIBUTING.md"), re.M))
    tracked = {path.name for path in ROOT.iterdir() if path.is_dir() and any(path.rglob("*.*"))}
    made = {"build", "dist", "store", "reports", "exports"}
    assert {name for name in tracked if name.isalpha()} - made == listed


FORMATS = page("docs/reference/formats.md")


def section(title: str) -> str:
    return FORMATS.partition(f"\n## {title}")[2].partition("\n## ")[0]


def test_the_log_of_the_formats_page_is_read_line_by_line() -> None:
    (block,) = re.findall(r"```json\n(.*?)```", section("The log"), re.S)
    log = read_log(block.encode(), "the formats page")
    assert (len(log.epochs), len(log.checks), len(log.probes), len(log.alarms)) == (1, 1, 1, 1)
    assert log.diverged == 731
    assert log.numbers == [Numbers(10, {"loss": 0.3})]
    assert json.loads(block.splitlines()[0]) == {"schema": SCHEMA}
    written = [line.line() for line in (*log.epochs, *log.checks, *log.probes, *log.alarms)]
    assert written == [json.loads(line) for line in block.splitlines()[1:5]]


def test_every_field_of_a_record_is_on_the_formats_page() -> None:
    rows = set(
        re.findall(
            r"`([a-z_]+)`", "\n".join(re.findall(r"^\| .*? \|", section("The record"), re.M))
        )
    )
    assert rows - {"field"} == set(Record.model_fields)


def test_every_part_of_a_report_is_on_the_formats_page(tmp_path: Path) -> None:
    parts = Study("mnist_classifier", tmp_path / "store").data("quick")
    rows = "\n".join(re.findall(r"^\| (.*?) \|", section("The report"), re.M))
    assert set(re.findall(r"`([a-z_]+)`", rows)) == set(parts) - {"format"}
    (version,) = re.findall(r"`format` is (\d+)", section("The report"))
    assert int(version) == parts["format"]


@pytest.mark.parametrize(("heading", "row"), [("claim", ClaimRow), ("part", PartRow)])
def test_every_key_of_a_claim_is_on_the_formats_page(heading: str, row: type) -> None:
    table = section("A claim in JSON").partition(f"| key of a {heading} |")[2].partition("\n\n")[0]
    keys = re.findall(r"`([a-z_]+)`", "\n".join(re.findall(r"^\| (`.*?) \|", table, re.M)))
    assert sorted(keys) == sorted(field.name for field in fields(row))


@pytest.mark.parametrize(("of", "row"), [("claims and parts", ClaimLine), ("results", ResultLine)])
def test_every_column_of_an_export_is_on_its_page(of: str, row: type) -> None:
    table = page("docs/how-to/paper.md").partition(f"| of {of} |")[2].partition("\n\n")[0]
    keys = re.findall(r"`([a-z_]+)`", "\n".join(re.findall(r"^\| (`.*?) \|", table, re.M)))
    assert keys == [field.name for field in fields(row)]


def test_the_declaration_of_the_formats_page_is_read() -> None:
    text = section("The log of declarations")
    (line,) = re.findall(r"```json\n(.*?)\n```", text, re.S)
    written = Declaration.model_validate_json(line).line().decode()
    assert written == line.replace(": ", ":").replace(", ", ",") + "\n"
    rows = re.findall(r"`([a-z0-9_]+)`", "\n".join(re.findall(r"^\| (`.*?) \|", text, re.M)))
    assert rows == list(Declaration.model_fields)


def test_the_versions_of_the_formats_page_are_those_written() -> None:
    rows = re.findall(r"^\| (\w+) \| (\d+) \|", section("Versions"), re.M)
    assert {name: int(version) for name, version in rows} == {
        "configuration": SCHEMA_VERSION,
        "log": SCHEMA,
        "archive": manifest.FORMAT,
        "report": gather.FORMAT,
    }


def test_the_rooms_of_the_house_are_the_layers_of_the_import_contract() -> None:
    house = page("docs/explanation/architecture.md").partition("## The rooms")[2]
    rooms = re.findall(r"^\| `(\w+)` \|", house.partition("\n## ")[0], re.M)
    contracts = tomllib.loads(page("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    layers = [layer.split(" | ") for layer in contracts[0]["layers"]]
    assert sorted(rooms) == sorted(room for layer in layers for room in layer)
    depth = {room: number for number, layer in enumerate(layers) for room in layer}
    assert rooms == sorted(rooms, key=lambda room: depth[room])


PAGES = [
    "docs/explanation/architecture.md",
    "docs/how-to/extend.md",
    "docs/how-to/own-study.md",
    "docs/reference/formats.md",
]


@pytest.mark.parametrize("name", PAGES)
def test_what_a_page_names_of_the_package_is_there(name: str) -> None:
    for dotted in set(re.findall(r"`(assay(?:\.\w+)+)`", page(name))):
        assert resolves(dotted), dotted


def resolves(dotted: str) -> bool:
    """Whether it is a module, or an attribute of one."""
    module, _, attribute = dotted.rpartition(".")
    try:
        return hasattr(import_module(module), attribute) or bool(import_module(dotted))
    except ImportError:
        return False


def test_every_contract_test_is_on_the_page_of_extensions() -> None:
    rows = re.findall(r"^\| `(\w+)\(", page("docs/how-to/extend.md"), re.M)
    assert sorted(rows) == sorted(testing.__all__)
