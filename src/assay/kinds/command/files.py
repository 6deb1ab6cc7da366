"""The files that a command writes its numbers to, found by a path or a pattern, as they come."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from assay.kinds.command.reading import MetricsFile
from assay.readers.tensorboard import EventFile, event_files, is_event_file
from assay.store.log import Measures

Found = tuple[int, Measures] | None
"""A step and its numbers; None says that all before it is void, since the file is another one."""


class _Reader(Protocol):
    """A file of numbers that grows."""

    @property
    def damage(self) -> str:
        """What of it could not be read, as a sentence; empty if nothing."""

    def read(self, *, final: bool = False) -> Iterator[Found]:
        """What is there since the last call."""


class NumberFiles:
    """What a path, or a pattern of paths, finds below a folder: JSON lines, CSV, event files.

    Of a folder that is found it is the event files in it and below it; the way to them from there
    stands before the names of their numbers, as TensorBoard has it.
    """

    def __init__(self, folder: Path, named: str, step: str) -> None:
        self._folder, self._named, self._step = folder, named, step
        self._path = folder / named
        self._readers: dict[Path, tuple[str, _Reader]] = {}

    def __str__(self) -> str:
        return str(self._path)

    @property
    def there(self) -> bool:
        """Whether any was found."""
        return bool(self._readers)

    @property
    def damages(self) -> list[str]:
        """What of them could not be read, a sentence each."""
        return [reader.damage for _, reader in self._readers.values() if reader.damage]

    def read(self, *, final: bool = False) -> Iterator[tuple[str, Found]]:
        """What is there since the last call, each with the name of the source that tells it."""
        self._look()
        for source, reader in self._readers.values():
            for found in reader.read(final=final):
                yield source, found

    def _look(self) -> None:
        """See which files have come."""
        for match in self._matches():
            if match.is_dir():
                for path in event_files(match):
                    self._add(path, match)
            elif match.is_file():
                self._add(match, match.parent)

    def _add(self, path: Path, top: Path) -> None:
        if path in self._readers:
            return
        if is_event_file(path):
            way = path.parent.relative_to(top).as_posix()
            below = "" if way == "." else f"{way}/"
            # A command that goes on begins another file in the same folder: one source.
            self._readers[path] = f"\0{path.parent}", _Events(path, below)
        else:
            self._readers[path] = f"\0{path}", MetricsFile(path, self._step)

    def _matches(self) -> list[Path]:
        if self._path.exists():
            return [self._path]
        parts = Path(self._named).parts
        wild = next((at for at, part in enumerate(parts) if set(part) & set("*?[")), None)
        if wild is None:
            return []
        return sorted(self._folder.joinpath(*parts[:wild]).glob("/".join(parts[wild:])))


class _Events:
    """An event file, its numbers under names that say where it is."""

    def __init__(self, path: Path, below: str) -> None:
        self._file, self._path, self._below = EventFile(path), path, below

    @property
    def damage(self) -> str:
        if not (found := self._file.damage):
            return ""
        return f"of its file of numbers {self._path.name} not all could be read: {found}"

    def read(self, *, final: bool = False) -> Iterator[Found]:
        for scalar in self._file.read():
            if scalar.step >= 0:
                value = scalar.value if math.isfinite(scalar.value) else None
                yield scalar.step, {f"{self._below}{scalar.tag}": value}
