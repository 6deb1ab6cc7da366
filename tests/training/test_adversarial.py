"""A GAN in the training loop: the same numbers as a loop written out plainly, and its alarms."""

import copy
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from assay import streams
from assay.config import GanConfig
from assay.execution.runner import execute
from assay.kinds.gan import KIND
from assay.kinds.image_data import image_split
from assay.models import native
from assay.store import RunFolder, Store
from assay.training import AdamSettings, Adversarial, Images, take_step
from assay.training.losses import LOSSES
from assay.training.monitor import Monitor

Train = Callable[[GanConfig], RunFolder]


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """40 gray images of 8 x 8 in two classes: bright on the left, or on the right."""
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 60, (40, 8, 8), dtype=np.uint8)
    pixels[:20, :, :4] += 180
    pixels[20:, :, 4:] += 180
    np.savez(tmp_path / "mine.npz", images=pixels, labels=np.repeat([0, 1], 20))
    return tmp_path


@pytest.fixture
def tiny(images: Path) -> GanConfig:
    return GanConfig(
        task="images",
        data="mine.npz",
        data_sha256="0" * 64,
        folder=str(images),
        image_size=8,
        batch_size=16,
        latent_dim=6,
        updates=30,
        save_interval=10,
    )


@pytest.fixture(autouse=True)
def _any_content(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """The hash in `tiny` is made up, and fewer samples are measured than usual."""
    monkeypatch.setattr("assay.plugins.fingerprint", lambda path: "0" * 64)
    monkeypatch.setattr("assay.kinds.gan.reference.MOST_IMAGES", 50)
    cache = request.getfixturevalue("tmp_path") / "cache"
    monkeypatch.setattr("assay.tasks.images.cache.cache_folder", lambda: cache)


def weights(folder: RunFolder) -> dict[str, torch.Tensor]:
    from assay.training import checkpoint

    return checkpoint.newest(folder.checkpoints).tensors


def test_updates_are_those_of_the_usual_loop_in_float64(tiny: GanConfig) -> None:
    job = KIND.build(tiny)
    objective, schedule = job.objective, job.schedule
    assert isinstance(objective, Adversarial)
    generator = copy.deepcopy(objective.generator).double()
    discriminator = copy.deepcopy(objective.discriminator).double()
    optimizers = [
        torch.optim.Adam(network.parameters(), lr=2e-4, betas=(0.9, 0.999))
        for network in (generator, discriminator)
    ]
    torch.manual_seed(streams.torch_seed(tiny.seed, "latent"))
    state = torch.get_rng_state()
    criterion = torch.nn.BCELoss()
    pixels = torch.from_numpy(np.array(image_split(tiny).train.images)).double() / 127.5 - 1
    for update in range(6):
        batch = schedule.batch(update)
        for phase in objective.phases:
            take_step(phase, batch)
    torch.set_rng_state(state)
    for update in range(6):
        real = pixels[schedule.batch(update)]
        ones, zeros = torch.ones(len(real)).double(), torch.zeros(len(real)).double()
        fake = generator(torch.randn(len(real), 6).double())
        optimizers[0].zero_grad()
        criterion(torch.sigmoid(discriminator(fake)), ones).backward()
        optimizers[0].step()
        optimizers[1].zero_grad()
        on_real = criterion(torch.sigmoid(discriminator(real)), ones)
        on_fake = criterion(torch.sigmoid(discriminator(fake.detach())), zeros)
        ((on_real + on_fake) / 2).backward()
        optimizers[1].step()
    for ours, plain in ((objective.generator, generator), (objective.discriminator, discriminator)):
        start = KIND.build(tiny).objective.modules
        name = "generator" if plain is generator else "discriminator"
        for (key, found), expected, before in zip(
            ours.named_parameters(), plain.parameters(), start[name].parameters(), strict=True
        ):
            # A bias before batch normalisation has no gradient but rounding, which Adam blows up.
            if name == "generator" and key in ("layers.2.bias", "layers.5.bias", "layers.8.bias"):
                continue
            moved = (expected - before.double()).norm()
            assert (found.double() - expected).norm() <= 2e-3 * moved + 1e-7, key


def test_probes_disturb_nothing(tiny: GanConfig, tmp_path: Path) -> None:
    watched = execute(tiny, _store(tmp_path / "a"), lambda at: None, lambda: False)
    assert watched.status == "finished"
    job = KIND.build(tiny)
    torch.manual_seed(streams.torch_seed(tiny.seed, "latent"))
    for update in range(30):
        for phase in job.objective.phases:
            take_step(phase, job.schedule.batch(update))
        if job.schedule.is_check(update + 1):
            job.objective.check()
    found = weights(_store(tmp_path / "a").folder(tiny))
    for name in ("generator", "discriminator"):
        for key, value in job.objective.modules[name].state_dict().items():
            assert torch.equal(found[f"{name}/{key}"], value), key


def _store(root: Path) -> Store:
    store = Store(root)
    store.prepare()
    return store


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"precision": "bfloat16"},
        {"ema": 0.9},
        {"conditional": True, "loss": "wgan_gp"},
        {"network": "dcgan", "loss": "r3gan", "ema": 0.5},
    ],
    ids=str,
)
def test_a_resumed_training_is_bit_identical(
    tiny: GanConfig, tmp_path: Path, changes: dict[str, object]
) -> None:
    config = tiny.replace(**changes)
    whole, halves = _store(tmp_path / "whole"), _store(tmp_path / "halves")
    assert execute(config, whole, lambda at: None, lambda: False).status == "finished"
    calls = iter([False] * 13 + [True])
    assert execute(config, halves, lambda at: None, lambda: next(calls)).status == "stopped"
    assert execute(config, halves, lambda at: None, lambda: False).status == "finished"
    first, second = whole.folder(config), halves.folder(config)
    log = (first.path / "metrics.jsonl").read_bytes()
    assert log == (second.path / "metrics.jsonl").read_bytes()
    ours, theirs = weights(first), weights(second)
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[key], theirs[key]) for key in ours)
    kept = sorted(path.name for path in (first.path / "samples").iterdir())
    assert kept == [f"{update:010d}.npy" for update in (0, 10, 15, 20, 30)]
    for path in (first.path / "samples").iterdir():
        assert path.read_bytes() == (second.path / "samples" / path.name).read_bytes()


