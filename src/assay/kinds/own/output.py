"""What a run prints: the beginning and the end of it are kept."""

import re
from pathlib import Path

from assay.kinds.own.sizes import shown

OUTPUT = "output.txt"
"""Its name in the run's folder."""

KEPT = 5_000_000
"""Bytes of the beginning of an output that are kept, and as many of its end."""

COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_SHOWN = 200


class Kept:
    """A file of the beginning and the end of what was printed; memory is bounded as well."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._written, self._total = 0, 0
        self._end = bytearray()

    def write(self, content: bytes) -> None:
        """Keep some more."""
        self._total += len(content)
        if room := KEPT - self._written:
            self._file.write(content[:room])
            self._file.flush()
            self._written += len(content[:room])
        self._end += content[room:]
        if len(self._end) > 2 * KEPT:
            del self._end[:-KEPT]

    def last_line(self) -> str:
        """The last line with something on it, shortened; empty if there is none."""
        end = bytes(self._end[-2000:])
        if not end.strip() and self._written:
            with Path(self._file.name).open("rb") as file:
                file.seek(max(0, self._written - 2000))
                end = file.read()
        text = COLOURS.sub("", end.decode("utf-8", "replace")).replace("\r", "\n").strip()
        line = text.rpartition("\n")[2].strip()
        return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"

    def close(self) -> None:
        """Write the end, and what was left out before it."""
        del self._end[:-KEPT]
        left_out = self._total - self._written - len(self._end)
        if left_out:
            self._file.write(f"\n[assay left out {shown(left_out)} here]\n".encode())
        self._file.write(self._end)
        self._file.close()
