"""The pictures of a report: generated images, from the runs in a store."""

import io
from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from assay.claims.evidence import ArmRuns
from assay.config import FigureSettings
from assay.errors import ConfigError, StoreError
from assay.figures.grid import Bytes
from assay.figures.labels import arm_label
from assay.figures.samples import interpolation_figure, samples_figure
from assay.inference.generator import Pictures
from assay.kinds.gan.figures import InterpolationSettings, SamplesSettings
from assay.kinds.gan.trained import load_generator
from assay.models.gan.latent import Path
from assay.plugins import own_code
from assay.report.pages.grids import shown_grids
from assay.store import RunFolder, Store
from assay.store.archive import PASSAGES
from assay.store.samples import load_grid
from assay.tasks.npz import read_npz

USUAL_ENDS = (3, 8)
_MOST_BYTES = 2**28
_PATHS: tuple[Path, ...] = ("linear", "as_reported", "spherical")


def samples(arms: Sequence[ArmRuns], store: Store, settings: SamplesSettings) -> Figure:
    """The samples of each arm's first finished run at the start, halfway, the end, and between.

    Several arms have a block each, under their name.
    """
    panels: list[tuple[str, Bytes]] = []
    heads: dict[int, str] = {}
    for name, run in shown_runs(arms, store):
        heads[len(panels)] = name
        grids = shown_grids(run, settings)
        panels += [(words, load_grid(content)) for words, _, content in grids]
    return samples_figure(panels, heads if len(arms) > 1 else {})


def interpolations(
    arms: Sequence[ArmRuns], store: Store, settings: InterpolationSettings
) -> Figure:
    """Rows of nine images from one noise to another, of each arm's first finished run.

    Several arms have a block each, under their name.
    """
    rows: list[tuple[str, Bytes]] = []
    heads: dict[int, str] = {}
    for name, run in shown_runs(arms, store):
        heads[len(rows)] = name
        rows += _rows(passages(run, settings), settings)
    return interpolation_figure(rows, heads if len(arms) > 1 else {})


def passages(run: RunFolder, settings: InterpolationSettings) -> dict[str, Bytes]:
    """The images between two noises: as an archive keeps them, or else from the run's generator.

    `random` is three rows (3, 9, C, H, W) on a line. Each path between two classes is one row
    (9, C, H, W), and `ends` their names where they are not the usual digits; of a generator that
    does not make these classes it is between the first random ends, without `linear`, which would
    be the first row once more.

    Raises:
        StoreError: if an archive keeps none between these classes.
    """
    kept, prefix = run.content(PASSAGES), _prefix(settings)
    if kept is not None:
        images = read_npz(io.BytesIO(kept), run.where(PASSAGES), most=_MOST_BYTES)
        names = [name for name in images.names if name.startswith(prefix)]
        found = {name.removeprefix(prefix): images[name] for name in names}
        if not found:
            raise StoreError(
                f"{run.where(PASSAGES)} has no images between the classes {settings.digits}"
            )
        return found
    with own_code(run.config().plugins, f"as run {run.run_id} was asked"):
        return _passages(Pictures(load_generator(run)), settings)


def shown_images(run: RunFolder, drawn: Sequence[FigureSettings]) -> dict[str, bytes]:
    """What the figures of samples and of passages read of a run, as files to keep beside its log.

    Those that they show without settings of their own are always among them.

    Raises:
        StoreError: if it kept no samples, or one is not what it wrote.
        CheckpointError: if its last checkpoint is missing or damaged.
    """
    grids, between = [SamplesSettings()], [InterpolationSettings()]
    grids += [each for each in drawn if isinstance(each, SamplesSettings)]
    between += [each for each in drawn if isinstance(each, InterpolationSettings)]
    files = {
        f"samples/{update:010d}.npy": content
        for settings in grids
        for _, update, content in shown_grids(run, settings)
    }
    images: dict[str, Bytes] = {}
    for settings in between:
        found = passages(run, settings)
        images |= {_prefix(settings) + name: rows for name, rows in found.items()}
    rows = io.BytesIO()
    np.savez(rows, allow_pickle=False, **images)
    return files | {PASSAGES: rows.getvalue()}


def shown_runs(arms: Sequence[ArmRuns], store: Store) -> list[tuple[str, RunFolder]]:
    """The finished run of the lowest seed of each arm that has one, with the arm's name."""
    return [
        (arm_label(runs.arm), store.folder(runs.arm.run(seeds[0])))
        for runs in arms
        if (seeds := runs.finished_seeds)
    ]


def _passages(pictures: Pictures, settings: InterpolationSettings) -> dict[str, Bytes]:
    seeds = (0, 1)
    found = {"random": pictures.interpolate(7, "linear", 3, seeds, None)}
    start, end = settings.digits or USUAL_ENDS
    digits: tuple[int, int] | None = (start, end)
    try:
        found["linear"] = pictures.interpolate(7, "linear", 1, seeds, digits)[0]
    except ConfigError:  # a generator without classes, or one that does not make these
        digits = None
    for path in _PATHS:
        if path not in found and (digits or path != "linear"):
            found[path] = pictures.interpolate(7, path, 1, seeds, digits)[0]
    names = [pictures.classes[digit] for digit in digits or ()]
    if names and names != [str(digit) for digit in USUAL_ENDS]:
        found["ends"] = np.array(names)
    return found


def _prefix(settings: InterpolationSettings) -> str:
    """What names of images begin with in an archive that are not between the usual ends."""
    return "" if settings.digits is None else "{}-{} ".format(*settings.digits)


def _rows(found: dict[str, Bytes], settings: InterpolationSettings) -> list[tuple[str, Bytes]]:
    rows = [(f"random {row + 1}", images) for row, images in enumerate(found["random"])]
    ends = found.get("ends", USUAL_ENDS)
    name = f"{ends[0]} → {ends[1]}" if "linear" in found else "random 1"
    return rows + [
        (f"{name},\n{label}", found[path])
        for label, path in settings.paths.items()
        if path in found
    ]
