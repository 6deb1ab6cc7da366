"""An ended run as bytes: the file that evidence has of it, with its grids of samples."""

import tempfile
from pathlib import Path

from assay.errors import StoreError
from assay.store import RunFolder, Store
from assay.store.archive import PackedRun, pack, packed
from assay.store.durable import make_folder, write_atomic
from assay.store.folder import ENDED


def parcel(run: RunFolder) -> bytes | None:
    """The bytes of a run; None of one that has not ended."""
    if run.content("record.json") is None:
        return None
    grids = sorted((run.path / "samples").glob("*.npy"))
    images = {f"samples/{path.name}": path.read_bytes() for path in grids}
    with tempfile.TemporaryDirectory() as folder:
        pack(run, Path(folder), images)
        return packed(Path(folder), run.run_id).read_bytes()


def unpack(content: bytes, run_id: str, store: Store) -> None:
    """Write a run that was sent into a store, its record last; one that has ended there stays.

    Raises:
        StoreError: if the bytes are not what was sent.
        RunLockedError: if another process is training the run here.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = packed(Path(folder), run_id)
        path.parent.mkdir()
        path.write_bytes(content)
        sent = PackedRun(path)
        sent.whole()
        run = store.folder(sent.config())
        make_folder(run.path)
        with run.lock():
            if not run.complete:
                _write(sent, run)


def _write(sent: PackedRun, run: RunFolder) -> None:
    make_folder(run.checkpoints)
    run.clear_failure()
    others = [name for name in sent.names() if name not in ENDED]
    for name in [*others, "config.json", "metrics.jsonl", "record.json"]:
        content = sent.content(name)
        if content is None:
            raise StoreError(f"run {run.run_id} was sent without its {name}")
        make_folder((run.path / name).parent)
        write_atomic(run.path / name, content)
