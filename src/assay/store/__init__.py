"""The store: runs on disk, their logs, and archives of them."""

from assay.store.folder import RunFolder
from assay.store.record import Record, Status
from assay.store.store import DEFAULT_STORE, Store

__all__ = ["DEFAULT_STORE", "Record", "RunFolder", "Status", "Store"]
