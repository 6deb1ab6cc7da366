"""Runs on disk as a training writes them, line by line, and what brings them to a tracker."""

import hashlib
import json
import queue
from collections.abc import Callable, Iterable
from pathlib import Path

from assay.config import MemoryConfig
from assay.store import Record, RunFolder, Store
from assay.tracking.bringing import Bringing, Finish, Message, Standing
from assay.tracking.sink import Ended, Sink, Subject

RUN = MemoryConfig(hidden_size=8, data_size=300, batch_size=32, epochs=3, seed=3)


def line(update: int, loss: float | None) -> str:
    return json.dumps({"step": update, "numbers": {"loss": loss, "split/top 5 (%)": 0.1 * update}})


def begun(store: Store, lines: Iterable[str] = ()) -> RunFolder:
    folder = store.create(RUN)
    write(folder, lines)
    return folder


def write(folder: RunFolder, lines: Iterable[str]) -> None:
    (folder.path / "metrics.jsonl").write_text("".join(f"{each}\n" for each in lines))


def end(folder: RunFolder, status: str = "finished", message: str = "") -> None:
    content = (folder.path / "metrics.jsonl").read_bytes()
    digest = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    folder.write_record(
        Record.model_validate(
            {
                "status": status,
                "message": message,
                "updates": 3,
                "seconds": 1.0,
                "started": "2026-01-01T00:00:00+00:00",
                "ended": "2026-01-01T00:00:01+00:00",
                "compute_path": {},
                "versions": {},
                "machine": {},
                "metrics": digest,
            }
        )
    )


def subject(folder: RunFolder) -> Subject:
    arms = ("forms[cell=lstm]", "other")
    return Subject(folder.run_id, str(folder.path), "small", arms, ("forms", "other"), RUN.seed)


def bring(open_sink: Callable[[], Sink], folder: RunFolder, ended: Ended | None = None) -> Standing:
    """What a command does for one run that is as it is now."""
    inbox: queue.Queue[Message] = queue.Queue()
    inbox.put(subject(folder))
    if ended:
        inbox.put((folder.run_id, ended))
    inbox.put(Finish())
    bringing = Bringing(open_sink, inbox, lambda standing: None)
    bringing.run()
    return bringing.standing


def files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
