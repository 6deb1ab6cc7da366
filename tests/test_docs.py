"""What exists is documented, and what is documented exists."""

import re
import shlex
from pathlib import Path

import pytest
from cyclopts import App

from assay import Run, Study, __version__
from assay.cli import app, register_kinds
from assay.config import kind_named, kind_names
from assay.study.file import StudyFile

ROOT = Path(__file__).parents[1]
PAGES = [*ROOT.glob("docs/**/*.md"), *ROOT.glob("*.md"), ROOT / "benchmarks/README.md"]
DOCS = {path: path.read_text() for path in PAGES}


register_kinds()


def _commands(group: App, prefix: str = "assay") -> dict[str, App]:
    found = {}
    for name in group:
        if name.startswith("-"):
            continue
        command = group[name]
        nested = _commands(command, f"{prefix} {name}")
        found |= nested or {f"{prefix} {name}": command}
    return found


@pytest.mark.parametrize("name", _commands(app))
def test_every_command_has_help_and_documentation(name: str) -> None:
    assert _commands(app)[name].help
    assert f"`{name}" in (ROOT / "docs/reference/cli.md").read_text()


EXAMPLES = [
    example
    for command in _commands(app).values()
    for example in re.findall("`(.*?)`", command.help_epilogue or "")
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_help_is_a_command(example: str) -> None:
    program, *words = shlex.split(example)
    assert program == "assay"
    app.parse_args(words, exit_on_error=False, print_error=False)


@pytest.mark.parametrize("name", _commands(app))
def test_every_command_has_an_example_of_itself(name: str) -> None:
    every = _commands(app)
    same = [each for each in every if every[each].help_epilogue == every[name].help_epilogue]
    assert any(f"`{each}" in (every[name].help_epilogue or "") for each in same)


def test_every_field_is_described_and_documented() -> None:
    text = (ROOT / "docs/reference/configuration.md").read_text()
    for kind in map(kind_named, kind_names()):
        for name, field in kind.config.model_fields.items():
            assert name == "kind" or field.description, name
            assert name == "kind" or f"| `{name}` |" in text, name


def test_every_table_and_metric_of_a_study_is_documented() -> None:
    text = (ROOT / "docs/reference/study-file.md").read_text()
    metrics = [name for kind in kind_names() for name in kind_named(kind).outcomes]
    for name in [*StudyFile.model_fields, *metrics]:
        assert name in text, name


def test_every_dependency_has_its_reason() -> None:
    text = (ROOT / "docs/explanation/dependencies.md").read_text()
    declared = re.findall(r'^  "([a-z0-9-]+)[><=]', (ROOT / "pyproject.toml").read_text(), re.M)
    assert len(declared) > 10
    for name in declared:
        assert re.search(rf"^\| .*\b{name}\b.* \|", text, re.M), name


def test_the_newest_release_of_the_changelog_is_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text()
    releases = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d$", text, re.M)
    assert releases[0] == __version__
    assert text.index("## [Unreleased]") < text.index(f"## [{__version__}]")
    sections = set(re.findall(r"^### (.*)$", text, re.M))
    assert sections <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


@pytest.mark.parametrize("kind", [Study, Run])
def test_every_public_member_is_documented(kind: type) -> None:
    text = (ROOT / "docs/reference/python.md").read_text()
    _, _, section = text.partition(f"## {kind.__name__}\n")
    for name, member in vars(kind).items():
        if not name.startswith("_"):
            assert member.__doc__, name
            assert re.search(rf"`{name}[`(]", section), name


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", DOCS[path]):
        if "://" not in target:
            assert (path.parent / target).exists(), f"{path.name}: {target}"


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_in_the_documentation_exist(path: Path) -> None:
    known = _commands(app)
    for block in re.findall(r"```sh\n(.*?)```", DOCS[path], re.S):
        for line in re.findall(r"^assay ([a-z]+(?: (?:memory|gan|classifier)\b)?)", block, re.M):
            assert f"assay {line}" in known, line
