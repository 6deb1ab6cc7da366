"""Files that are damaged at a random place, and what is then said of them."""

import math
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.reliability.faults import Action, Fault, Moment
from tests.reliability.scenes import Job, copied, result
from tests.reliability.trials import Outcome, Stage

NAMED = ("damaged", "altered", "cannot be read", "passed over", "is missing", "not what", "began")
_HANGS = -14
"""The exit code of a process that took too long."""


@dataclass(frozen=True)
class Case:
    """A folder that is damaged, and what is asked then.

    Attributes:
        before: what is done in it first.
        cut: whether the last of that is killed after so many of its changes.
        below: the folder in it of which a file is damaged.
        asks: what is asked; `{run}` is the id of its first run.
        share: of the trials of a case, as many as it has: some take long.
        again: what makes a damaged run again.
    """

    name: str
    before: tuple[Job, ...]
    below: str
    asks: tuple[Job, ...]
    again: Job | None = None
    cut: float = 0.0
    share: float = 1.0


def cases(home: Path) -> list[Case]:
    """All of them, for studies in a folder."""

    def train(kind: str, seed: int | None = None) -> Job:
        return {"train": str(home / f"{kind}.toml"), "seed": seed}

    def call(*words: str) -> Job:
        return {"call": [word.replace("{home}", str(home)) for word in words]}

    memory = "{home}/memory.toml"
    claims = call("claims", memory, "--profile", "full", "--json")
    status, verify = call("status", "--json"), call("verify")
    archive = call("archive", memory, "--profile", "full", "--out", "evidence")
    of_evidence = (
        call("claims", "--from", "evidence", "--json"),
        call("report", "--from", "evidence", "--format", "json", "--out", "page"),
        call("verify", "evidence"),
    )
    predict = call("predict", "{run}", "1234", "--json")
    sample = call("sample", "{run}", "-n", "2", "-o", "sample.png")
    mnist: tuple[Job, ...] = ({"ship": "mnist"}, {"shipped": "mnist"})
    return [
        Case("store, memory", (train("memory"),), "store", (status, claims, predict, verify),
             train("memory"), share=0.7),
        Case("store, GAN", (train("gan"),), "store", (status, sample, verify), train("gan"),
             share=0.5),
        Case("store, command", (train("command"),), "store", (status, verify), train("command")),
        Case("store, function", (train("function"),), "store", (status, verify), train("function")),
        *(
            Case(f"unfinished, {kind}", (train(kind, 0), train(kind)), "store",
                 (verify, train(kind)), None, 0.7)
            for kind in ("memory", "gan", "command", "function")
        ),
        Case("evidence", (train("memory"), archive), "evidence", of_evidence, archive),
        Case("cache of numbers", (train("memory"), claims), "cache", (claims,)),
        Case("cache of images", mnist, "cache", ({"shipped": "mnist"},), share=0.1),
        Case("shipped weights", ({"ship": "weights"},), "weights", ({"shipped": "weights"},)),
        Case("shipped images", mnist[:1], "mnist", ({"shipped": "mnist"},), share=0.1),
    ]  # fmt: skip


