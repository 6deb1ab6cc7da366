"""A command that runs, with all the processes that it starts."""

import contextlib
import fcntl
import os
import select
import signal
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self

from assay.errors import TrainingError
from assay.kinds.command.watchdog import MARK, watchdog

_PIPE_BYTES = 1 << 20
_PAUSE = 0.02
_LEFT_SECONDS = 2.0
"""How long processes that a command leaves behind have to go, as helpers of its own do."""


class Process:
    """A command in a session of its own, its output in one pipe and nothing to read.

    Attributes:
        pid: of its first process, and of its group.
        rest: what it had printed last, once it has ended.

    Raises:
        TrainingError: if it cannot be started.
    """

    def __init__(self, arguments: Sequence[str], cwd: Path, env: Mapping[str, str]) -> None:
        self._mark = uuid.uuid4().hex
        self._watchdog = watchdog()
        self._watchdog.watch(self._mark)
        self._output, theirs = os.pipe()
        try:
            with _interruptible():
                self._process = subprocess.Popen(
                    arguments,
                    cwd=cwd,
                    env={**env, MARK: self._mark},
                    stdin=subprocess.DEVNULL,
                    stdout=theirs,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        except (OSError, ValueError) as error:
            os.close(self._output)
            self._watchdog.rest()
            reason = (error.strerror or error) if isinstance(error, OSError) else error
            raise TrainingError(f"{arguments[0]} cannot be run: {reason}") from None
        finally:
            os.close(theirs)
        self.pid = self._process.pid
        self._watchdog.watch(self._mark, self.pid)
        os.set_blocking(self._output, False)
        if hasattr(fcntl, "F_SETPIPE_SZ"):
            with contextlib.suppress(OSError):
                fcntl.fcntl(self._output, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        self._poll = select.poll()
        self._poll.register(self._output, select.POLLIN)
        self.rest = b""
        self._pidfd = _pidfd(self.pid)
        if self._pidfd is not None:
            self._poll.register(self._pidfd, select.POLLIN)

    def wait(self, seconds: float) -> None:
        """Wait until it prints or ends, for so long at most."""
        longest = seconds if self._pidfd is not None else min(seconds, _PAUSE)
        self._poll.poll(1000 * longest)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()
        self._watchdog.rest()
        os.close(self._output)
        if self._pidfd is not None:
            os.close(self._pidfd)

    def printed(self) -> bytes:
        """Some of what it printed since; nothing if there is none now."""
        try:
            content = os.read(self._output, _PIPE_BYTES)
        except BlockingIOError:
            return b""
        if not content:  # it closed its output, and may go on
            with contextlib.suppress(KeyError):
                self._poll.unregister(self._output)
        return content

    @property
    def ended(self) -> bool:
        """Whether its first process has ended."""
        flags = os.WEXITED | os.WNOHANG | os.WNOWAIT  # it keeps the number of its group
        return os.waitid(os.P_PID, self.pid, flags) is not None

    def signal(self, number: int) -> None:
        """Send a signal to all its processes."""
        self._signal_group(number)
        if number == signal.SIGKILL:
            self._kill_marked()

    def end(self) -> tuple[int, int]:
        """Its exit code, negative for a signal, and how many processes it left behind.

        Those that do not go by themselves are killed, and so is it where it has not ended.
        """
        if self._process.returncode is not None:
            return self._process.returncode, 0
        if not self.ended:
            self.signal(signal.SIGKILL)
        left = self._marked()
        until = time.monotonic() + _LEFT_SECONDS
        while left and time.monotonic() < until:
            time.sleep(_PAUSE)
            left = self._marked()
        if left:
            self.signal(signal.SIGKILL)
        else:  # one that has cleared its environment, or where there is no /proc
            self._signal_group(signal.SIGKILL)
        code = self._process.wait()
        while (content := self.printed()) and len(self.rest) < _PIPE_BYTES:
            self.rest += content
        return code, len(left)

    def memory(self) -> int:
        """Bytes that its processes have in memory, what they share counted once."""
        return sum(_proportional(pid) for pid in self._marked())

    def resident(self) -> int:
        """The same and quicker, what they share counted for each."""
        return sum(_resident(pid) for pid in self._marked())

    def _signal_group(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)

    def _kill_marked(self) -> None:
        while found := self._marked():
            for pid in found:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(_PAUSE / 10)

    def _marked(self) -> list[int]:
        """The processes that are its own and run: one that has ended has no environment."""
        mark = f"{MARK}={self._mark}".encode()
        return [pid for pid, environment in _environments() if mark in environment]


def _environments() -> Iterator[tuple[int, bytes]]:
    """Of each process of this user, where the system shows them as files."""
    try:
        found = list(Path("/proc").iterdir())
    except OSError:
        return
    for process in found:
        if process.name.isdigit():
            with contextlib.suppress(OSError):
                yield int(process.name), (process / "environ").read_bytes()


def _resident(pid: int) -> int:
    try:
        pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def _proportional(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return _resident(pid)
    return sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _pidfd(pid: int) -> int | None:
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return None


def _nothing(*_: object) -> None: ...


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Let a command that is started now have Ctrl-C's signal as any has it: a worker ignores it."""
    main = threading.current_thread() is threading.main_thread()
    if not main or signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        yield
        return
    signal.signal(signal.SIGINT, _nothing)  # what is handled is not inherited
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
