"""Studies, and stores of made-up runs, written in a moment through the store's own interface."""

import hashlib
import io
import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor

from assay.claims.snapshot import Snapshot
from assay.config import GanConfig, MemoryConfig, RunConfig
from assay.models.gan import NETWORKS
from assay.report.data.gather import page_data, report_data
from assay.report.data.report import ReportData
from assay.store import Record, RunFolder, Store
from assay.store.log import Check, Epoch, Line, Log, Probe
from assay.study import Arm, StudyPlan, load_study
from assay.training import checkpoint
from assay.training.checkpoint import Checkpoint

MACHINE = {"processor": "Abacus 9000", "cores": 4, "memory_gib": 16, "system": "Linux x86_64"}
VERSIONS = {"python": "3.11.9", "assay": "0.1.0", "torch": "2.13.0"}
PATH = {"kernel": "torch.lstm", "device": "cpu", "simd": "AVX2", "threads": 1, "torch": "2.13.0"}


SMALL = """
title = "Small"
[defaults]
data_size = 1000
epochs = 20
[reported]
epochs = "somewhere"
[assumed]
optimizer = "a guess"
[experiments.short]
title = "Short"
grid = { learning_rate = [1e-3, 1e-4] }
[experiments.long]
title = "Long"
length = 10
[profiles.quick]
seeds = 2
[profiles.quick.experiments]
long = { epochs = 4 }
[profiles.full]
[[claims]]
id = "C1"
sentence = "Long strings are slower."
[[claims.parts]]
sentence = "A lower rate is slower."
metric = "updates_to_90"
test = "faster"
of = { experiment = "short", learning_rate = 1e-3 }
against = { experiment = "short", learning_rate = 1e-4 }
margin = 1.25
unit = "times as many updates"
[[claims.parts]]
sentence = "Long ends lower."
metric = "final_accuracy"
test = "smaller"
of = { experiment = "long" }
against = { experiment = "short", learning_rate = 1e-3 }
margin = 0.05
unit = "accuracy"
"""


def numbers(study: StudyPlan, store: Store, profile: str = "quick") -> dict[str, Any]:
    """The report's data."""
    return report_data(Snapshot(study, profile, store))


def rows(study: StudyPlan, store: Store, profile: str = "quick") -> ReportData:
    """What the report's pages are made of."""
    return page_data(Snapshot(study, profile, store))


def write_study(folder: Path, text: str) -> StudyPlan:
    """A study from the text of its file."""
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return load_study(str(path))


def fill(store: Store, arms: Iterable[Arm]) -> None:
    """A finished run for every seed of every arm."""
    for arm in arms:
        for config in arm.runs:
            if isinstance(config, GanConfig):
                write_generator(store, config)
            else:
                assert isinstance(config, MemoryConfig)
                write_run(store, config, made_up_log(config))


def write_run(store: Store, config: RunConfig, log: Sequence[Line], **changes: Any) -> RunFolder:
    """One ended run with a given log."""
    store.prepare()
    folder = store.create(config)
    lines = folder.log("metrics")
    for line in log:
        lines.append(line)
    lines.close()
    content = (folder.path / "metrics.jsonl").read_bytes()
    fields: dict[str, Any] = {
        "status": "finished",
        "updates": Log(tuple(log)).updates,
        "seconds": 12.5,
        "started": "2026-01-02T03:04:05+00:00",
        "ended": "2026-01-02T03:04:17+00:00",
        "compute_path": PATH | {"kernel": f"torch.{getattr(config, 'cell', 'gan')}"},
        "versions": VERSIONS,
        "machine": MACHINE,
        "metrics": {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()},
    }
    folder.write_record(Record(**(fields | changes)))
    return folder


