"""The kind keeps what is agreed of every kind, also for own images that are few."""

from pathlib import Path

import numpy as np
import pytest

from assay.config import GanConfig, kind_named
from assay.errors import StudyError
from assay.kinds.gan.kind import landmarks
from assay.plugins import fingerprint
from assay.study import load_study
from assay.testing import check_kind

FEW, MANY = 80, 1_200
"""Images of which fewer than 100, and more, are held out."""

STUDY = """
title = "t"
[experiments.mine]
kind = "gan"
task = "images"
data = "mine.npz"
image_size = 8
updates = 40
[profiles.all]
seeds = 8
[[claims]]
id = "A"
sentence = "Its images are near real ones."
[[claims.parts]]
sentence = "They are near."
of = {{ experiment = "mine" }}
metric = "{metric}"
test = "below"
threshold = 5
margin = 1
unit = "u"
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assay.tasks.images.cache.cache_folder", lambda: tmp_path / "cache")


def images(folder: Path, count: int) -> Path:
    pixels = np.random.default_rng(0).integers(0, 256, (count, 8, 8), dtype=np.uint8)
    np.savez(folder / "mine.npz", images=pixels)
    return folder / "mine.npz"


def study(folder: Path, metric: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(STUDY.format(metric=metric))
    return path


def test_halfway_is_half_of_the_training() -> None:
    assert landmarks(187_600) == {0, 93_800, 187_600}
    assert landmarks(7) == {0, 3, 7}
    assert landmarks(1) == {0, 1}


@pytest.mark.parametrize("count", [FEW, MANY])
def test_it_logs_what_it_promises(tmp_path: Path, count: int) -> None:
    path = images(tmp_path, count)
    config = GanConfig(
        task="images",
        data=path.name,
        data_sha256=fingerprint(path),
        folder=str(tmp_path),
        image_size=8,
        batch_size=4,
        latent_dim=2,
        updates=40,
        save_interval=10,
    )
    check_kind(kind_named("gan"), config, tmp_path)


@pytest.mark.parametrize(
    ("metric", "reads"),
    [
        ("frechet_over_floor", "quality_floor.floor.frechet"),
        ("total_variation_away", "quality_floor.floor.total_variation"),
        ("quality_floor.floor.recall", "quality_floor.floor.recall"),
    ],
)
def test_a_claim_on_a_floor_that_few_images_lack_is_refused_when_it_is_loaded(
    tmp_path: Path, metric: str, reads: str
) -> None:
    images(tmp_path, FEW)
    with pytest.raises(StudyError, match=rf"claim A.*reads {reads}, which .*mine does not log"):
        load_study(study(tmp_path, metric))
    images(tmp_path, MANY)
    load_study(study(tmp_path, metric))


def test_a_claim_on_what_has_no_floor_is_accepted(tmp_path: Path) -> None:
    images(tmp_path, FEW)
    load_study(study(tmp_path, "frechet_over_noise"))
