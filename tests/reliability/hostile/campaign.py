"""Inputs by the thousand, with what was tried so far kept, so that a campaign goes on later.

python -m tests.reliability hostile                   goes on where it was
python -m tests.reliability hostile --replay "image: changed: 17"
"""

import ast
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.reliability.hostile.made import made
from tests.reliability.hostile.mutations import Files
from tests.reliability.hostile.targets import TARGETS, Target
from tests.reliability.hostile.trials import Batch, batch, mutated
from tests.reliability.trials import Outcome

GUIDED = "guided by coverage"
MAKES: Mapping[str, Callable[[Target, int], Files]] = {
    "changed at random": mutated,
    "made by hypothesis": made,
}
_MOST = {"changed at random": 100_000, "made by hypothesis": 300, GUIDED: 1_500}
_AT_ONCE = {"changed at random": 1_000, "made by hypothesis": 300, GUIDED: 2_000}


def wanted(target: Target, what: str) -> int:
    """Trials of the long form."""
    if what == GUIDED and not (target.guided and can_be_guided()):
        return 0
    return min(_MOST[what], round(1000 * target.thousands))


def trials(done: Mapping[tuple[str, str], int], base: Path) -> Iterator[tuple[Outcome, int]]:
    """Outcomes, each of so many inputs, that a campaign which has `done` some lacks."""
    for what in (*MAKES, GUIDED):
        left = {
            name: range(done.get((name, what), 0), wanted(target, what))
            for name, target in TARGETS.items()
        }
        while any(left.values()):  # in turn, so that one that ends early has tried some of each
            for name, numbers in left.items():
                now, left[name] = numbers[: _AT_ONCE[what]], numbers[_AT_ONCE[what] :]
                if now:
                    yield from _outcomes(name, what, _tried(TARGETS[name], what, now, base))


def can_be_guided() -> bool:
    """Whether atheris is installed."""
    return find_spec("atheris") is not None


def _tried(target: Target, what: str, numbers: range, base: Path) -> Batch:
    if what == GUIDED:
        return guided(target, numbers, base)
    return batch(target, MAKES[what], numbers, base)


def _outcomes(name: str, what: str, found: Batch) -> Iterator[tuple[Outcome, int]]:
    yield Outcome(name, what, True), found.count - len(found.lost)
    for number, why in found.lost:
        yield Outcome(name, what, True, [f"{name}: {what}: {number}: {why}"]), 1


def guided(target: Target, numbers: range, base: Path) -> Batch:
    """Inputs that atheris makes; of one that is a loss the file is kept."""
    found, at = Batch(), numbers.start
    while at < numbers.stop:
        with tempfile.TemporaryDirectory(dir=base) as made_in:
            folder = Path(made_in)
            corpus = base / "corpus" / target.name
            if corpus.exists():
                shutil.copytree(corpus, folder / "corpus")
            asked = [str(folder), target.name, str(numbers.stop - at), str(at + 1)]
            ended = subprocess.run(
                [sys.executable, "-m", "tests.reliability.hostile.guided", *asked],
                cwd=Path(__file__).parents[3],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                check=False,
            )
            if not (folder / "input").exists():  # it did not begin
                raise RuntimeError(ended.stderr.decode()[-2000:])
            lines = (folder / "outcomes").read_text() if (folder / "outcomes").exists() else ""
            for outcome in map(ast.literal_eval, lines.splitlines()):
                found.read += outcome is None
                found.refused += outcome == ""
                if outcome:
                    found.lost.append((at, outcome))
                at += 1
            shutil.rmtree(corpus, ignore_errors=True)
            shutil.copytree(folder / "corpus", corpus)
            if ended.returncode and at < numbers.stop:
                kept = base / f"lost-{target.name}-{at}".replace(" ", "-")
                shutil.copy(folder / "input", kept)
                found.lost.append((at, f"ends with {ended.returncode}; its input is {kept}"))
                at += 1
            elif at < numbers.stop:
                return found
    return found


def replayed(told: str, base: Path) -> str:
    """What comes of an input by its name, number included."""
    name, what, number = told.split(": ")[:3]
    found = batch(TARGETS[name], MAKES[what], range(int(number), int(number) + 1), base)
    return found.lost[0][1] if found.lost else ""


def still_lost(lost: Iterable[Mapping[str, Any]], base: Path) -> list[Mapping[str, Any]]:
    """Those of a campaign before that are lost yet: what was put right counts as tried again."""
    return [each for each in lost if each["what"] not in MAKES or replayed(each["losses"][0], base)]
