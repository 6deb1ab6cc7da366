"""A run from its configuration to its record, in this process."""

from assay.config import MemoryConfig
from assay.execution.events import Result
from assay.execution.runner import execute
from assay.store import Store
from assay.store.record import LogDigest, Record

FAILED = Record(
    status="failed",
    message="by zero",
    updates=1,
    seconds=1.0,
    started="2026-01-01T00:00:00+00:00",
    ended="2026-01-01T00:00:01+00:00",
    compute_path={},
    versions={},
    machine={},
    metrics=LogDigest(bytes=0, sha256="0" * 64),
)


def test_a_failed_run_that_is_tried_again_and_stopped_counts_as_unfinished(
    small: MemoryConfig, store: Store
) -> None:
    folder = store.create(small)
    folder.write_record(FAILED)
    folder.traceback.write_text("Traceback of the first attempt\n")
    found = execute(small, store, lambda at: None, lambda: True)
    assert isinstance(found, Result)
    assert (found.status, folder.status) == ("stopped", "unfinished")
    assert not folder.traceback.exists()
