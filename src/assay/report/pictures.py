"""The pictures of a report: generated images, from the runs in a store."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from assay.claims.evidence import ArmRuns
from assay.errors import ConfigError
from assay.execution.pictures import Pictures
from assay.execution.trained import grids, load_generator
from assay.figures import interpolation_figure, samples_figure
from assay.figures.grid import Bytes
from assay.inference.latent import Path
from assay.store import RunFolder, Store

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
    kept = dict(grids(first_run(arms, store)))
    end = max(kept)
    moments = {0: "start", end // 2: "halfway", end: "end"}
    named = [moment for moment in REPORTED_MOMENTS if moment in kept]
    if len(named) < _SHORT:
        steps = [end * part // 8 for part in (1, 2, 3, 6)]
        named += [min(kept, key=lambda update: abs(update - step)) for step in steps]
    panels: list[tuple[str, Bytes]] = []
    for update in sorted({*moments, *named} & kept.keys()):
        words = f"{moments[update]}: " if update in moments else ""
        panels.append((f"{words}{update:,}", kept[update]))
    return samples_figure(panels)


def interpolations(arms: Sequence[ArmRuns], store: Store) -> Figure:
    """Figure 5: rows of nine images from one noise to another, of the first finished run."""
    trained = load_generator(first_run(arms, store))
    pictures = Pictures(trained)
    seeds = (0, 1)
    rows = [
        (f"random {row + 1}", images)
        for row, images in enumerate(pictures.interpolate(7, "linear", 3, seeds, None))
    ]
    digits: tuple[int, int] | None = ENDS
    try:
        pictures.interpolate(7, "linear", 1, seeds, digits)
    except ConfigError:  # a generator without classes, or one that does not make these digits
        digits = None
    name = f"{ENDS[0]} → {ENDS[1]}" if digits else "random 1"
    for path, words in PATHS.items():
        if digits is None and path == "linear":
            continue  # the first row is that already
        (images,) = pictures.interpolate(7, path, 1, seeds, digits)
        rows.append((f"{name},\n{words}", images))
    return interpolation_figure(rows)


def first_run(arms: Sequence[ArmRuns], store: Store) -> RunFolder:
    """The finished run of the lowest seed of the first arm that has one."""
    found = next(runs for runs in arms if runs.seeds)
    return store.folder(found.arm.runs[found.seeds[0]])
