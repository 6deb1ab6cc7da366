"""A study as commands open it: with a store, or with the evidence that is kept of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assay.errors import ConfigError

if TYPE_CHECKING:
    from assay.api import Study


def open_study(
    study: str | None,
    profile: str | None,
    store: str,
    evidence: Path | None,
    *,
    trust: bool,
    deciding: bool = False,
) -> "tuple[Study, str]":
    """A study, and the profile that is meant.

    Args:
        study: its file or name; None: that of the evidence.
        profile: as it was named, if it was.
        store: the folder of its runs.
        evidence: the folder of evidence in place of the store.
        trust: whether its code runs without being asked for.
        deciding: whether a profile that gives verdicts is meant where none is named.

    Raises:
        ConfigError: if neither a study nor evidence is named.
    """
    from assay.api import Study
    from assay.cli.trust import asks_before_code, runs_no_code

    asks_before_code(trust)
    if evidence is not None:
        from assay.store.archive import Archive

        found = Archive(evidence)
        if study is None or not Path(study).is_file():
            runs_no_code("evidence is read, and nothing of it runs")
        return Study(study, found), profile or found.profile
    if study is None:
        raise ConfigError("give a STUDY, or --from and a folder of evidence")
    of = Study(study, store)
    return of, profile or (of.deciding_profile if deciding else of.first_profile)


def study_and_claims(
    names: Sequence[str], evidence: Path | None
) -> tuple[str | None, Sequence[str]]:
    """The study and the claims that are meant; evidence knows its study, which may be left out."""
    from assay.store.archive import Archive
    from assay.study import shipped_studies

    first = next(iter(names), None)
    if first is None or evidence is None:
        return first, names[1:]
    named = (Archive(evidence).study, *shipped_studies())
    is_study = first in named or Path(first).suffix == ".toml"
    return (first, names[1:]) if is_study else (None, names)
