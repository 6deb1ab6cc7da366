"""A run's label tells it from every other."""

import pytest

from assay.claims.universes import universe_runs
from assay.config import GanConfig, MemoryConfig, RunConfig
from assay.study import load_study, shipped_studies

HASHES = "1" * 64, "2" * 64

CHANGES: list[tuple[RunConfig, dict[str, object]]] = [
    (MemoryConfig(), {"hidden_size": 64}),
    (MemoryConfig(), {"data_size": 500}),
    (MemoryConfig(), {"batch_size": 64}),
    (MemoryConfig(), {"epochs": 7}),
    (MemoryConfig(), {"updates": 7}),
    (MemoryConfig(), {"max_norm": 1.0}),
    (MemoryConfig(), {"learning_rate": 0.00100000001}),
    (MemoryConfig(cell="mlstm"), {"cell_options": {"heads": 2}}),
    (
        MemoryConfig(cell="mine:Cell", source_sha256={"mine:Cell": HASHES[0]}),
        {"source_sha256": {"mine:Cell": HASHES[1]}},
    ),
    (
        MemoryConfig(task="file", data="words.csv", data_sha256=HASHES[0]),
        {"data_sha256": HASHES[1]},
    ),
    (GanConfig(), {"beta1": 0.5}),
    (GanConfig(), {"latent_dim": 50}),
    (GanConfig(task="images", data="mine", data_sha256=HASHES[0]), {"image_size": 32}),
]


@pytest.mark.parametrize("name", shipped_studies())
def test_no_two_runs_of_a_shipped_study_have_one_label(name) -> None:
    study = load_study(name)
    runs = {
        run.run_id: run
        for profile in study.file.profiles
        for arm in study.arms(profile)
        for run in arm.runs
    }
    if study.file.multiverse is not None:
        runs |= {run.run_id: run for _, run in universe_runs(study)}
    labels = [run.label for run in runs.values()]
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize(("config", "changes"), CHANGES)
def test_what_makes_another_run_makes_another_label(config, changes) -> None:
    other = config.replace(**changes)
    assert other.run_id != config.run_id
    assert other.label != config.label


def test_a_label_says_no_more_than_what_is_set() -> None:
    assert MemoryConfig(length=20).label == "lstm T=20 lr=0.001 seed=0"
    assert GanConfig(seed=3).label == "mlp GAN mnist seed=3"
