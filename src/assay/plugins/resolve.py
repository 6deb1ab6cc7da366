"""The hashes in a configuration, and where the own files of a stored run are now."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from assay.config import RunConfig, is_plugin
from assay.errors import AssayError, PluginError
from assay.plugins.files import data_path, fingerprint
from assay.plugins.scripts import is_script, script_sha256
from assay.plugins.sources import find_sources

ConfigT = TypeVar("ConfigT", bound=RunConfig)


def resolve(config: ConfigT) -> ConfigT:
    """Fill in the hashes of the files that `config` names, and where they are.

    The hashes identify their content. A configuration that names none holds no path.

    Raises:
        DataError: if a data file is missing.
        PluginError: if an own module or a script has no file.
    """
    scripts = config.scripts(lambda name: is_script(name, config.folder))
    named = [*config.plugins, *scripts]
    if config.data is None and not named and not config.in_folder:
        return config.model_copy(update={"folder": "."})
    changes: dict[str, Any] = {"folder": str(Path(config.folder).resolve())}
    if config.data is not None:
        changes["data_sha256"] = fingerprint(data_path(config))
    if named:
        changes["source_sha256"] = {each: _hashes(each, config.folder)[0] for each in named}
    return config.model_copy(update=changes)


def located(config: ConfigT, others: Iterable[Path]) -> ConfigT:
    """A stored configuration with the folder in which its own files are now.

    That is the folder it was trained in, if they are there, or else the first of the `others` that
    holds them, by their hashes. If none does, and they are gone from where they were, it is the
    first that holds files of their names, so that whoever uses them is told that they have changed,
    and where. Else it stays as it is, and using it is refused.
    """
    if not what_changed(config):
        return config
    moved = [config.model_copy(update={"folder": str(folder.resolve())}) for folder in others]
    for each in moved:
        if not what_changed(each) and _same_data(each):
            return each
    if not _missing(config):
        return config
    return next((each for each in moved if not _missing(each)), config)


def what_changed(config: RunConfig) -> str:
    """Which own file of a stored configuration is not there any more, or another; else empty.

    The content of data, which may be large, is left to whoever reads them.
    """
    if missing := _missing(config):
        return missing
    for target in _named(config):
        if config.source_sha256.get(target) not in _hashes(target, config.folder):
            folder = Path(config.folder).resolve()
            return f"{target}: its code, in {folder}, has changed since"
    return ""


def _missing(config: RunConfig) -> str:
    """Which own file of a configuration is not in its folder; empty if all are."""
    try:
        for target in _named(config):
            _hashes(target, config.folder)
        if config.data is not None:
            data_path(config)
    except AssayError as error:
        return str(error)
    return ""


def _named(config: RunConfig) -> list[str]:
    """The own modules and scripts that a stored configuration has the hashes of."""
    return sorted({*config.plugins, *config.source_sha256})


def _same_data(config: RunConfig) -> bool:
    return config.data is None or fingerprint(data_path(config)) == config.data_sha256


def _hashes(target: str, folder: str) -> tuple[str, str]:
    """The hash of an own module, and that of its file alone, by which older runs name it."""
    if not is_plugin(target):
        found = script_sha256(target, folder)
        return found, found
    try:
        sources = find_sources(target.partition(":")[0], folder)
    except PluginError as error:
        raise PluginError(f"{target}: {error}") from error.__cause__
    return sources.sha256, sources.file_sha256
