"""Where the file of a study is: a path, or the name of one that comes with assay."""

from importlib import resources
from pathlib import Path

from assay.errors import StudyError


def find_study(name_or_path: str) -> Path:
    """The file of a study.

    Raises:
        StudyError: if there is none.
    """
    path = Path(name_or_path)
    if path.is_file():
        return path
    if name_or_path in shipped_studies():
        return shipped_path(name_or_path)
    allowed = ", ".join(shipped_studies())
    raise StudyError(f"{name_or_path}: no such file, and the shipped studies are {allowed}")


def shipped_studies() -> list[str]:
    """Names of the studies that come with assay."""
    folder = resources.files("assay.study") / "shipped"
    return sorted(item.name.removesuffix(".toml") for item in folder.iterdir())


def shipped_path(name: str) -> Path:
    """Where the file of a shipped study is."""
    return Path(str(resources.files("assay.study") / "shipped" / f"{name}.toml"))
