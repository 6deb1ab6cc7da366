"""A short campaign of hostile files, and that no pickle is ever read; the long one has a page."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import assay
from assay.errors import DataError
from tests.reliability.hostile.campaign import MAKES
from tests.reliability.hostile.mutations import Files
from tests.reliability.hostile.targets import TARGETS, Target
from tests.reliability.hostile.trials import batch

TIMES = {"changed at random": 10, "made by hypothesis": 6}
MADE = [*TARGETS][::3]
"""Of which some are made up: strategies take half a second each."""
_PICKLES = frozenset(["pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"])


@pytest.mark.parametrize("name", TARGETS)
def test_hostile_files_are_read_or_refused_in_a_sentence(name: str, tmp_path: Path) -> None:
    target = TARGETS[name]
    for what, make in [*MAKES.items()][: 1 + (name in MADE)]:
        found = batch(target, make, range(TIMES[what]), tmp_path)
        assert found.lost == []
        assert found.count == TIMES[what]


@pytest.mark.parametrize("name", TARGETS)
def test_valid_files_are_read(name: str, tmp_path: Path) -> None:
    target, there = TARGETS[name], TARGETS[name].valid()
    found = batch(target, lambda target, number: there[number], range(len(there)), tmp_path)
    assert (found.read, found.lost) == (len(there), [])


def _touches(folder: Path, how: str) -> None:
    secret = folder.parent / "canary"
    match how:
        case "raises":
            raise ValueError("anything")
        case "reads":
            secret.read_text()
        case "writes":
            secret.write_text("changed")
        case "starts":
            import subprocess

            subprocess.run(["true"], check=True)
        case "unpickles":
            import pickle

            pickle.loads(b"cos\ngetcwd\n(tR.")
        case "hangs":
            while True:
                pass
        case "takes":
            bytearray(9 * 2**27)
        case "ends":
            import os

            os.abort()
        case "refuses":
            raise DataError("no")


WRONG = {
    "raises": "ValueError: anything",
    "reads": "open reads",
    "writes": "open writes",
    "starts": "subprocess.Popen",
    "unpickles": "pickle.find_class",
    "hangs": "hangs: 5 s",
    "takes": "MiB of memory",
    "ends": "the process ends with -6",
}


@pytest.mark.parametrize("how", WRONG)
def test_the_campaign_notices(how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.reliability.hostile.trials.CPU_SECONDS", 2.0)
    ways = ["refuses", how, "refuses"]

    def make(target: Target, number: int) -> Files:
        return {"how": ways[number].encode()}

    target = Target("made up", list, lambda folder: _touches(folder, (folder / "how").read_text()))
    found = batch(target, make, range(3), tmp_path)
    assert found.refused == 2
    ((number, why),) = found.lost
    assert number == 1
    assert WRONG[how] in why


def _nodes() -> Iterator[tuple[str, ast.AST]]:
    for path in Path(assay.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            yield path.name, node


def test_no_pickle_is_read_anywhere() -> None:
    for path, node in _nodes():
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [getattr(node, "module", None), *(each.name for each in node.names)]
            assert not _PICKLES & {str(name).partition(".")[0] for name in names}, path
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute | ast.Name):
            continue
        function = ast.unparse(node.func)
        said = {each.arg: ast.unparse(each.value) for each in node.keywords}
        if function in ("np.load", "numpy.load", "np.savez", "np.savez_compressed"):
            assert said.get("allow_pickle") == "False", path
        assert function not in ("torch.load", "torch.save", "pd.read_pickle", "eval"), path
        if function == "yaml.load":
            assert ast.unparse(node.args[1]) == "yaml.BaseLoader", path
