"""The pictures of a report: generated images, from the runs in a store."""

import io
from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from assay.claims.evidence import ArmRuns
from assay.errors import ConfigError
from assay.figures.grid import Bytes
from assay.figures.samples import interpolation_figure, samples_figure
from assay.inference.generator import Pictures
from assay.kinds.gan.trained import load_generator
from assay.models.gan.latent import Path
from assay.plugins import own_code
from assay.store import RunFolder, Store
from assay.store.archive import PASSAGES
from assay.store.samples import grid_file, grid_hashes, load_grid

REPORTED_MOMENTS = (10_000, 20_000, 90_000, 180_000)
"""Iterations that the report's section 4.4 speaks of."""

ENDS = (3, 8)
_SHORT = 4

PATHS: dict[Path, str] = {
    "linear": "line",
    "as_reported": "equation 11",
    "spherical": "great circle",
}


def samples(arms: Sequence[ArmRuns], store: Store) -> Figure:
    """Figure 4: the samples of the first finished run at the start, halfway, the end, and between.

    A short training that reaches none of the report's moments is shown at even distances.
    """
    grids = shown_grids(first_run(arms, store))
    return samples_figure([(words, load_grid(content)) for words, _, content in grids])


def shown_grids(run: RunFolder) -> list[tuple[str, int, bytes]]:
    """The grids of a run that figure 4 shows: its words for each, the update, and the file.

    Raises:
        StoreError: if the run kept none, or one is not what it wrote.
    """
    kept = grid_hashes(run)
    end = max(kept)
    moments = {0: "start", end // 2: "halfway", end: "end"}
    named = [moment for moment in REPORTED_MOMENTS if moment in kept]
    if len(named) < _SHORT:
        steps = [end * part // 8 for part in (1, 2, 3, 6)]
        named += [min(kept, key=lambda update: abs(update - step)) for step in steps]
    grids = []
    for update in sorted({*moments, *named} & kept.keys()):
        words = f"{moments[update]}: " if update in moments else ""
        grids.append((f"{words}{update:,}", update, grid_file(run, update, kept[update])))
    return grids


def interpolations(arms: Sequence[ArmRuns], store: Store) -> Figure:
    """Figure 5: rows of nine images from one noise to another, of the first finished run."""
    found = passages(first_run(arms, store))
    rows = [(f"random {row + 1}", images) for row, images in enumerate(found.pop("random"))]
    name = f"{ENDS[0]} → {ENDS[1]}" if "linear" in found else "random 1"
    rows += [(f"{name},\n{PATHS[path]}", found[path]) for path in PATHS if path in found]
    return interpolation_figure(rows)


def passages(run: RunFolder) -> dict[str, Bytes]:
    """The images of figure 5: as evidence keeps them, or else from the run's generator.

    `random` is three rows (3, 9, C, H, W) on a line. Each path between the digits 3 and 8 is one
    row (9, C, H, W); of a generator that does not make these digits, between the first random ends,
    without `linear`, which would be the first row once more.
    """
    kept = run.content(PASSAGES)
    if kept is not None:
        with np.load(io.BytesIO(kept)) as images:
            return dict(images)
    with own_code(run.config().plugins, f"as run {run.run_id} was asked"):
        return _passages(Pictures(load_generator(run)))


def _passages(pictures: Pictures) -> dict[str, Bytes]:
    seeds = (0, 1)
    found = {"random": pictures.interpolate(7, "linear", 3, seeds, None)}
    digits: tuple[int, int] | None = ENDS
    try:
        found["linear"] = pictures.interpolate(7, "linear", 1, seeds, digits)[0]
    except ConfigError:  # a generator without classes, or one that does not make these digits
        digits = None
    for path in PATHS:
        if path not in found and (digits or path != "linear"):
            found[path] = pictures.interpolate(7, path, 1, seeds, digits)[0]
    return found


def shown_images(run: RunFolder) -> dict[str, bytes]:
    """What figures 4 and 5 read of a generator's run, as files to keep beside its log.

    Raises:
        StoreError: if it kept no samples, or one is not what it wrote.
        CheckpointError: if its last checkpoint is missing or damaged.
    """
    files = {f"samples/{update:010d}.npy": content for _, update, content in shown_grids(run)}
    rows = io.BytesIO()
    np.savez(rows, allow_pickle=False, **passages(run))
    return files | {PASSAGES: rows.getvalue()}


def first_run(arms: Sequence[ArmRuns], store: Store) -> RunFolder:
    """The finished run of the lowest seed of the first arm that has one."""
    seeds = ((runs.arm, seed) for runs in arms for seed in finished_seeds(runs))
    arm, seed = next(seeds)
    return store.folder(arm.runs[seed])


def finished_seeds(runs: ArmRuns) -> list[int]:
    """The seeds whose training reached its end, so that there are pictures of it."""
    return [seed for seed in runs.seeds if seed not in runs.diverged_seeds]
