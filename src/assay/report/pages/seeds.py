"""What each seed of a generator draws: samples over its training, and their classes at its end.

N: images, C, H, W: channels, height and width.
"""

import base64
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
from PIL import Image

from assay.claims.evidence import ArmRuns
from assay.claims.snapshot import Snapshot
from assay.config import RunConfig
from assay.figures.grid import Bytes, columns_for, tile
from assay.figures.labels import arm_label
from assay.kinds.gan.figures import SamplesSettings
from assay.report.data.report import TableRow
from assay.report.pages.grids import shown_grids
from assay.report.words.numbers import amount, count
from assay.store.samples import load_grid

_LEVELS = 8
"""Of brightness, in a picture of which a page has many."""
_NEAR = 0.95
"""Of two moments that are nearer than this to each other the first is left out of a film."""


@dataclass(frozen=True)
class Grid:
    """A picture of a seed's samples, as a `data:` address, and what it is."""

    seed: int
    address: str
    words: str


@dataclass(frozen=True)
class Moment:
    """The samples of every seed after as many updates."""

    at: str
    grids: list[Grid]


@dataclass(frozen=True)
class Classes:
    """How many of a seed's last samples the classifier takes for which class."""

    seed: int
    counts: list[int]
    words: str


@dataclass(frozen=True)
class Drawn:
    """A generator of several seeds: its samples over the training, and their classes at the end.

    Attributes:
        finding: how far its seeds lie apart.
        apart: by which factor.
    """

    label: str
    moments: list[Moment]
    classes: list[Classes]
    finding: str
    apart: float


def drawn_by_seeds(snapshot: Snapshot, rows: Sequence[TableRow]) -> list[Drawn]:
    """Every generator that several seeds of have ended, that whose seeds differ most first.

    Raises:
        StoreError: if a run kept no samples, or they are not what it wrote.
    """
    by_arm = {row.arm: row for row in rows}
    found = [
        _drawn(runs, snapshot, by_arm[key])
        for key, runs in snapshot.runs.items()
        if key in by_arm and len(runs.finished_seeds) > 1
    ]
    return sorted(found, key=lambda each: -each.apart)


def _drawn(runs: ArmRuns, snapshot: Snapshot, row: TableRow) -> Drawn:
    kept: dict[int, dict[int, tuple[str, Bytes]]] = {
        seed: {
            update: (words, load_grid(content))
            for words, update, content in shown_grids(
                snapshot.store.folder(runs.arm.run(seed)), SamplesSettings()
            )
        }
        for seed in runs.finished_seeds
    }
    label, first = arm_label(runs.arm), next(iter(kept.values()))
    common = sorted(update for update in first if all(update in each for each in kept.values()))
    common = [
        update
        for update, after in zip_longest(common, common[1:])
        if after is None or update < _NEAR * after
    ]
    moments = [
        Moment(
            first[update][0],
            [_grid(seed, grids[update][1], grids[update][0]) for seed, grids in kept.items()],
        )
        for update in common
    ]
    config = runs.arm.config
    last = {seed: grids[common[-1]][1] for seed, grids in kept.items()} if common else {}
    classes = [_classes(seed, counts) for seed, counts in _counted(config, last) if counts]
    finding, apart = _finding(row)
    return Drawn(label, moments, classes, finding, apart)


def _counted(config: RunConfig, last: Mapping[int, Bytes]) -> Iterator[tuple[int, list[int]]]:
    """How many of the images of each seed are of each class."""
    if last:  # only to judge images takes PyTorch
        from assay.kinds.images import class_counts

        yield from ((seed, class_counts(config, images)) for seed, images in last.items())


def _grid(seed: int, images_NCHW: Bytes, words: str) -> Grid:
    coarse = (images_NCHW // (256 // _LEVELS) * (255 // (_LEVELS - 1))).astype(np.uint8)
    sheet = tile(coarse, columns_for(len(images_NCHW)))
    file = io.BytesIO()
    Image.fromarray(sheet).save(file, "PNG", optimize=True)
    address = f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
    return Grid(seed, address, f"{len(images_NCHW)} samples of seed {seed}, updates: {words}")


def _classes(seed: int, counts: list[int]) -> Classes:
    told = ", ".join(f"{name}: {number}" for name, number in enumerate(counts))
    return Classes(seed, counts, f"Classes of the last samples of seed {seed}: {told}")


def _finding(row: TableRow) -> tuple[str, float]:
    """How far the Fréchet distances of the seeds lie apart, in words and as a factor."""
    known = [each for each in row.summaries["frechet"].values if each.value is not None]
    if len(known) < 2:
        return "", 1.0
    known.sort(key=lambda each: each.value or 0.0)
    best, worst = known[0], known[-1]
    low, high = (amount(float(each.value or 0.0), "frechet", "") for each in (best, worst))
    words = (
        f"The same settings, {count(len(known))} seeds: the Fréchet distance at the end is from "
        f"{low} (seed {best.seed}) to {high} (seed {worst.seed})."
    )
    return words, float(worst.value or 0.0) / max(float(best.value or 0.0), 1e-9)
