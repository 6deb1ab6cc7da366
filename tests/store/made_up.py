"""Runs that nobody trained, as their folders would be."""

import hashlib
from typing import Literal

from assay.config import RunConfig
from assay.store import Record, RunFolder, Store
from assay.store.record import LogDigest

_LOG = b'{"update":8,"check":{"accuracy":0.5}}\n'


def end(
    store: Store, config: RunConfig, status: Literal["finished", "failed"] = "finished"
) -> RunFolder:
    """A run that ended, with a log of one line."""
    folder = store.create(config)
    (folder.path / "metrics.jsonl").write_bytes(_LOG)
    folder.write_record(
        Record(
            status=status,
            updates=24,
            seconds=1.25,
            started="2026-01-01T00:00:00+00:00",
            ended="2026-01-01T00:00:02+00:00",
            compute_path={},
            versions={},
            machine={},
            metrics=LogDigest(bytes=len(_LOG), sha256=hashlib.sha256(_LOG).hexdigest()),
        )
    )
    return folder