def test_a_run_keeps_its_path_or_refuses(
    tiny: GanConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = _store(tmp_path / "store")
    calls = iter([False] * 13 + [True])
    assert execute(tiny, store, lambda at: None, lambda: next(calls)).status == "stopped"
    with monkeypatch.context() as without:
        without.setattr(native, "_library", lambda: "it was not built")
        refused = execute(tiny, store, lambda at: None, lambda: False)
    assert refused.status == "failed"
    assert f"began with kernel {native.kernel()} and this is torch" in refused.message
    assert execute(tiny, store, lambda at: None, lambda: False).status == "finished"
    record = store.folder(tiny).record()
    assert record is not None
    assert record.compute_path["kernel"] == native.kernel()


def test_what_is_recorded(tiny: GanConfig, train_here: Train) -> None:
    log = train_here(tiny.replace(updates=60)).metrics()
    checks = [line.measures for line in log.checks]
    assert {"generator_loss", "discriminator_loss", "accuracy_real", "accuracy_fake"} < set(
        checks[0]
    )
    epochs = [line.training for line in log.epochs]
    assert {"generator_gradient_norm", "discriminator_gradient_norm"} < set(epochs[0])
    assert 0 <= epochs[0]["discriminator_accuracy_real"] <= 1
    quality = log.points("quality.frechet")
    assert [update for update, _ in quality] == [0, 30, 60]
    assert all(value > 0 for _, value in quality)
    assert not log.points("quality.class_balance")  # nothing knows the classes of these images


def test_the_average_is_what_is_looked_at(tiny: GanConfig, train_here: Train) -> None:
    plain, averaged = train_here(tiny), train_here(tiny.replace(ema=0.99))
    ours, theirs = weights(plain), weights(averaged)
    for key in ours:
        if key.startswith("generator/"):
            assert torch.equal(ours[key], theirs[key])
    last = "0000000030"
    assert (plain.path / f"samples/{last}.npy").read_bytes() != (
        averaged.path / f"samples/{last}.npy"
    ).read_bytes()


def test_a_conditional_generator_learns_its_classes(tiny: GanConfig, train_here: Train) -> None:
    from assay.inference.generator import Pictures
    from assay.kinds.gan.trained import load_generator

    # Not every seed is there after so few updates; this one is by far, whatever the kernel.
    changes = {"conditional": True, "updates": 400, "learning_rate": 1e-3, "save_interval": 400}
    config = tiny.replace(seed=1, **changes)
    pictures = Pictures(load_generator(train_here(config)))
    left, right = (pictures.sample(50, 3, digit).astype(float) for digit in (0, 1))
    assert left[..., :4].mean() > left[..., 4:].mean() + 60
    assert right[..., 4:].mean() > right[..., :4].mean() + 60


def read(monitor: Monitor, real: float, fake: float, spread: float, updates: int = 50) -> list[str]:
    """One check after `updates` updates of these values."""
    values = {
        "generator_loss": 1.0,
        "discriminator_loss": 1.0,
        "accuracy_real": real,
        "accuracy_fake": fake,
        "sample_mean": 0.0,
        "sample_spread": spread,
    }
    for _ in range(updates):
        monitor.add({name: torch.tensor(value) for name, value in values.items()})
    monitor.read()
    return monitor.alarms()


def test_an_alarm_comes_within_500_updates_and_once() -> None:
    monitor = Monitor(50, real_spread=0.5)
    found = [read(monitor, 1.0, 1.0, 0.4) for _ in range(20)]
    assert [bool(each) for each in found].index(True) < 10
    assert sum(map(len, found)) == 1
    assert "wins outright" in next(each[0] for each in found if each)


def test_collapsed_samples_give_an_alarm_and_a_recovery_starts_anew() -> None:
    monitor = Monitor(50, real_spread=0.5)
    assert not any(read(monitor, 0.8, 0.8, 0.01) for _ in range(7))
    assert read(monitor, 0.8, 0.8, 0.4) == []
    found = [read(monitor, 0.8, 0.8, 0.01) for _ in range(8)]
    assert [len(each) for each in found] == [0] * 7 + [1]
    assert "samples collapsed" in found[-1][0]


@pytest.mark.parametrize(("spread", "alarms"), [(0.049, 1), (0.051, 0)])
def test_collapse_is_beside_the_spread_of_real_images(spread: float, alarms: int) -> None:
    monitor = Monitor(50, real_spread=0.5)
    assert sum(len(read(monitor, 0.8, 0.8, spread)) for _ in range(8)) == alarms


def test_means_of_a_check_are_over_its_updates() -> None:
    monitor = Monitor(2, real_spread=1.0)
    read(monitor, 0.2, 0.4, 0.5, updates=1)
    for value in (0.2, 0.6):
        monitor.add(
            {
                name: torch.tensor(value)
                for name in (
                    "generator_loss",
                    "discriminator_loss",
                    "accuracy_real",
                    "accuracy_fake",
                    "sample_mean",
                    "sample_spread",
                )
            }
        )
    assert monitor.read()["accuracy_real"] == pytest.approx(0.4)


def test_a_generator_that_cannot_learn_is_in_the_record(tiny: GanConfig, store: Store) -> None:
    """With a hundred thousand times the learning rate for itself, the discriminator wins."""
    store.prepare()
    folder = store.create(tiny)
    split = image_split(tiny)
    real = Images(torch.from_numpy(np.array(split.train.images)))
    from assay.models.gan import NETWORKS
    from assay.training import Schedule, train

    torch.manual_seed(0)
    pair = NETWORKS["mlp"](6, (1, 8, 8), 0)
    objective = Adversarial(
        pair, real, real, LOSSES["non_saturating"](), AdamSettings(1e-3, 0.9, 0.999), 6
    )
    for group in objective.phases[0].optimizer.param_groups:
        group["lr"] = 1e-8
    schedule = Schedule(len(real), 16, 500, 0, 50)
    train(objective, schedule, folder, [], lambda at: None, lambda: False, 1000.0)
    alarms = folder.metrics().alarms
    assert len(alarms) == 1
    assert alarms[0].update <= 500


def test_a_last_batch_of_one_image_is_no_stumbling_block(
    tiny: GanConfig, train_here: Train
) -> None:
    config = tiny.replace(batch_size=35, updates=4)  # 36 training images: 35 and 1
    assert train_here(config).status == "finished"


def test_class_labels_are_needed_for_a_conditional_training(tiny: GanConfig, images: Path) -> None:
    from assay.errors import ConfigError

    pixels = np.random.default_rng(0).integers(0, 256, (12, 8, 8), np.uint8)
    np.savez(images / "bare.npz", images=pixels)
    with pytest.raises(ConfigError, match="two classes or more"):
        KIND.build(tiny.replace(data="bare.npz", conditional=True))


def test_the_discriminator_is_looked_at_on_held_out_images(tiny: GanConfig) -> None:
    objective = KIND.build(tiny).objective
    assert isinstance(objective, Adversarial)
    held_out = torch.from_numpy(np.array(image_split(tiny).test.images)).float() / 127.5 - 1
    with torch.no_grad():
        expected = float((objective.discriminator(held_out) > 0).float().mean())
    assert objective.evaluate() == {"accuracy_real": pytest.approx(expected)}


def test_images_that_were_left_out_are_in_the_record(tiny: GanConfig, store: Store) -> None:
    from PIL import Image

    folder = Path(tiny.folder) / "pictures"
    folder.mkdir()
    for number in range(12):
        Image.new("L", (8, 8), 20 * number).save(folder / f"{number}.png")
    (folder / "broken.png").write_text("no image")
    store.prepare()
    config = tiny.replace(data="pictures", unreadable="skip", updates=2)
    result = execute(config, store, lambda at: None, lambda: False)
    assert result.status == "finished", result.message
    record = store.folder(config).record()
    assert record is not None
    assert len(record.notices) == 1
    assert "broken.png" in record.notices[0]


def test_alarms_are_in_the_record(
    tiny: GanConfig, train_here: Train, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assay.training.monitor._COLLAPSED", 100.0)  # every sample is too even
    record = train_here(tiny.replace(updates=450)).record()
    assert record is not None
    assert len(record.alarms) == 1
    assert record.alarms[0].startswith("update 400: samples collapsed")


def test_mnist_is_measured_with_its_classes(train_here: Train) -> None:
    log = train_here(GanConfig(updates=2, batch_size=8)).metrics()
    balance = log.points("quality.class_balance")
    assert [update for update, _ in balance] == [0, 1, 2]
    assert all(0 <= value <= np.log(10) + 1e-9 for _, value in balance)
    first, real, passage = (
        log.probe(*of) for of in (("quality", 0), ("quality_floor",), ("passage",))
    )
    assert first is not None
    assert real is not None
    assert passage is not None
    quality, floor, noise = first.found, real.found["floor"], real.found["noise"]
    assert floor["frechet"] < quality["frechet"] < 2 * noise["frechet"]
    assert floor["near"] > 0.9 > 0.1 > quality["near"]
    between = passage.found
    assert between["midpoint_norm"] < 8 < between["spherical_midpoint_norm"]
    assert between["copies"] == 0


@pytest.mark.parametrize("loss", list(LOSSES))
def test_bfloat16_is_in_the_operands_alone(tiny: GanConfig, loss: str) -> None:
    gradients: dict[str, list[torch.Tensor]] = {}
    for precision in ("float32", "bfloat16"):
        job = KIND.build(tiny.replace(loss=loss, precision=precision))
        for phase in job.objective.phases:
            take_step(phase, job.schedule.batch(0))
        objective = job.objective
        assert isinstance(objective, Adversarial)
        named = [*objective.generator.named_parameters()]
        named += [*objective.discriminator.named_parameters()]
        assert {parameter.dtype for _, parameter in named} == {torch.float32}
        assert objective.generator.layers[3].running_mean.dtype == torch.float32
        # The gradient of a bias before batch normalisation is nothing but rounding.
        gradients[precision] = [p.grad.flatten() for key, p in named if key.endswith("weight")]
    exact, rounded = (torch.cat(found) for found in gradients.values())
    # bfloat16 keeps 8 bits, a rounding of 2e-3, which turns some units of a leaky ReLU round.
    assert 1e-4 < float((rounded - exact).norm() / exact.norm()) < 1e-1
