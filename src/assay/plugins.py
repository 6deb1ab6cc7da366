"""What the user brings: an attribute of an own module, named `module:attribute`.

The hash of the module's file goes into the run's identity, so an edited cell is a new run and a
finished run is never mistaken for one of the new code.
"""

import hashlib
import importlib
import importlib.util
import inspect
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from assay.config import RunConfig
from assay.errors import DataError, PluginError

ConfigT = TypeVar("ConfigT", bound=RunConfig)


def load(target: str, folder: str) -> Callable[..., Any]:
    """The callable that `target` (`module:attribute`) names, looked up in `folder` first.

    Raises:
        PluginError: if the module or the attribute is missing, fails on import, or is no callable.
    """
    module_name, _, attribute = target.partition(":")
    _look_in(folder)
    try:
        found: Any = importlib.import_module(module_name)
        for name in attribute.split("."):
            found = getattr(found, name)
    except Exception as error:  # an own module may raise anything on import
        raise PluginError(
            f"{target} cannot be loaded from {Path(folder).resolve()}: "
            f"{type(error).__name__}: {error}"
        ) from error
    if not callable(found):
        raise PluginError(
            f"{target} is a {type(found).__name__}, and should be a class or function"
        )
    return found  # type: ignore[no-any-return]


def check_options(target: str, function: Callable[..., Any], given: Mapping[str, Any]) -> None:
    """Hold the arguments a plug-in will be called with against its signature.

    Raises:
        PluginError: naming the argument that does not fit.
    """
    try:
        inspect.signature(function).bind(**given)
    except (TypeError, ValueError) as error:
        raise PluginError(f"{target}: {error} (it is called with {', '.join(given)})") from None


def resolve(config: ConfigT) -> ConfigT:
    """Fill in the hashes of the files that `config` names, and where they are.

    The hashes identify their content. A configuration that names none holds no path.

    Raises:
        DataError: if a data file is missing.
        PluginError: if an own module has no file.
    """
    targets = config.plugins
    if config.data is None and not targets:
        return config.model_copy(update={"folder": "."})
    changes: dict[str, Any] = {"folder": str(Path(config.folder).resolve())}
    if config.data is not None:
        changes["data_sha256"] = fingerprint(data_path(config))
    if targets:
        changes["source_sha256"] = {
            target: fingerprint(_source(target, config.folder)) for target in targets
        }
    return config.model_copy(update=changes)


def fingerprint(path: Path) -> str:
    """SHA-256 of a file; of a folder, over the names and contents of all files below it."""
    if path.is_file():
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    digest = hashlib.sha256()
    for item in sorted(path.rglob("*")):
        if item.is_file():
            digest.update(f"{item.relative_to(path).as_posix()}\0{fingerprint(item)}\n".encode())
    return digest.hexdigest()


def data_path(config: RunConfig) -> Path:
    """Where the own data of a configuration are, a file or a folder.

    Raises:
        DataError: if it is not there.
    """
    path = Path(config.folder, config.data or "")
    if not path.exists():
        raise DataError(
            f"data = {config.data!r}: there is no such file or folder in {path.parent.resolve()}"
        )
    return path


def _source(target: str, folder: str) -> Path:
    module_name = target.partition(":")[0]
    _look_in(folder)
    try:
        spec = importlib.util.find_spec(module_name)
    except (ImportError, ValueError):
        spec = None
    if spec is None or spec.origin is None or not Path(spec.origin).is_file():
        raise PluginError(
            f"{target}: there is no module {module_name!r} in {Path(folder).resolve()}"
        )
    return Path(spec.origin)


def _look_in(folder: str) -> None:
    path = str(Path(folder).resolve())
    if path not in sys.path:
        sys.path.insert(0, path)
