"""Evidence: the ended runs of a study in small files, to be committed and read without a store.

FOLDER/
  evidence.json        the study's name, the profile, and the hashes of the study file and of the
                       own files that its runs name
  study.toml           the study file
  runs/<run id>.zip    config.json, record.json and metrics.jsonl as the run wrote them, and the
                       images that a report shows; written once and never again
  declarations.jsonl   when each claim was declared, and which seeds had been seen by then

Weights are no part of it.
"""

import hashlib
import io
import lzma
import re
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from zipfile import ZIP_LZMA, BadZipFile, ZipFile, ZipInfo

from assay.config import NOWHERE, RunConfig, load_config
from assay.errors import StoreError
from assay.store.durable import file_stamp, json_object, make_folder, write_atomic
from assay.store.folder import ENDED, RunFolder
from assay.store.manifest import MANIFEST, STUDY_FILE, read_manifest
from assay.store.record import read_record
from assay.store.store import Store

PASSAGES = "passages.npz"
"""Images between two, which a report would else ask a run's weights for."""

_IMAGES = re.compile(rf"{re.escape(PASSAGES)}|samples/\d{{10}}\.npy")
# NotImplementedError, a RuntimeError, is for ways of packing that Python does not read.
_UNREADABLE = (OSError, BadZipFile, lzma.LZMAError, zlib.error, EOFError, RuntimeError)
_MOST_BYTES = {"config.json": 2**24, "record.json": 2**24, "metrics.jsonl": 2**29}
_MOST_IMAGE_BYTES = 2**26
_NAMED = 6
_READABLE_BY_ALL = 0o100644 << 16


class PackedRun(RunFolder):
    """A run in its file; what is asked of it is unpacked then, and checked.

    Raises:
        StoreError: from any method, if the file is damaged or altered.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._checked: object = None
        self._small: dict[str, bytes] = {}

    @property
    def run_id(self) -> str:
        """The run's identity, which the file is named after."""
        return self.path.stem

    @property
    def exists(self) -> bool:  # noqa: D102 - as in RunFolder
        return self.path.is_file()

    @property
    def begun(self) -> bool:  # noqa: D102 - as in RunFolder
        return self.exists

    def content(self, name: str) -> bytes | None:  # noqa: D102 - as in RunFolder
        if not self.exists:
            return None
        if self.stamp() != self._checked:
            self._check()
        if name in self._small:
            return self._small[name]
        found = self._read([name]).get(name)
        if name == "metrics.jsonl" and found is not None:
            record = read_record(self._small["record.json"], self.where("record.json"))
            if hashlib.sha256(found).hexdigest() != record.metrics.sha256:
                raise StoreError(
                    f"{self.path} was altered: its metrics.jsonl is not what the run wrote"
                )
        return found

    def config(self) -> RunConfig:
        """As in RunFolder; it says nowhere that own files could be, since evidence holds none."""
        return super().config().model_copy(update={"folder": NOWHERE})

    def config_here(self) -> RunConfig:  # noqa: D102 - as in RunFolder
        return self.config()

    def where(self, name: str) -> str:  # noqa: D102 - as in RunFolder
        return f"{self.path}, {name}"

    def stamp(self) -> object:  # noqa: D102 - as in RunFolder
        return file_stamp(self.path)

    def fingerprint(self) -> str:  # noqa: D102 - as in RunFolder
        return hashlib.sha256(self.path.read_bytes()).hexdigest() if self.exists else ""

    def names(self) -> list[str]:
        """The files that it holds, by their paths below the run's folder.

        Raises:
            StoreError: if it is damaged.
        """
        self._check()
        with ZipFile(self.path) as archive:
            return archive.namelist()

    def whole(self) -> None:
        """Read all of it.

        Raises:
            StoreError: if any of it is damaged.
        """
        self._check()
        try:
            with ZipFile(self.path) as archive:
                damaged = archive.testzip()
        except _UNREADABLE as error:
            raise StoreError(f"{self.path} is damaged: {error}") from None
        if damaged:
            raise StoreError(f"{self.where(damaged)} is damaged")

    def _check(self) -> None:
        """See that it holds the run that it is named after, and nothing else."""
        stamp = self.stamp()
        files = self._read([name for name in ENDED if name != "metrics.jsonl"])
        read_record(files["record.json"], self.where("record.json"))
        where = self.where("config.json")
        config = load_config(json_object(files["config.json"], where), where)
        if config.run_id != self.run_id:
            raise StoreError(
                f"{self.path} was altered: its config.json describes run {config.run_id}, "
                "and not the one that the file is named after"
            )
        self._small, self._checked = files, stamp

    def _read(self, names: Sequence[str]) -> dict[str, bytes]:
        try:
            with ZipFile(self.path) as archive:
                there = archive.namelist()
                self._check_sizes(archive)
                files = {name: archive.read(name) for name in names if name in there}
        except _UNREADABLE as error:
            raise StoreError(f"{self.path} is damaged: {error}") from None
        unknown = [name for name in there if name not in ENDED and not _IMAGES.fullmatch(name)]
        if unknown or not set(ENDED) <= set(there):
            raise StoreError(
                f"{self.path} is no run: it should hold {', '.join(ENDED)} and images, "
                f"and holds {_few(there)}"
            )
        return files

    def _check_sizes(self, archive: ZipFile) -> None:
        """See that nothing is larger than a run writes it: a few bytes can unpack to gigabytes.

        Of a member no more is read than it declares.
        """
        for member in archive.infolist():
            most = _MOST_BYTES.get(member.filename, _MOST_IMAGE_BYTES)
            if member.file_size > most:
                raise StoreError(
                    f"{self.path} was altered: {member.filename} unpacks to {member.file_size:,} "
                    f"bytes, and allowed are {most:,}"
                )


