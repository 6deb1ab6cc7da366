"""A folder of runs."""

import os
import re
import tempfile
from pathlib import Path

from assay.config import RunConfig
from assay.errors import StoreError
from assay.shell import command
from assay.store.durable import make_folder, to_json, write_atomic
from assay.store.folder import RunFolder

DEFAULT_STORE = "store"
"""The folder that is meant where none is named."""

LAST = "last"
"""What is said for the run that was written to last."""

_RUN_ID = re.compile("[0-9a-f]{16}")


class Store:
    """A folder of runs.

    Attributes:
        read_only: whether nothing may be trained or put on record in it.
        indexed: whether what its runs wrote is kept in an index (`assay.store.index`).
    """

    read_only = False
    indexed = True

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root)

    def __str__(self) -> str:
        return f"store {self.root}"

    @property
    def option(self) -> str | None:
        """What a command says after `--store` to mean it; None where it need not say anything."""
        return None if self.root == Path(DEFAULT_STORE) else str(self.root)

    def prepare(self) -> None:
        """Make the folder and see that files can be written to it.

        Raises:
            StoreError: if not.
        """
        try:
            make_folder(self.root)
            # A name of its own, so that two processes that begin at once do not meet.
            with tempfile.TemporaryFile(dir=self.root, prefix=".writable"):
                pass
        except OSError as error:
            raise StoreError(f"{self} cannot be written: {error.strerror or error}") from None

    def folder(self, config: RunConfig) -> RunFolder:
        """Where a run is, or would be."""
        return self.run(config.run_id)

    def run(self, run_id: str) -> RunFolder:
        """Where a run is, or would be, by its identity."""
        return RunFolder(self.root / run_id)

    def create(self, config: RunConfig) -> RunFolder:
        """The run's folder, with its config.json."""
        folder = self.folder(config)
        make_folder(folder.checkpoints)
        if not (folder.path / "config.json").exists():
            write_atomic(folder.path / "config.json", to_json(config.model_dump()))
        return folder

    @property
    def declaration_log(self) -> Path:
        """Where it is put down when claims about its runs were declared."""
        return self.root / "declarations.jsonl"

    def find(self, text: str) -> RunFolder:
        """The run whose identity begins with `text`, or whose folder `text` is.

        `last` is the one that was written to last.

        Raises:
            StoreError: if there is none, or more than one.
        """
        if text == LAST and (runs := [run for run in self.runs() if run.begun]):
            return max(runs, key=RunFolder.written)
        if (Path(text) / "config.json").is_file():
            return RunFolder(Path(text).resolve())
        found = [run_id for run_id in self.ids() if run_id.startswith(text)]
        if len(found) != 1 or not text:
            what = "no run" if not found else f"{len(found)} runs"
            raise StoreError(
                f"{self} has {what} whose id begins with {text!r}; to list them: "
                f"{command('status', store=self.option)}"
            )
        return self.run(found[0])

    def ids(self) -> list[str]:
        """The identities of all runs, in order."""
        if not self.root.is_dir():
            return []
        return sorted(path.name for path in os.scandir(self.root) if _RUN_ID.fullmatch(path.name))

    def runs(self) -> list[RunFolder]:
        """All runs, in the order of their identities."""
        return [self.run(run_id) for run_id in self.ids()]
