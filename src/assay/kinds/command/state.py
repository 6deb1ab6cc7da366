"""What is known of the attempts at a run before this one."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from assay.store import RunFolder
from assay.store.durable import to_json, write_atomic
from assay.text import parse_json


@dataclass(frozen=True)
class State:
    """Where an attempt begins.

    Attributes:
        folder: the run's own, where the command writes.
        attempts: how many starts of it are part of the run, this one among them.
        seconds: that those before spent, as far as it is known.
    """

    folder: Path
    attempts: int
    seconds: float

    @property
    def resumed(self) -> bool:
        """Whether the command is to go on from what it saved."""
        return self.attempts > 1

    @classmethod
    def of(cls, run: RunFolder, *, resumes: bool) -> "State":
        """Where an attempt begins: of a command that starts over in an empty folder."""
        folder = (run.path / "work").absolute()
        saved = run.checkpoints / "attempts.json"
        if resumes and folder.is_dir():
            attempts, seconds = _told(saved)
            return cls(folder, attempts + 1, seconds)
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
        return cls(folder, 1, 0.0)

    def save(self, run: RunFolder, seconds: float) -> None:
        """Keep how long all attempts took, for one to come."""
        content = {"attempts": self.attempts, "seconds": seconds}
        write_atomic(run.checkpoints / "attempts.json", to_json(content))


def _told(saved: Path) -> tuple[int, float]:
    """How many attempts there were, and their seconds; of a file that does not say, one of none."""
    try:
        found = parse_json(saved.read_bytes())
        return int(found["attempts"]), float(found["seconds"])
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return 1, 0.0
