"""Logs of GANs' trainings, and arms of them."""

from typing import Any

import numpy as np

from assay.claims.evidence import ArmRuns
from assay.config import GanConfig
from assay.store.log import Check, Line, Log, Probe
from assay.study import Arm


def gan_arm(logs: list[list[Line]], title: str = "A", **settings: Any) -> ArmRuns:
    config = GanConfig(**settings)
    arm = Arm("experiment", title, {"title": title}, config, len(logs), config)
    return ArmRuns(arm, list(range(len(logs))), [Log(tuple(lines)) for lines in logs], [])


def gan_log(seed: int = 0, checks: int = 40) -> list[Line]:
    rng = np.random.default_rng(seed)
    floor = {"frechet": 1.3, "near": 0.99, "coverage": 0.94, "isolated_pixels": 0.01}
    pure = {"frechet": 5000.0, "near": 0.0, "coverage": 0.0, "isolated_pixels": 0.1}
    log: list[Line] = [Probe(0, "quality_floor", {"floor": floor, "noise": pure})]
    for update in (0, 500, 2_000):
        values = rng.uniform(0.1, 0.9, 3).tolist()
        found = dict(zip(("near", "coverage", "isolated_pixels"), values, strict=True))
        log.append(Probe(update, "quality", {"frechet": 4000 / (1 + update), **found}))
    for number in range(1, checks + 1):
        names = ("generator_loss", "discriminator_loss", "accuracy_real", "accuracy_fake")
        check = dict(zip(names, rng.uniform(0, 1, 4).tolist(), strict=True))
        log.append(Check(50 * number, check))
    return log


def losses(values: list[float]) -> list[Line]:
    names = ("discriminator_loss", "accuracy_real", "accuracy_fake")
    return [
        Check(number, {"generator_loss": value, **dict.fromkeys(names, 0.5)})
        for number, value in enumerate(values, start=1)
    ]


def own(data: str, size: int) -> dict[str, Any]:
    return {"task": "images", "data": data, "data_sha256": "0" * 64, "image_size": size}
