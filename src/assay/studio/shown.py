"""What a studio shows: studies by their names, and the runs of one store or folder of evidence."""

import threading
from collections.abc import Sequence

from assay.api import Study
from assay.errors import AssayError
from assay.store import RunFolder, Store
from assay.store.archive import Archive
from assay.store.durable import file_stamp


class NotThereError(AssayError):
    """Nothing of that name is shown here."""


class Shown:
    """Studies and a store, opened when they are asked for.

    Attributes:
        store: of the runs; `Archive` where evidence is shown.
        names: the studies that may be asked for, as commands name them, the first one shown first.
        profile: the one shown first, if one was named.
        edit: whether runs may be started and stopped.
        lock: held while a study is read, since its snapshots are for one thread.
    """

    def __init__(
        self,
        store: Store,
        names: Sequence[str],
        *,
        run: str = "",
        profile: str | None = None,
        edit: bool = False,
    ) -> None:
        self.store, self.names, self.profile = store, list(names), profile
        self.first_run, self.edit = run, edit
        self.lock = threading.RLock()
        self._studies: dict[str, tuple[object, Study]] = {}

    @property
    def evidence(self) -> bool:
        """Whether it is a folder of evidence, which holds no weights."""
        return isinstance(self.store, Archive)

    def study(self, name: str) -> Study:
        """A study of those that are shown; read anew from its file where that changed.

        Raises:
            NotThereError: if it is none of them.
            AssayError: if it cannot be opened.
        """
        if name not in self.names:
            raise NotThereError(f"study {name!r}: it is none of those that are shown here")
        with self.lock:
            known = self._studies.get(name)
            if known is None or known[0] != file_stamp(known[1].path):
                study = Study(None if self.evidence else name, self.store)
                known = self._studies[name] = (file_stamp(study.path), study)
            return known[1]

    def profile_of(self, study: Study, asked: str) -> str:
        """The profile that is meant: the one asked for, or named, or the first that decides."""
        return asked or self.profile or study.deciding_profile

    def run(self, run_id: str) -> RunFolder:
        """A run by its whole id.

        Raises:
            NotThereError: if there is none.
        """
        if len(run_id) == 16 and not set(run_id) - set("0123456789abcdef"):
            for folder in self.store.runs():
                if folder.run_id == run_id:
                    return folder
        raise NotThereError(f"run {run_id[:40]!r}: there is none in {self.store}")
