"""A study from its file, or from an archive of its runs."""

import tomllib
from pathlib import Path

from pydantic import ValidationError

from assay.config import first_problem
from assay.consent import announce, require
from assay.errors import StudyError
from assay.store import Store
from assay.store.archive import Archive
from assay.study.check import check
from assay.study.file import StudyFile
from assay.study.find import find_study, shipped_studies
from assay.study.own_files import OwnFiles
from assay.study.plan import StudyPlan
from assay.text import NotUtf8Error, utf8


def load_study(
    name_or_path: str, name: str | None = None, own: OwnFiles | None = None
) -> StudyPlan:
    """Load a study file, or a shipped study by its name, and see that all of it can be planned.

    Args:
        name_or_path: which.
        name: what it is called, if not after its file.
        own: the hashes of own files, where these are not at hand.

    Raises:
        StudyError: if there is no such study, it is not TOML, or a table of it is invalid.
        ConfigError: if an experiment's settings are invalid.
        TrustError: if loading it would run code that nobody allowed.
    """
    path = find_study(name_or_path)
    try:
        tables = tomllib.loads(utf8(path.read_bytes()))
    except NotUtf8Error as error:
        raise StudyError(f"{path}{f', line {error.line}' * (error.line > 0)}: {error}") from None
    except ValueError as error:  # tomllib's own, and Python's of a number of thousands of digits
        raise StudyError(f"{path} is not TOML: {error}") from None
    except RecursionError:
        raise StudyError(f"{path} is not TOML: it is nested too deeply") from None
    except OSError as error:
        raise StudyError(f"{path} cannot be read: {error.strerror}") from None
    try:
        file = StudyFile.model_validate(tables)
    except ValidationError as error:
        raise StudyError(f"{path}: {first_problem(error, StudyFile)}") from None
    study = StudyPlan(name or path.stem, path, file, own)
    if own is None:
        announce(study.code)
        require(study.looking_code())
    check(study)
    return study


def load_from(name_or_path: str | None, store: str | Path | Store) -> StudyPlan:
    """A study by its name or file; of an archive in place of a store, the one that it holds.

    Raises:
        AssayError: as `load_study`; if no study is named and `store` holds none.
    """
    if not isinstance(store, Archive):
        if name_or_path is None:
            raise StudyError("which study? Give its name or file, or an archive of it as the store")
        return load_study(name_or_path)
    kept, name = store.study_file, store.study
    named = name_or_path is not None and Path(name_or_path)
    if named and named.is_file() and (kept is None or not named.samefile(kept)):
        return load_study(str(named))
    if name_or_path not in (None, name, str(kept)):
        return load_study(str(name_or_path))
    if name in shipped_studies():
        shipped = load_study(name)
        if kept is None or shipped.path.read_bytes() == kept.read_bytes():
            return shipped
    if kept is None:
        raise StudyError(f"{store} keeps no study file: give that of {name} as well")
    manifest = store.manifest
    return load_study(str(kept), name, OwnFiles(manifest.data, manifest.source))
