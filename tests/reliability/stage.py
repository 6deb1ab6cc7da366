"""A process that has loaded what the scenes need, and does each in a child of its own.

Lines of JSON in, lines of JSON out. So a trial takes what it does and not what Python, PyTorch and
Matplotlib take to load; and the child is as a worker is, which is forked in the same way.
"""

import contextlib
import hashlib
import json
import os
import shutil
import signal
import sys
import tempfile
import traceback
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch

import assay.report.export.write
import assay.report.pages.write
from assay import Study
from assay.claims.declarations import declare, declare_if_possible
from assay.cli import call
from assay.config import kind_named
from assay.execution.runner import execute
from assay.metrics import extractor
from assay.store import Store
from assay.store.inspection import inspect
from assay.store.status import statuses
from assay.study import load_study
from assay.tasks.images import mnist
from tests.reliability.faults import MARK

assert assay.report.export.write
assert assay.report.pages.write

SHIPPED = {
    "mnist": Path(str(mnist.FOLDER)),
    "weights": Path(extractor.__file__).parent / "weights",
}
_LONGEST = 60
"""Seconds after which what is done counts as hanging."""


def serve(home: Path) -> None:
    """Do what each line asks for, until there are no more."""
    _warm_up(home)
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if not child:
            os._exit(_child(asked))
        _, status = os.waitpid(child, 0)
        print(json.dumps(os.waitstatus_to_exitcode(status)), flush=True)


def _warm_up(home: Path) -> None:
    """Load whatever training and drawing load once, before any child is forked."""
    with contextlib.redirect_stdout(sys.stderr), contextlib.chdir(tempfile.mkdtemp(dir=home)):
        os.environ["XDG_CACHE_HOME"] = "cache"
        for study in ("memory", "gan"):
            _train(f"{home}/{study}.toml", 0)
        call(["report", f"{home}/memory.toml"])
        call(["claims", f"{home}/memory.toml", "--profile", "full"])
        for run in Store("store").runs():
            call(["predict" if run.config().kind == "memory" else "sample", run.run_id, "1234"][:3])


def _child(asked: dict[str, Any]) -> int:
    os.setsid()
    signal.alarm(_LONGEST)
    folder = Path(asked["folder"])
    os.chdir(folder)
    os.environ |= {"XDG_CACHE_HOME": str(folder / "cache"), MARK: asked["name"]}
    said = os.open(folder.parents[1] / "said" / folder.name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(said, 1)
    os.dup2(said, 2)
    sys.stdin.close()
    try:
        code = _do(asked)
    except BaseException:
        traceback.print_exc()
        code = 99
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    return code


def _do(asked: dict[str, Any]) -> int:
    match asked:
        case {"call": list(words)}:
            return call(words)
        case {"train": str(study), "seed": seed}:
            return _train(study, seed)
        case {"declare": str(study)}:
            plan = load_study(study)
            return _told(lambda: declare(plan, Store("store")))
        case {"careless": True}:
            if not (path := Path("half.json")).exists():
                path.write_bytes(b"0" * 100)
            return 0
        case {"ship": str(what)}:
            shutil.copytree(SHIPPED[what], what)
            return 0
        case {"shipped": str(what)}:
            return _told(lambda: _shipped(what))
        case {"look": True}:
            return _look()
    raise ValueError(asked)


def _shipped(what: str) -> None:
    """Read what comes with assay from a folder here, and print a hash of it."""
    if what == "mnist":
        mnist.FOLDER = Path("mnist")
        split = mnist.load_mnist()
        found = [each for part in (split.train, split.test) for each in (part.images, part.labels)]
        print(*(hashlib.sha256(np.ascontiguousarray(each).data).hexdigest() for each in found))
    else:
        extractor.resources = SimpleNamespace(files=lambda name: Path())
        images = torch.zeros(1, 1, 28, 28, dtype=torch.uint8)
        print(extractor.digits().features(images).sum().item())


def _told(do: Any) -> int:
    from assay.errors import AssayError

    try:
        do()
    except AssayError as error:
        print(f"error: {error}")
        return error.exit_code
    return 0


def _train(path: str, seed: int | None) -> int:
    """Every missing run of a study, one after another, as a worker does, a checkpoint a time."""
    study, plan = Study(path, "store"), load_study(path)
    code = _told(study.store.prepare)
    if code:
        return code
    if notice := declare_if_possible(plan, study.store):
        print(f"note: {notice}")
    for planned in study.plan("quick"):
        if seed is None or planned.config.seed == seed:
            kind_named(planned.config.kind).prepare()
            found = execute(planned.config, study.store, lambda at: None, lambda: False, 0.0)
            print(found)
            code = max(code, found.status not in ("finished", "diverged"))
    return code


def _look() -> int:
    """Whether a store shows nothing that is half there."""
    store = Store("store")
    damaged = [each.label for each in statuses(store) if each.status == "damaged"]
    problems = [*damaged, *inspect(store).problems]
    print(*problems, sep="\n")
    return bool(problems)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
