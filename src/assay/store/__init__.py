"""The store: runs on disk, their logs, and archives of them."""

from assay.store.folder import Record, RunFolder, Status, Store

__all__ = ["Record", "RunFolder", "Status", "Store"]
