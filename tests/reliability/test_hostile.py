"""A short campaign of hostile files; the long one is `make torture`, and has a page."""

from pathlib import Path

import pytest

from assay.errors import DataError
from tests.reliability.hostile.campaign import MAKES
from tests.reliability.hostile.mutations import Files
from tests.reliability.hostile.targets import TARGETS, Target
from tests.reliability.hostile.trials import batch

TIMES = {"changed at random": 6, "made by hypothesis": 6}
MADE = [*TARGETS][::6]
"""Of which some are made up: strategies take half a second each."""


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
            bytearray(3 * 2**27)
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
    trials = "tests.reliability.hostile.trials"
    monkeypatch.setattr(f"{trials}.CPU_SECONDS", 5.0 if how == "takes" else 1.0)
    monkeypatch.setattr(f"{trials}.MOST_BYTES", 2**28)
    ways = ["refuses", how, "refuses"]

    def make(target: Target, number: int) -> Files:
        return {"how": ways[number].encode()}

    target = Target("made up", list, lambda folder: _touches(folder, (folder / "how").read_text()))
    found = batch(target, make, range(3), tmp_path)
    assert found.refused == 2
    ((number, why),) = found.lost
    assert number == 1
    assert WRONG[how] in why
