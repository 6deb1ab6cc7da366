"""Keeping the ended runs of a profile as evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.claims.declarations import carry_over
from assay.claims.further import extended
from assay.claims.universes import universe_runs
from assay.config import FigureSettings, kind_named
from assay.errors import StoreError
from assay.store import RunFolder, Store
from assay.store.archive import Archive, Manifest, pack, packed, write_manifest
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
    manifest = Manifest(study.name, profile, data=own.data, source=own.source)
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
