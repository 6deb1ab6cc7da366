"""Keeping the ended runs of a profile as evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.claims.declarations import carry_over, declarations
from assay.claims.further import extended
from assay.claims.universes import universe_runs
from assay.config import FigureSettings, RunConfig, kind_named
from assay.errors import StoreError
from assay.store import RunFolder, Store
from assay.store.archive import Archive, pack, packed
from assay.store.manifest import MANIFEST, STUDY_FILE, Manifest, write_manifest
from assay.study import Arm, OwnFiles, StudyPlan


@dataclass(frozen=True)
class Kept:
    """How many runs of a profile are in a folder of evidence: new now, in all, and of how many."""

    new: int
    there: int
    planned: int


def keep(study: StudyPlan, profile: str, arms: Sequence[Arm], store: Store, folder: Path) -> Kept:
    """Add to a folder of evidence the runs that ended since, and when claims were declared.

    The runs are those of the profile, with every further seed that the store has, and those of the
    study's multiverse, if it has one.
    A run that is there already is left as it is, whatever the store has.

    A study file that was edited replaces the one that is there, as long as it plans every run that
    is: else it is another study.

    Raises:
        StoreError: if the folder is about another study or profile or cannot be written, or if a
            run in it or in the store is damaged.
    """
    arms = extended(arms, store)
    configs = {config.run_id: config for arm in arms for config in arm.runs}
    drawn = _drawn(study, arms)
    if study.file.multiverse is not None:
        configs |= {config.run_id: config for _, config in universe_runs(study)}
    own = OwnFiles.of(configs.values(), study.path.parent)
    manifest = Manifest(study=study.name, profile=profile, data=own.data, source=own.source)
    _check_it_is_of(study, profile, folder, configs)
    _check_declarations(store, folder)
    write_manifest(folder, manifest, study.path.read_bytes())
    new = 0
    try:
        for run_id, config in configs.items():
            run = store.folder(config)
            if not packed(folder, run_id).exists() and run.exists and run.complete:
                pack(run, folder, _images(run, drawn.get(run_id, [])))
                new += 1
    except OSError as error:
        raise StoreError(f"{folder} cannot be written: {error.strerror or error}") from None
    evidence = Archive(folder)
    carry_over(store, evidence)
    there = sum(packed(folder, run_id).exists() for run_id in configs)
    return Kept(new, there, len(configs))


def _check_it_is_of(
    study: StudyPlan, profile: str, folder: Path, planned: Mapping[str, RunConfig]
) -> None:
    """See that what a folder holds is of this study, and of no other that is called the same."""
    if not (folder / MANIFEST).exists():
        return
    there = Archive(folder)
    if (there.study, there.profile) != (study.name, profile):
        return  # which is refused for that
    kept = folder / STUDY_FILE
    if kept.is_file() and kept.read_bytes() == study.path.read_bytes():
        return  # also where the manifest that goes with it was not yet written
    there.study_file  # noqa: B018 - raises where it was altered
    further = {run.run_id for arm in extended(study.arms(profile), there) for run in arm.runs}
    strange = [run for run in there.runs() if run.run_id not in planned.keys() | further]
    if strange:
        raise StoreError(
            f"{folder} holds evidence of another study, or of {study.path} before it was edited: "
            f"{len(strange)} of its runs are none that {study.path} plans, which needs a folder "
            "of its own"
        )


def _check_declarations(store: Store, folder: Path) -> None:
    """See that what the store and the folder say of declarations can be joined."""
    there = [Archive(folder)] if (folder / MANIFEST).exists() else []
    for each in (store, *there):
        if damage := declarations(each).damage:
            raise StoreError(damage)


def _images(run: RunFolder, drawn: Sequence[FigureSettings]) -> dict[str, bytes]:
    return kind_named(run.config().kind).kept(run, drawn) if run.status == "finished" else {}


def _drawn(study: StudyPlan, arms: Sequence[Arm]) -> dict[str, list[FigureSettings]]:
    """How the study's figures draw each run, by its id."""
    found: dict[str, list[FigureSettings]] = {}
    for figure in study.figures:
        for arm in arms:
            if figure.draws(arm.experiment, arm.point):
                for config in arm.runs:
                    found.setdefault(config.run_id, []).append(study.figure_settings(figure))
    return found
