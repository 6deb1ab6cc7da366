"""A Dask cluster as people start it: a scheduler and workers, each by its command."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from distributed import Client


class DaskCluster:
    """A scheduler and workers, each in a process group of its own, ended with a `with` block.

    Attributes:
        address: of the scheduler.
        workers: those that were started, by name.
    """

    def __init__(self, folder: Path, silent: str = "5 minutes") -> None:
        """Start a scheduler, for which a worker that says nothing for so long is lost."""
        self._silent = silent
        self._file = folder / "scheduler.json"
        self._log = (folder / "log.txt").open("wb")
        self._folder = folder
        self.workers: dict[str, subprocess.Popen[bytes]] = {}
        self._scheduler = self._start("scheduler", "--port", "0", "--no-dashboard")
        self.address = self._address()

    def add(self, name: str, *options: str, environment: Mapping[str, str] | None = None) -> None:
        """Start a worker with one thread; an option may be an address for the scheduler's own."""
        folder = self._folder / name
        folder.mkdir(exist_ok=True)
        where = ("--name", name, "--local-directory", str(folder), "--no-dashboard")
        one = ("--nthreads", "1", "--memory-limit", "0", *where, *options)
        self.workers[name] = self._start("worker", *one, environment=environment)

    def wait_for_workers(self, count: int) -> None:
        """Wait until so many have joined."""
        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=120)

    def fill_up(self, *options: str) -> None:
        """Until there are as many workers as before: in the place of one that ended, a new one."""
        deadline = time.monotonic() + 60
        with Client(self.address, set_as_default=False) as client:
            while len(client.scheduler_info(n_workers=-1)["workers"]) < len(self.workers):
                assert time.monotonic() < deadline, "a worker is lacking"
                for name, process in list(self.workers.items()):
                    if process.poll() is not None:
                        self.add(name, *options)
                time.sleep(0.1)

    def signal(self, name: str, number: int) -> None:
        """Send a worker and all that it started a signal."""
        os.killpg(self.workers[name].pid, number)

    def remove(self, name: str) -> None:
        """End a worker at once, and all that it started."""
        self._end(self.workers.pop(name))

    def lose_scheduler(self) -> None:
        """End the scheduler at once."""
        self._end(self._scheduler)

    def __enter__(self) -> "DaskCluster":
        return self

    def __exit__(self, *_: object) -> None:
        for each in [*self.workers.values(), self._scheduler]:
            self._end(each)
        self._log.close()

    def _end(self, process: "subprocess.Popen[bytes]") -> None:
        for number in (signal.SIGCONT, signal.SIGKILL):
            try:
                os.killpg(process.pid, number)
            except ProcessLookupError:
                break
        process.wait()

    def _start(
        self, what: str, *options: str, environment: Mapping[str, str] | None = None
    ) -> "subprocess.Popen[bytes]":
        there = any(option.startswith("tcp://") for option in options)
        where = [] if there else ["--scheduler-file", str(self._file)]
        return subprocess.Popen(
            [sys.executable, "-m", "dask", what, *where, *options],
            env={
                **os.environ,
                "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": self._silent,
                "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
                **(environment or {}),
            },
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
            cwd=self._folder,
        )

    def _address(self) -> str:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self._scheduler.poll() is None:
            try:
                return str(json.loads(self._file.read_text())["address"])
            except (FileNotFoundError, ValueError):
                time.sleep(0.05)
        raise AssertionError((self._folder / "log.txt").read_text())
