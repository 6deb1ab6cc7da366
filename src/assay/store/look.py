"""Runs of a store at one moment: how far each is, without reading again what has not changed."""

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any, NamedTuple

from assay.config import kind_named, package_of, training_id
from assay.errors import AssayError
from assay.store.cache import code_sha256
from assay.store.durable import file_stamp
from assay.store.folder import ENDED, RunFolder
from assay.store.index import Index, Kept
from assay.store.store import Store

SETTLED_SECONDS = 2.0
"""Younger files are read again: a clock of coarse steps may give a later change the same time."""

_BATCH = 2_000
_CONFIG, _RECORD, _LOG = ENDED


@contextmanager
def without_collecting() -> Iterator[None]:
    """Look for no garbage among many new objects, all of which stay: it takes half the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


class Ended(NamedTuple):
    """A run that ended, whose configuration and record are whole.

    Attributes:
        training: what is trained, whatever the seed, as `assay.config.training_id` has it.
        code: a hash of the code of the package that brings its kind; empty for assay's own.
    """

    label: str
    status: str
    updates: int
    seconds: float
    training: str
    seed: int
    kind: str
    code: str


class Look:
    """Runs of a store, each of whose files is looked at once, when it is first asked for.

    Args:
        store: a store; evidence has no index, and is read.
        runs: ids of runs, there or not; all that are there, if none are given.
    """

    def __init__(self, store: Store, runs: Sequence[str] | None = None) -> None:
        self.store = store
        self.runs = store.ids() if runs is None else runs
        self._are_all = runs is None

    @cached_property
    def ended(self) -> dict[str, Ended]:
        """Those that ended and are whole, by id; of every other its folder tells what it is."""
        found = self._known("ended", self._records, _ended, _holds)
        return {run: Ended._make(value) for run, value in found.items()}

    @cached_property
    def progress(self) -> dict[str, str]:
        """How far each is.

        Raises:
            StoreError: if a record is damaged.
        """
        there, ended = set(self.store.ids()), self.ended
        return {
            run: ended[run].status
            if run in ended
            else _progress(self.store.run(run))
            if run in there
            else "not started"
            for run in self.runs
        }

    @cached_property
    def stamps(self) -> Mapping[str, object]:
        """What changes with the files of each, within one process."""
        if not self.store.indexed:
            return {run: self.store.run(run).stamp() for run in self.runs}
        return {run: (stamp, self._logs[run]) for run, stamp in self._records.items()}

    @cached_property
    def fingerprints(self) -> dict[str, str]:
        """A hash of what each wrote that ended; of any other, how far it is."""
        logs = self._logs
        whole = {
            run: b"%b %b" % (stamp, logs[run]) if stamp and logs[run] else b""
            for run, stamp in self._records.items()
        }
        found = self._known("written", whole, RunFolder.fingerprint)
        return {
            run: found[run] if run in found else self.store.run(run).fingerprint()
            for run in self.runs
        }

    @cached_property
    def _records(self) -> dict[str, bytes]:
        root = str(self.store.root)
        return {
            run: b"%d %d %d %d %d %d %d %d" % (*config, *record)
            if (config := file_stamp(f"{root}/{run}/{_CONFIG}"))
            and (record := file_stamp(f"{root}/{run}/{_RECORD}"))
            else b""
            for run in self.runs
        }

    @cached_property
    def _logs(self) -> dict[str, bytes]:
        root = str(self.store.root)
        return {
            run: b"%d %d %d %d" % found if (found := file_stamp(f"{root}/{run}/{_LOG}")) else b""
            for run in self.runs
        }

    @without_collecting()
    def _known(
        self,
        what: str,
        stamps: Mapping[str, bytes],
        read: Callable[[RunFolder], Any],
        holds: Callable[[Any], bool] = lambda value: True,
    ) -> dict[str, Any]:
        """A JSON value of each run that has all files, from the index, or read and put there.

        Args:
            what: the name of the value.
            stamps: of the files that it follows from.
            read: gives it, None where it should not be kept.
            holds: whether one that was kept follows from the code that there is now.
        """
        if not self.store.indexed:
            return {}
        index = Index(self.store.root)
        kept = index.read(what, None if self._are_all else self.runs)
        found: dict[str, Any] = {}
        new: dict[str, Kept] = {}
        settled = time.time_ns() - int(SETTLED_SECONDS * 1e9)
        for run, stamp in stamps.items():
            old = kept.get(run)
            if not stamp:
                continue
            if old is not None and old.stamp == stamp and holds(old.value):
                found[run] = old.value
            elif (value := read(self.store.run(run))) is not None:
                found[run] = value
                if _latest(stamp) < settled:
                    new[run] = Kept(stamp, value)
            if len(new) == _BATCH:
                index.write(what, new)
                new = {}
        index.write(what, new, kept.keys() - stamps.keys() if self._are_all else ())
        return found


def _latest(stamp: bytes) -> int:
    """The latest time in a stamp: of each file it has inode, size and two times."""
    numbers = [int(each) for each in stamp.split()]
    return max(*numbers[2::4], *numbers[3::4])


def _ended(run: RunFolder) -> Ended | None:
    try:
        config, record = run.config(), run.record()
    except AssayError:
        return None
    if record is None:
        return None
    return Ended(
        label=config.label,
        status=record.status,
        updates=record.updates,
        seconds=record.seconds,
        training=training_id(config),
        seed=config.seed,
        kind=config.kind,
        code=_code(config.kind),
    )


def _holds(value: Any) -> bool:
    kind, code = value[-2:]
    return not code or code == _code(kind)


def _code(kind: str) -> str:
    """A hash of the code that brings a kind; empty where that is assay's own, or nobody's."""
    try:
        return code_sha256(type(kind_named(kind)).__module__) if package_of(kind) else ""
    except AssayError:
        return ""


def _progress(run: RunFolder) -> str:
    return run.status if run.exists else "not started"
