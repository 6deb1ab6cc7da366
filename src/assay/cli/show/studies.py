"""The studies that there are."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assay.api import Study
from assay.cli.show.tables import print_json, print_table, tell
from assay.errors import AssayError
from assay.study import shipped_studies


@dataclass(frozen=True)
class StudyLine:
    """A study in a list.

    Attributes:
        study: how a command names it.
        claims: how many, those that were restated left out.
        planned: runs of its first profile that gives verdicts.
        done: how many of them have ended.
        problem: why it cannot be opened; empty if it can.
    """

    study: str
    title: str
    claims: int
    planned: int
    done: int
    shipped: bool
    problem: str = ""


def found_studies(store: str) -> list[StudyLine]:
    """The shipped ones, and then the study files of the current folder."""
    shipped = [_line(name, store, shipped=True) for name in shipped_studies()]
    return shipped + [_line(name, store, shipped=False) for name in own_studies()]


def print_studies(found: Sequence[StudyLine], *, as_json: bool) -> None:
    """A line each; one that cannot be opened says why."""
    if as_json:
        print_json({"studies": [asdict(each) for each in found]})
        return
    head = ("study", "claims", "runs", "done", "title")
    print_table(head, [_cells(each) for each in found], ("claims", "runs", "done"))
    tell("more of one: assay show STUDY")


def _cells(line: StudyLine) -> tuple[str, ...]:
    if line.problem:
        return line.study, "", "", "", line.problem
    counts = (line.claims, line.planned, line.done)
    return (line.study, *(f"{each:,}" for each in counts), line.title)


def _line(name: str, store: str, *, shipped: bool) -> StudyLine:
    try:
        study = Study(name, store)
        plan = study.plan(study.deciding_profile)
    except AssayError as error:
        return StudyLine(name, "", 0, 0, 0, shipped, str(error))
    claims = sum(not claim.restated_as for claim in study.claims)
    done = sum(run.complete for run in plan)
    return StudyLine(name, study.title, claims, len(plan), done, shipped)


def own_studies() -> Iterator[str]:
    """TOML files of this folder that have experiments, or would, were they TOML."""
    for path in sorted(Path().glob("*.toml")):
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        try:
            is_study = "experiments" in tomllib.loads(text.removeprefix("\ufeff"))
        except (tomllib.TOMLDecodeError, RecursionError):
            is_study = "[experiments" in text
        if is_study:
            yield str(path)
