"""What benchmarks, tools and notebooks import of assay, and of each other, is there.

Nothing is imported for it: names are read from the sources, so that all of them take a second.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import assay

ROOT = Path(__file__).parents[1]
PROGRAMS = [
    path
    for folder in ("benchmarks", "tools", "notebooks")
    for path in sorted((ROOT / folder).rglob("*.py"))
]


def source(module: str, places: list[Path]) -> Path | None:
    """The file of a module, or the folder of one without `__init__.py`, in the first place."""
    for place in places:
        base = place.joinpath(*module.split("."))
        for path in (base.with_suffix(".py"), base / "__init__.py", base):
            if path.exists():
                return path
    return None


@cache
def names(path: Path) -> frozenset[str]:
    """What a module defines at its top, and the modules of a package."""
    found: set[str] = set()
    if path.name == "__init__.py" or path.is_dir():
        folder = path if path.is_dir() else path.parent
        found |= {each.stem for each in folder.iterdir() if each.suffix in (".py", "")}
    if path.is_file():
        found |= set(_defined(ast.parse(path.read_text(encoding="utf-8")).body))
    return frozenset(found | (set(assay.__all__) if path.parent.name == "assay" else set()))


def _defined(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                yield from (each.asname or each.name for each in aliases)
            case ast.Assign(targets=targets):
                yield from (
                    each.id
                    for target in targets
                    for each in ast.walk(target)
                    if isinstance(each, ast.Name)
                )
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case ast.If(body=then, orelse=other) | ast.Try(body=then, orelse=other):
                yield from _defined([*then, *other])
            case _:
                pass


def missing(program: Path) -> list[str]:
    """What a program imports of this repository that is not there."""
    places = [program.parent, ROOT, ROOT / "src"]
    own = {path.stem for path in program.parent.glob("*.py")} | {"assay", "benchmarks", "tools"}
    found = []
    for node in ast.walk(ast.parse(program.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            asked = [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            asked = [(node.module, alias.name) for alias in node.names]
        else:
            continue
        for module, name in asked:
            if module.partition(".")[0] not in own:
                continue
            path = source(module, places)
            if path is None or (name and name not in names(path)):
                found.append(f"line {node.lineno}: {module} {name}".strip())
    return found


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_program_imports_is_there(program: Path) -> None:
    assert missing(program) == []


def test_what_is_not_there_is_found(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import assay.nowhere\nfrom assay import Study, Nothing\nimport json\n"
        "def late():\n    from assay.store.log import Log, Nought\n"
    )
    assert missing(program) == [
        "line 1: assay.nowhere",
        "line 2: assay Nothing",
        "line 5: assay.store.log Nought",
    ]
