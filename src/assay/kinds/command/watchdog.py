"""No process of a command outlives the worker that started it, however the worker ends.

A shell of a few lines waits on a pipe that the worker alone holds. When the worker is gone, killed
or not, the pipe closes, and the shell ends what bears the mark of the run in its environment, which
every process inherits, and its process group. One that cleared its environment and left the group
is not found. Where there is no /proc, as on macOS, it is the group alone.
"""

import atexit
import contextlib
import os
import subprocess
from functools import cache

MARK = "ASSAY_RUN"

_SCRIPT = f"""
trap '' HUP INT QUIT TERM
mark= group=
while read -r a b; do mark=$a group=$b; done
[ -z "$mark" ] || [ "$mark" = - ] && exit
for again in 1 2 3 4 5 6 7 8; do
  [ "$group" = - ] || kill -9 "-$group" 2>/dev/null
  found=
  for file in $(grep -ls "{MARK}=$mark" /proc/[0-9]*/environ 2>/dev/null); do
    found=1 file=${{file%/environ}}
    kill -9 "${{file#/proc/}}" 2>/dev/null
  done
  [ -n "$found" ] || exit
done
"""


class Watchdog:
    """The shell of this process."""

    def __init__(self) -> None:
        self._shell = subprocess.Popen(
            ["/bin/sh", "-c", _SCRIPT],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
        )
        atexit.register(self._end)

    def watch(self, mark: str, group: int | None = None) -> None:
        """Say what is to be ended from now on, first the mark and once it is known the group."""
        self._tell(f"{mark} {group or '-'}")

    def rest(self) -> None:
        """Say that nothing is to be ended any more."""
        self._tell("- -")

    def _tell(self, line: str) -> None:
        assert self._shell.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._shell.stdin.write(f"{line}\n".encode())
            self._shell.stdin.flush()

    def _end(self) -> None:
        assert self._shell.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._shell.stdin.close()
        self._shell.wait()


def watchdog() -> Watchdog:
    """That of this process, started when it is first asked for."""
    return _of(os.getpid())


@cache
def _of(process: int) -> Watchdog:  # a process that was forked has one of its own
    return Watchdog()
