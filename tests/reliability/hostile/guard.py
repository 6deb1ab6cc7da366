"""What a process may touch, seen by Python's own audit events; anything else is written down.

What libraries in C open by themselves, Arrow and SQLite, Python does not see: of these it is the
files that they are given.
"""

import os
import sys
import sysconfig
from pathlib import Path
from typing import Any

import assay

WRITES = frozenset(
    [
        *("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.symlink", "os.link", "os.truncate"),
        *("os.chmod", "os.chown", "os.utime", "shutil.rmtree", "shutil.move", "shutil.copyfile"),
    ]
)
READS = frozenset(["os.listdir", "os.scandir", "glob.glob", "sqlite3.connect"])
NEVER = frozenset(
    [
        *(
            "pickle.find_class",
            "marshal.loads",
            "os.system",
            "os.exec",
            "os.posix_spawn",
            "os.fork",
        ),
        *("subprocess.Popen", "socket.connect", "socket.bind", "ctypes.dlopen"),
    ]
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Guard:
    """Watches this process from when it is made on; there is no end to it.

    Args:
        folders: what may be read and written.
        reads_anything: whether any file may be read, as where a study names it.

    Attributes:
        found: what was touched that may not be, a sentence each; empty it before a trial.
        on: whether a trial is being made.
    """

    def __init__(self, *folders: Path) -> None:
        self.found: list[str] = []
        self.on = False
        self.reads_anything = False
        self._own = tuple(str(folder.resolve()) for folder in folders)
        installed = {*sysconfig.get_paths().values(), sys.prefix, sys.base_prefix}
        installed |= {str(Path(assay.__file__).parents[1]), str(Path(__file__).parents[3])}
        kept = ("/usr", "/lib", "/proc", "/sys", "/dev/null", "/dev/urandom", "/etc/localtime")
        self._readable = (*self._own, *installed, *kept)
        sys.addaudithook(self._see)

    def _see(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.on:
            return
        if event == "open":
            path, _, flags = arguments
            writes = isinstance(flags, int) and bool(flags & _WRITING)
            self._check(event, path, writes=writes)
        elif event in WRITES:
            for path in arguments[:2]:
                self._check(event, path, writes=True)
        elif event in READS:
            self._check(event, arguments[0], writes=False)
        elif event in NEVER and not _by_import(event):
            self.found.append(f"{event} {arguments!r:.200}")

    def _check(self, event: str, path: Any, *, writes: bool) -> None:
        if not isinstance(path, str | bytes | os.PathLike):
            return  # a descriptor, which was opened before
        on, self.on = self.on, False
        try:
            named = os.fsdecode(path)
            if named.startswith("file:"):
                named = named.removeprefix("file:").partition("?")[0]
            place = os.path.realpath(named) if "\0" not in named else named
        except (OSError, ValueError):
            return
        finally:
            self.on = on
        allowed = self._own if writes else self._readable
        if self.reads_anything and not writes:
            return
        if not any(place == each or place.startswith(each + os.sep) for each in allowed):
            self.found.append(f"{event} {'writes' if writes else 'reads'} {place:.200}")


def _by_import(event: str) -> bool:
    """Whether Python loads a module: its compiled code is of the kind of `marshal`."""
    if event not in ("marshal.loads", "ctypes.dlopen"):
        return False
    frame: Any = sys._getframe()
    while frame is not None:
        if "importlib" in frame.f_code.co_filename:
            return True
        frame = frame.f_back
    return False
