"""What each seed of a generator draws, beside the others."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from assay.claims.snapshot import Snapshot
from assay.errors import StoreError
from assay.figures.grid import GAP
from assay.report.data.table import generator_rows
from assay.report.pages.seeds import drawn_by_seeds
from assay.store import Store
from assay.store.samples import grid_hashes
from tests.report.made_up_runs import fill, write_study

STUDY = """
title = "Generators"
[defaults.gan]
epochs = 1
[experiments.gan]
kind = "gan"
[profiles.full]
seeds = 3
"""


@pytest.fixture
def snapshot(tmp_path) -> Snapshot:
    study, store = write_study(tmp_path, STUDY), Store(tmp_path / "store")
    fill(store, study.arms("full"))
    return Snapshot(study, "full", store)


def test_every_seed_is_beside_the_others(snapshot) -> None:
    (found,) = drawn_by_seeds(snapshot, generator_rows(snapshot.study, snapshot.runs))
    assert [[grid.seed for grid in moment.grids] for moment in found.moments] == [
        [0, 1, 2] for _ in found.moments
    ]
    assert found.moments[0].at.startswith("start: 0")
    assert found.moments[-1].at.startswith("end: ")
    assert re.search(r"from [\d.,]+ \(seed 0\) to [\d.,]+ \(seed 2\)\.$", found.finding)
    assert found.apart > 1
    for moment in found.moments:
        for grid in moment.grids:
            with Image.open(io.BytesIO(base64.b64decode(grid.address.split(",")[1]))) as picture:
                side = 5 * (28 + GAP) + GAP
                assert picture.size == (side, side)
                assert len(np.unique(np.asarray(picture))) <= 9
    assert [sum(each.counts) for each in found.classes] == [25, 25, 25]
    assert found.classes[1].words.startswith("Classes of the last samples of seed 1: 0: ")


def test_samples_that_are_not_what_a_run_wrote_are_refused(snapshot) -> None:
    runs = next(iter(snapshot.runs.values()))
    folder = snapshot.store.folder(runs.arm.run(2))
    update = max(grid_hashes(folder))
    folder.artifact("samples", update, ".npy").write_bytes(b"0")
    with pytest.raises(StoreError, match="missing or damaged"):
        drawn_by_seeds(snapshot, generator_rows(snapshot.study, snapshot.runs))
