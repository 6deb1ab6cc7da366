"""What the process that trains has to do with trackers: it tells them which runs there are."""

import contextlib
import hashlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

from assay.execution.events import Elsewhere, Event, Result
from assay.store import Store
from assay.store.cache import cache_folder
from assay.tracking.sink import Ended, Subject
from assay.tracking.target import TARGET, Target, check_target, parse_target

_STILL_SECONDS = 60.0
"""How long a tracker that takes nothing is waited for once all is trained."""
_MOST_SECONDS = 600.0
"""How long one is that takes some."""
_SAID_AFTER_SECONDS = 3.0


class Tracking:
    """Runs brought to trackers for the length of a `with` block, which waits for them at its end.

    Give `see` every event of the training. Whatever a tracker does, nothing here raises for it or
    waits before the end; a sentence for each that has not all runs is told there.

    Raises:
        ConfigError: if a tracker is none, or cannot be written to.
    """

    def __init__(
        self,
        targets: Sequence[str],
        store: Store,
        done: Iterable[Subject],
        find: Callable[[str], Subject],
        tell: Callable[[str], None],
    ) -> None:
        """Check the trackers.

        Args:
            targets: as the user named them.
            store: where the runs are.
            done: runs that ended before, which are brought as far as they are missing.
            find: what a run is, by its id.
            tell: called with the sentences.
        """
        self._targets = [parse_target(text) for text in dict.fromkeys(targets)]
        for target in self._targets:
            check_target(target)
        self._store, self._done, self._find, self._tell = store, list(done), find, tell
        self._told: set[str] = set()
        self._processes: list[_Process] = []

    def see(self, event: Event) -> None:
        """Take note of an event of the training."""
        if isinstance(event, Elsewhere) or not self._processes:
            return
        if event.run_id not in self._told:
            self._send_subject(self._find(event.run_id))
        if isinstance(event, Result):
            ended = Ended(event.status, event.message)
            self._send({"run": event.run_id, **asdict(ended)})

    def _send_subject(self, subject: Subject) -> None:
        self._told.add(subject.run)
        self._send(asdict(subject))

    def _send(self, message: dict[str, Any]) -> None:
        for process in self._processes:
            process.send(message)

    def __enter__(self) -> Self:
        self._processes = [_Process(target, self._store) for target in self._targets]
        for subject in self._done:
            self._send_subject(subject)
        return self

    def __exit__(self, *_: object) -> None:
        try:
            for process in self._processes:
                process.send({})
            begun = time.monotonic()
            for process in self._processes:
                process.wait(begun, self._tell)
        finally:
            for process in self._processes:
                process.end()
                if text := process.missing:
                    self._tell(text)
            self._processes = []


class _Process:
    """The process of one tracker; what it is sent waits here, and never the sender."""

    def __init__(self, target: Target, store: Store) -> None:
        self._target = target
        self._outbox: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._standing: dict[str, Any] = {}
        self._sent = 0
        self._moved = time.monotonic()
        # No modules from the current folder, and Ctrl-C is for the training.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "assay.tracking", _lock(target, store)],
            # Not as an argument, which other users of the machine see.
            env=os.environ | {TARGET: target.given},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        for work in (self._write, self._read):
            threading.Thread(target=work, daemon=True).start()

    def send(self, message: dict[str, Any]) -> None:
        self._sent += "arms" in message
        self._outbox.put(message)

    def wait(self, begun: float, tell: Callable[[str], None]) -> None:
        """Wait for its end, as long as it gets on."""
        said = False
        self._moved = time.monotonic()
        while self._process.poll() is None:
            now = time.monotonic()
            if now - self._moved > _STILL_SECONDS or now - begun > _MOST_SECONDS:
                return
            if not said and now - begun > _SAID_AFTER_SECONDS:
                said = True
                tell(f"{self._target.text} is being brought what it has not yet; Ctrl-C leaves it")
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(0.1)

    def end(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()

    @property
    def missing(self) -> str:
        """What is not there, in a sentence; empty if all is."""
        standing = self._standing
        left = self._sent - standing.get("whole", 0)
        if not left:
            return ""
        why = standing.get("problem") or next(iter(standing.get("damaged", [])), "")
        if not why:
            code = self._process.returncode
            why = "it took too long" if code in (0, -9) else f"its process ended by {code}"
        runs = f"{left} run{'s' if left > 1 else ''}"
        return (
            f"{self._target.text} does not have all of {runs}: {why}; no run was harmed, and the "
            "same command brings the rest"
        )

    def _write(self) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError, ValueError):  # it is gone, which its end tells
            while True:
                message = self._outbox.get()
                self._process.stdin.write(json.dumps(message) + "\n")
                self._process.stdin.flush()
                if not message:
                    return

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            standing = json.loads(line)
            if standing["brought"] != self._standing.get("brought"):
                self._moved = time.monotonic()
            self._standing = standing


def _lock(target: Target, store: Store) -> str:
    """A file that processes which bring runs of one store to one tracker take turns with."""
    name = f"{target.tracker}\n{target.place}\n{store.root.resolve()}"
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = Path(tempfile.gettempdir())
    return str(folder / f"tracking-{hashlib.sha256(name.encode()).hexdigest()[:16]}.lock")
