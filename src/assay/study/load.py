"""A study from its file."""

import tomllib

from pydantic import ValidationError

from assay.config import first_problem
from assay.errors import StudyError
from assay.study.check import check
from assay.study.file import StudyFile
from assay.study.find import find_study
from assay.study.own_files import OwnFiles
from assay.study.plan import StudyPlan


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
    """
    path = find_study(name_or_path)
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StudyError(f"{path} is not TOML: {error}") from None
    except OSError as error:
        raise StudyError(f"{path} cannot be read: {error.strerror}") from None
    try:
        file = StudyFile.model_validate(tables)
    except ValidationError as error:
        raise StudyError(f"{path}: {first_problem(error, StudyFile)}") from None
    study = StudyPlan(name or path.stem, path, file, own)
    check(study)
    return study
