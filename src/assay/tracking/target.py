"""A tracker that runs are brought to, as the user names it, and what can be known of it before."""

import re
import tempfile
from dataclasses import dataclass
from http.client import HTTPException
from importlib.util import find_spec
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from assay.errors import ConfigError
from assay.store.durable import make_folder

TARGET = "ASSAY_TRACKER"
"""The variable by which the process of a tracker is told which it is."""

_ALLOWED = "tensorboard:FOLDER, mlflow:sqlite:///FILE or mlflow:http://ADDRESS"
_PACKAGES = {"tensorboard": ("tensorboard",), "mlflow": ("mlflow", "sqlalchemy")}
_SQLITE = "sqlite:///"
_ANSWER_SECONDS = 10.0


@dataclass(frozen=True)
class Target:
    """A tracker.

    Attributes:
        tracker: `tensorboard` or `mlflow`.
        place: the folder, or the address as MLflow takes it; paths are absolute.
        given: as the user named it, with a password if there is one in it.
    """

    tracker: str
    place: str
    given: str

    @property
    def text(self) -> str:
        """As the user named it, for messages: without a password."""
        return without_password(self.given)

    @property
    def database(self) -> Path | None:
        """The SQLite file that it is, if it is one."""
        is_one = self.place.startswith(_SQLITE)
        return Path(self.place.removeprefix(_SQLITE)) if is_one else None


def without_password(text: str) -> str:
    """An address with `***` for the user and the password in it, if they are."""
    return re.sub(r"://[^/]*@", "://***@", text)


def parse_target(text: str) -> Target:
    """A tracker from what the user gave.

    Raises:
        ConfigError: if it is none.
    """
    tracker, _, place = text.partition(":")
    if tracker == "tensorboard" and place:
        return Target(tracker, str(Path(place).expanduser().absolute()), text)
    if tracker == "mlflow" and place.startswith(_SQLITE) and place != _SQLITE:
        file = Path(place.removeprefix(_SQLITE)).expanduser().absolute()
        return Target(tracker, f"{_SQLITE}{file}", text)
    if tracker == "mlflow" and place.startswith(("http://", "https://")):
        return Target(tracker, place.rstrip("/"), text)
    raise ConfigError(f"--track {without_password(text)}: should be {_ALLOWED}")


def check_target(target: Target) -> None:
    """See that a tracker can be written to, before anything is trained.

    Raises:
        ConfigError: if its package is missing, its folder cannot be written, its file is something
            else, or its server does not answer.
    """
    for package in _PACKAGES[target.tracker]:
        if find_spec(package) is None:
            raise ConfigError(
                f"--track {target.text}: it takes the package {package}: "
                f"pip install 'assay[{target.tracker}]'"
            )
    if target.tracker == "tensorboard":
        _check_folder(Path(target.place), target)
    elif target.database is not None:
        _check_folder(target.database.parent, target)
        _check_database(target.database, target)
    else:
        _check_server(target)


def _check_folder(folder: Path, target: Target) -> None:
    try:
        make_folder(folder)
        with tempfile.TemporaryFile(dir=folder, prefix=".writable"):
            pass
    except OSError as error:
        raise ConfigError(
            f"--track {target.text}: {folder} cannot be written: {error.strerror or error}"
        ) from None


def _check_database(file: Path, target: Target) -> None:
    if not file.exists():
        return
    try:
        with file.open("rb") as opened:
            start = opened.read(16)
    except OSError as error:
        raise ConfigError(f"--track {target.text}: it cannot be read: {error.strerror}") from None
    if start and start != b"SQLite format 3\0":
        raise ConfigError(f"--track {target.text}: {file} is there, and is no SQLite file")


def _check_server(target: Target) -> None:
    address = re.sub("://[^/]*@", "://", target.place)  # urllib takes no password in it
    try:
        urlopen(f"{address}/health", timeout=_ANSWER_SECONDS).close()
    except HTTPError:  # it may ask for a password first: whatever it says, it is there
        return
    except (OSError, ValueError, HTTPException) as error:
        why = getattr(error, "reason", None) or error
        raise ConfigError(f"--track {target.text}: no server answers there: {why}") from None