class Archive(Store):
    """A folder of evidence as a store that is only read, run by run as they are asked for.

    Attributes:
        source: where the evidence is.
        manifest: which study and profile the runs are of.

    Raises:
        StoreError: if the folder holds no evidence.
    """

    read_only = True
    indexed = False
    option = None

    def __init__(self, folder: str | Path) -> None:
        self.source = Path(folder)
        self.manifest = read_manifest(self.source / MANIFEST)
        super().__init__(self.source / "runs")
        self._runs: dict[str, PackedRun] = {}

    def __str__(self) -> str:
        return f"evidence {self.source}"

    def prepare(self) -> None:
        """Refuse: nothing is trained here.

        Raises:
            StoreError: always.
        """
        raise StoreError(f"{self} is only read: train into a store")

    @property
    def study(self) -> str:
        """The study's name."""
        return self.manifest.study

    @property
    def profile(self) -> str:
        """Which of its profiles the runs belong to."""
        return self.manifest.profile

    @property
    def study_file(self) -> Path | None:
        """The study file that is kept, as it was; None where none is.

        Raises:
            StoreError: if it is missing or was altered.
        """
        if not self.manifest.study_sha256:
            return None
        path = self.source / STUDY_FILE
        content = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(content).hexdigest() != self.manifest.study_sha256:
            raise StoreError(f"{path} is missing or was altered: it is not what was kept")
        return path

    def ids(self) -> list[str]:  # noqa: D102 - as in Store
        return sorted(path.stem for path in self.root.glob("*.zip"))

    def run(self, run_id: str) -> PackedRun:  # noqa: D102 - as in Store
        return self._runs.setdefault(run_id, PackedRun(packed(self.source, run_id)))

    @property
    def declaration_log(self) -> Path:
        """Where it is put down when claims about its runs were declared."""
        return self.source / "declarations.jsonl"


def _few(names: Sequence[str]) -> str:
    more = ", …" if len(names) > _NAMED else ""
    return (", ".join(names[:_NAMED]) or "nothing") + more


def packed(folder: Path, run_id: str) -> Path:
    """Where the file of a run is, or would be."""
    return folder / "runs" / f"{run_id}.zip"


def pack(run: RunFolder, folder: Path, images: Mapping[str, bytes]) -> None:
    """Write the file of an ended run; its bytes follow from its content alone.

    Args:
        run: the run.
        folder: the folder of the evidence.
        images: more files for a report's pictures, by their names in the run's folder.

    Raises:
        StoreError: if the run is damaged.
    """
    run.config()
    run.metrics()
    files = {name: run.content(name) or b"" for name in ENDED}
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, content in {**files, **images}.items():
            member = ZipInfo(name)  # of 1980, not of today
            member.external_attr = _READABLE_BY_ALL
            archive.writestr(member, content, ZIP_LZMA)
    path = packed(folder, run.run_id)
    make_folder(path.parent)
    write_atomic(path, buffer.getvalue())