class Damages:
    """Trials of cases in the folder of a stage."""

    def __init__(self, stage: Stage, rng: random.Random) -> None:
        self._stage, self._rng = stage, rng

    def of(self, case: Case, times: int) -> Iterator[Outcome]:
        """So many trials, of files in turn."""
        start = self._start(case)
        run = next((path.parent.name for path in sorted(start.glob("store/*/config.json"))), "")
        asks = [_of_run(job, run) for job in case.asks]
        whole = self._undisturbed(asks, start)
        made = result(self._made_again(case, copied(start, self._stage.folder())))
        files = sorted(path for path in (start / case.below).rglob("*") if path.stat().st_size > 0)
        files = [path.relative_to(start) for path in files if path.is_file()]
        if case.cut:  # what is read when the unfinished run goes on
            files = [path for path in files if not (start / _run(path) / "record.json").exists()]
        for number in range(math.ceil(times * case.share)):
            folder = copied(start, self._stage.folder())
            path = files[number % len(files)]
            how = damaged(folder / path, self._rng)
            losses, named = [], False
            for job, said in zip(asks, whole, strict=True):
                wrong, told = self._asked(job, folder, said, path, named)
                losses += wrong
                named = named or told
            if case.again is not None and named and not losses:
                losses += self._repaired(case, folder, made)
            if not losses:
                shutil.rmtree(folder)
            yield Outcome(
                f"{case.name}: {_kind(path)}", how, True, [f"{path}: {x}" for x in losses]
            )

    def _start(self, case: Case) -> Path:
        start = self._stage.folder()
        start.mkdir()
        for place, job in enumerate(case.before, start=1):
            if case.cut and place == len(case.before):
                whole = copied(start, self._stage.folder())
                self._stage.do(job, whole)
                at = round(case.cut * len(self._stage.plan.kinds))
                self._stage.do(job, start, Fault(at, Moment.BEFORE, Action.KILL_SELF))
            else:
                code, said = self._stage.do(job, start)
                assert code == 0, said
        return start

    def _undisturbed(self, asks: list[Job], start: Path) -> list[str]:
        folder, found = copied(start, self._stage.folder()), []
        for job in asks:
            code, said = self._stage.do(job, folder)
            assert code == 0, said
            found.append(said + _answer(job, folder))
        return found

    def _made_again(self, case: Case, folder: Path) -> Path:
        if case.again is not None:
            self._stage.do(case.again, folder)
        return folder

    def _asked(
        self, job: Job, folder: Path, whole: str, path: Path, named: bool
    ) -> tuple[list[str], bool]:
        """What is wrong with an answer, and whether it names a damage."""
        code, said = self._stage.do(job, folder)
        by_name = str(path) in said
        said += _answer(job, folder)
        what = " ".join(job.get("call", [next(iter(job))]))
        if "Traceback" in said or code < 0 or code > 2:
            return [f"{what} ends with {code}: {said.strip()[-1500:]}"], False
        told = by_name or any(word in said for word in NAMED)
        if code and not told:
            return [f"{what} does not name it: {said.strip()}"], False
        if not code and not told and not named and said != whole:
            return [f"{what} gives another answer: {said.strip()[:1500]}"], False
        if "verify" in what and named and not code:
            return [f"{what} finds nothing"], False
        return [], told

    def _repaired(self, case: Case, folder: Path, made: dict[str, str]) -> list[str]:
        """What is wrong once it is repaired and made again."""
        assert case.again is not None
        for job in ({"call": ["verify", case.below, "--repair"]}, case.again):
            code, said = self._stage.do(job, folder)
            if code or "Traceback" in said:
                return [f"{job} ends with {code}: {said.strip()[-1500:]}"]
        code, said = self._stage.do({"call": ["verify", case.below]}, folder)
        if code:
            return [f"after a repair: {said.strip()}"]
        found = {
            name: digest
            for name, digest in result(folder).items()
            if not name.startswith(("page", "sample"))
        }
        return [
            f"{name} is not rebuilt after a repair"
            for name in made
            if found.get(name) != made[name] and not _is_extra(name)
        ]


def _run(path: Path) -> Path:
    """The folder in a store that a file is in, by its path from above the store."""
    return Path(*path.parts[:2])


def damaged(path: Path, rng: random.Random) -> str:
    """Damage a file at a random place, and say how."""
    content = bytearray(path.read_bytes())
    if rng.random() < 0.3:
        path.write_bytes(content[: rng.randrange(len(content))])
        return "cut off"
    for _ in range(flips := rng.choice((1, 1, 1, 8))):
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    path.write_bytes(content)
    return "a bit flipped" if flips == 1 else "eight bits flipped"


def _kind(path: Path) -> str:
    """A file's kind, for tables."""
    parts = [part for part in path.parts[:-1] if part in _FOLDERS]
    name = path.name
    if name.split(".")[0].strip(".").replace("-", "").isalnum() and len(name.split(".")[0]) >= 10:
        name = f"*{path.suffix}"
    return "/".join([*parts, name])


_FOLDERS = ("checkpoints", "samples", "snapshots", "work", "runs", "numbers")


def _is_extra(name: str) -> bool:
    """What no number hangs on, and nothing has a hash of."""
    kept = ("/work/", "/samples/", "/snapshots/")
    return name.endswith(("output.txt", "timings.jsonl", "declarations.jsonl")) or any(
        each in name for each in kept
    )


def _answer(job: Job, folder: Path) -> str:
    """What a command wrote beside what it printed."""
    if "train" in job:
        # A setting that makes no other run is no part of its id, and may be another now.
        made = result(folder).items()
        return repr([item for item in made if not item[0].endswith("config.json")])
    report, sample = folder / "page" / "report.json", folder / "sample.png"
    if job.get("call", [""])[0] == "report" and report.exists():
        return report.read_text()
    if job.get("call", [""])[0] == "sample" and sample.exists():
        return sample.read_bytes().hex()
    return ""


def _of_run(job: Job, run: str) -> Job:
    if "call" not in job:
        return job
    return {"call": [word.replace("{run}", run) for word in job["call"]]}
