"""Several steps of the discriminator per step of the generator, against a loop written out."""

import copy
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from assay.config import GanConfig, kind_named
from assay.errors import ConfigError
from assay.execution.runner import execute
from assay.models.gan import Pair
from assay.store import Store
from assay.training import AdamSettings, Adversarial, Images, take_step
from assay.training.losses import LOSSES


class Plain(nn.Sequential):
    def forward(self, x: torch.Tensor, labels: torch.Tensor | None = None) -> torch.Tensor:
        return super().forward(x)


@pytest.fixture
def images() -> Images:
    rng = np.random.default_rng(0)
    return Images(torch.from_numpy(rng.integers(0, 256, (40, 1, 8, 8), dtype=np.uint8)))


@pytest.mark.parametrize("steps", [1, 2, 5])
@pytest.mark.parametrize("loss", ["non_saturating", "r3gan"])
def test_each_step_has_its_own_real_images_and_fakes(images: Images, steps: int, loss: str) -> None:
    torch.manual_seed(0)
    # No batch normalisation: a bias before it has no gradient but rounding, which Adam blows up.
    pair = Pair(
        Plain(nn.Linear(6, 9), nn.Tanh(), nn.Linear(9, 64), nn.Tanh(), nn.Unflatten(1, (1, 8, 8))),
        Plain(nn.Flatten(), nn.Linear(64, 9), nn.Tanh(), nn.Linear(9, 1), nn.Flatten(0)),
    )
    generator, discriminator = copy.deepcopy(pair.generator), copy.deepcopy(pair.discriminator)
    adam = AdamSettings(1e-3, 0.5, 0.9)
    objective = Adversarial(pair, images, images, LOSSES[loss](), adam, 6, critic_steps=steps)
    batch = torch.arange(4 * steps)
    torch.manual_seed(1)
    for _ in range(2):
        for phase in objective.phases:
            take_step(phase, batch)

    form = LOSSES[loss]()
    g, d = (torch.optim.Adam(n.parameters(), 1e-3, (0.5, 0.9)) for n in (generator, discriminator))
    torch.manual_seed(1)
    for _ in range(2):
        for step in range(steps):
            real = images.images[4 * step : 4 * step + 4].float() / 127.5 - 1
            fake = generator(torch.randn(4, 6))
            if step == 0:
                g.zero_grad()
                logits = discriminator(real) if form.relativistic else None
                form.generator(discriminator(fake), logits).backward()
                judged = fake.detach()
                g.step()
            else:
                judged = fake.detach()
            d.zero_grad()
            total = form.discriminator(discriminator(real), discriminator(judged))
            penalty = form.penalty(discriminator, real, judged)
            (total if penalty is None else total + penalty).backward()
            d.step()
    for ours, plain in ((pair.generator, generator), (pair.discriminator, discriminator)):
        for found, expected in zip(ours.parameters(), plain.parameters(), strict=True):
            assert torch.allclose(found, expected, rtol=1e-4, atol=1e-6)


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GanConfig:
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "mine.npz", images=rng.integers(0, 256, (40, 8, 8), dtype=np.uint8))
    monkeypatch.setattr("assay.plugins.fingerprint", lambda path: "0" * 64)
    monkeypatch.setattr("assay.tasks.images.cache.cache_folder", lambda: tmp_path / "cache")
    return GanConfig(
        task="images",
        data="mine.npz",
        data_sha256="0" * 64,
        folder=str(tmp_path),
        image_size=8,
        batch_size=4,
        latent_dim=6,
        epochs=3,
        loss="wgan_gp",
        loss_options={"weight": 5.0},
        critic_steps=3,
    )


def test_a_resumed_training_is_bit_identical(tiny: GanConfig, tmp_path: Path) -> None:
    logs = []
    looks = iter([False] * 4 + [True])
    for name in ("whole", "halves"):
        store = Store(tmp_path / name)
        store.prepare()
        if name == "halves":
            assert execute(tiny, store, lambda at: None, lambda: next(looks)).status == "stopped"
        assert execute(tiny, store, lambda at: None, lambda: False).status == "finished"
        logs.append((store.folder(tiny).path / "metrics.jsonl").read_bytes())
    assert logs[0] == logs[1]


def test_an_update_takes_a_batch_per_step(tiny: GanConfig) -> None:
    job = kind_named("gan").build(tiny)  # type: ignore[attr-defined]
    assert len(job.schedule.batch(0)) == 12
    assert job.schedule.updates == 9  # 36 training images, 12 an update, 3 epochs
    assert [phase.prefix for phase in job.objective.phases] == [
        "generator_",
        *["discriminator_"] * 3,
    ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"loss": "wgan_gp", "loss_options": {"lambda": 3}}, "loss_options of wgan_gp: unknown"),
        ({"loss": "wgan_gp", "loss_options": {"weight": -1}}, "weight = -1: should be greater"),
        ({"loss": "r3gan", "loss_options": {"gamma": "much"}}, "gamma = 'much': should be"),
        ({"loss_options": {"weight": 3}}, "'non_saturating' takes none"),
        ({"critic_steps": 0}, "critic_steps = 0"),
    ],
)
def test_wrong_options_are_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        GanConfig.parse(changes, "here")


@pytest.mark.parametrize(
    ("loss", "option", "default"), [("wgan_gp", "weight", 10.0), ("r3gan", "gamma", 1.0)]
)
def test_a_penalty_has_the_weight_that_is_asked_for(
    loss: str, option: str, default: float, tiny: GanConfig
) -> None:
    from assay.kinds.gan.training import build_loss

    torch.manual_seed(0)
    network = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(4, 1), torch.nn.Flatten(0))
    real, fake = torch.rand(3, 1, 2, 2), torch.rand(3, 1, 2, 2)

    def penalty(options: dict[str, float]) -> float:
        torch.manual_seed(1)
        made = build_loss(tiny.replace(loss=loss, loss_options=options))
        found = made.penalty(network, real, fake)
        assert found is not None
        return float(found.detach())

    assert penalty({option: 3 * default}) == pytest.approx(3 * penalty({}), rel=1e-5)
    assert penalty({option: default}) == penalty({})