def write_generator(store: Store, config: GanConfig) -> None:
    """A run of a GAN: a made-up log, random samples, and the weights of an untrained generator."""
    rng = np.random.default_rng(config.seed)
    updates = config.updates or config.epochs * 938
    folder = store.create(config)
    samples = []
    for update in sorted({0, min(500, updates), min(10_000, updates), updates // 2, updates}):
        buffer = io.BytesIO()
        np.save(buffer, rng.integers(0, 256, (25, 1, 28, 28), dtype=np.uint8))
        path = folder.artifact("samples", update, ".npy")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(buffer.getvalue())
        digest = hashlib.sha256(buffer.getvalue()).hexdigest()
        samples.append(Probe(update, "samples", {"sha256": digest}))
    checkpoint.write(folder.checkpoints, Checkpoint(updates, _untrained(config.network), {}))
    write_run(store, config, [*samples, *made_up_generator_log(config, updates)])


def made_up_generator_log(config: GanConfig, updates: int) -> list[Line]:
    """A log of the form that a GAN's training writes, whose quality improves."""
    factor = (1.0 if config.network == "mlp" else 0.3) * (1 + 0.1 * config.seed)
    real = {"floor": _quality(1.3), "noise": _quality(5000.0)}
    lines: list[Line] = [Probe(0, "quality_floor", real)]
    for update in (0, 500, 1_000, 10_000, updates):
        if update <= updates:
            value = 1.3 + factor * 4000 / (1 + update / 100)
            lines.append(Probe(update, "quality", _quality(value)))
    for update in range(50, updates + 1, 50):
        check = {
            "generator_loss": 1.0 + factor,
            "discriminator_loss": 0.5,
            "accuracy_real": 0.8,
            "accuracy_fake": 0.9,
        }
        lines.append(Check(update, check))
    for epoch in range(1, -(-updates // 938) + 1):
        lines.append(
            Epoch(
                epoch,
                min(epoch * 938, updates),
                {"generator_loss": 1.0 + factor, "discriminator_loss": 0.5},
                {"accuracy_real": 0.8},
            )
        )
    between = {
        "midpoint_norm": 7.0,
        "spherical_midpoint_norm": 10.0,
        "drawn_norm": 10.0,
        "copies": 0.0,
        "end_classes": 0.7,
        "third_class": 0.3,
        "towards_end": 0.93,
    }
    return [*lines, Probe(updates, "passage", between)]


def _quality(frechet: float) -> dict[str, float]:
    names = ("precision", "recall", "density", "coverage", "near")
    shares = dict.fromkeys(names, 1 / (1 + frechet / 100))
    rest = {"class_balance": 0.1, "isolated_pixels": 0.5, "total_variation": 0.07}
    return {"images": 10_000, "frechet": frechet, "kernel": frechet / 3, **shares, **rest}


@lru_cache(maxsize=2)
def _untrained(network: str) -> dict[str, Tensor]:
    weights = NETWORKS[network](100, (1, 28, 28), 0).generator.state_dict()
    return {f"generator/{name}": value for name, value in weights.items()}


def made_up_log(config: MemoryConfig) -> list[Line]:
    """A log of the form that the training loop writes, with numbers that look like learning."""
    rng = np.random.default_rng([config.seed, config.length, int(1e6 * config.learning_rate)])
    examples = round(0.8 * min(config.data_size, 10 ** math.ceil(config.length / 2)))
    per_epoch = -(-examples // config.batch_size)
    updates = config.updates or config.epochs * per_epoch
    lines: list[Line] = [_probe(config, 0, rng)]
    for update in range(1, updates + 1):
        accuracy = _accuracy(config, update, rng)
        if update % 25 == 0 or update == updates:
            lines.append(Check(update, {"accuracy": accuracy}))
        if update % per_epoch == 0 or update == updates:
            lines.append(_epoch(config, update, per_epoch, accuracy, rng))
        if update in (625, updates):
            lines.append(_probe(config, update, rng))
    return lines


def _accuracy(config: MemoryConfig, update: int, rng: np.random.Generator) -> float:
    """A sigmoid in the number of updates; long strings stay at chance without an LSTM."""
    if config.cell == "rnn" and config.length > 10:
        return float(np.clip(0.1 + rng.normal(0, 0.01), 0, 1))
    middle = (100 + 20 * config.length + 40 * config.seed) * 1e-3 / config.learning_rate
    top = 0.93 if config.learning_rate > 5e-3 else 0.995
    noise = rng.normal(0, 0.03 if config.learning_rate > 5e-3 else 0.004)
    value = 0.1 + (top - 0.1) / (1 + math.exp(-(update - middle) / (0.2 * middle))) + noise
    return float(np.clip(value, 0, 1))


def _epoch(
    config: MemoryConfig, update: int, per_epoch: int, accuracy: float, rng: np.random.Generator
) -> Epoch:
    loss = 2.4 * (1.02 - accuracy)
    return Epoch(
        -(-update // per_epoch),
        update,
        {
            "loss": loss * float(rng.uniform(0.9, 1.0)),
            "accuracy": min(1.0, accuracy + 0.01),
            "gradient_norm": 1.0 + loss,
            "clipped": 0.002 if config.learning_rate > 5e-3 else 0.0,
            "update_norm": 100 * config.learning_rate * float(rng.uniform(0.9, 1.1)),
        },
        {"loss": loss, "accuracy": accuracy},
    )


def _probe(config: MemoryConfig, update: int, rng: np.random.Generator) -> Probe:
    rate = -0.9 if config.cell == "rnn" else -0.35
    rate = rate * (0.4 if update else 1.0) + float(rng.normal(0, 0.03))
    whole = [rate * (config.length - 2 - step) - 2.0 for step in range(config.length - 1)]
    parts: dict[str, list[float | None]] = {"part0": list(whole)}
    if config.cell == "lstm":
        parts = {"part0": [v - 1.5 for v in whole], "part1": [v - 0.1 for v in whole]}
    return Probe(update, "state_gradient", {"whole": whole, **parts})
