"""A short campaign of hostile files, and that no pickle is ever read; the long one has a page."""

import ast
from pathlib import Path

import pytest

import assay
from assay.errors import DataError
from tests.reliability.hostile.campaign import MAKES
from tests.reliability.hostile.mutations import Files
from tests.reliability.hostile.targets import TARGETS, Target
from tests.reliability.hostile.trials import batch

TIMES = {"changed at random": 6, "made by hypothesis": 6}
MADE = [*TARGETS][::6]
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

            os._exit(7)
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
    "ends": "the process ends with 7",
}


@pytest.mark.parametrize("how", WRONG)
def test_the_campaign_notices(how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.reliability.hostile.trials.CPU_SECONDS", 1.0)
    ways = ["refuses", how, "refuses"]

    def make(target: Target, number: int) -> Files:
        return {"how": ways[number].encode()}

    target = Target("made up", list, lambda folder: _touches(folder, (folder / "how").read_text()))
    found = batch(target, make, range(3), tmp_path)
    assert found.refused == 2
    ((number, why),) = found.lost
    assert number == 1
    assert WRONG[how] in why


_CALLS = frozenset(["load", "save", "savez", "savez_compressed", "read_pickle", "eval"])


def test_no_pickle_is_read_anywhere() -> None:
    for path in Path(assay.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [getattr(node, "module", None), *(each.name for each in node.names)]
                assert not _PICKLES & {str(name).partition(".")[0] for name in names}, path
            if isinstance(node, ast.Call) and _called(node).rpartition(".")[2] in _CALLS:
                _check_call(path.name, node)


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Attribute(value=ast.Name(id=module), attr=name):
            return f"{module}.{name}"
        case ast.Name(id=name):
            return name
    return ""


def _check_call(where: str, call: ast.Call) -> None:
    function = _called(call)
    said = {each.arg: ast.unparse(each.value) for each in call.keywords}
    if function in ("np.load", "numpy.load", "np.savez", "np.savez_compressed"):
        assert said.get("allow_pickle") == "False", where
    assert function not in ("torch.load", "torch.save", "pd.read_pickle", "eval"), where
    if function == "yaml.load":
        assert ast.unparse(call.args[1]) == "yaml.BaseLoader", where
