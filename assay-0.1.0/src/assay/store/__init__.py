"""The store: runs on disk, their logs, and archives of them."""

from assay.store.folder import DEFAULT_STORE, Record, RunFolder, Status, Store

__all__ = ["DEFAULT_STORE", "Record", "RunFolder", "Status", "Store"]
