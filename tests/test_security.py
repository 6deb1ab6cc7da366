"""What the page on security promises of all the source, and that the tests it names exist."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/explanation/security.md").read_text()
NAMED = sorted({*re.findall(r"`(tests/[\w/]+\.py(?:::\w+)?)`", PAGE)})
MODULES = {
    path.relative_to(ROOT / "src").as_posix(): ast.parse(path.read_text())
    for path in ROOT.glob("src/**/*.py")
}


@pytest.mark.parametrize("name", NAMED)
def test_a_test_that_the_page_names_is_there(name: str) -> None:
    path, _, test = name.partition("::")
    tree = ast.parse((ROOT / path).read_text())
    tests = {each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)}
    assert any(each.startswith("test_") for each in tests)
    assert not test or test in tests


def test_every_row_of_the_page_is_tested() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ")][2:]
    assert len(rows) > 10
    assert all("`tests/" in row for row in rows)


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{each.name}" for each in node.names)


def called(tree: ast.Module) -> Iterator[str]:
    yield from (ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call))


def users_of(names: set[str]) -> set[str]:
    """The modules that import one of these, or something of it."""
    return {
        path
        for path, tree in MODULES.items()
        for each in imported(tree)
        if any(each == name or each.startswith(f"{name}.") for name in names)
    }


def callers_of(names: set[str]) -> set[str]:
    return {path for path, tree in MODULES.items() if names & {*called(tree)}}


def calls(name: str) -> list[str]:
    """Every call of a function, as it stands in the source."""
    return [
        ast.unparse(node)
        for tree in MODULES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == name
    ]


def test_nothing_is_unpickled() -> None:
    assert not users_of({"pickle", "_pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"})
    assert not callers_of({"torch.load", "yaml.unsafe_load", "pd.read_pickle"})
    assert all("yaml.BaseLoader" in each for each in calls("yaml.load"))
    allowing = {
        path
        for path, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle"
        if ast.unparse(node.value) != "False"
    }
    assert not allowing


def test_assay_listens_on_no_port() -> None:
    listening = users_of({"socketserver", "http.server", "asyncio", "wsgiref", "xmlrpc"})
    listening |= users_of({"socket.socket", "socket.create_server"})
    listening |= callers_of({"socket.socket", "socket.create_server"})
    # The studio, whose business it is, has a guard and tests of its own.
    assert not [path for path in listening if not path.startswith("assay/studio/")]


def test_code_of_the_users_runs_in_few_places() -> None:
    """A new one has to ask: see `assay.consent`."""
    assert callers_of({"exec", "eval", "compile", "runpy.run_path"}) == {
        "assay/plugins/importing.py"
    }
    assert callers_of({"import_sources"}) == {"assay/plugins/plugin.py"}
    assert callers_of({"subprocess.Popen", "subprocess.run", "os.system", "os.execv"}) == {
        "assay/kinds/command/process.py",
        "assay/kinds/command/watchdog.py",
        "assay/report/pages/printing.py",  # a browser that is installed, for a PDF
        "assay/tracking/tracking.py",  # assay itself, to bring runs to a tracker
    }
