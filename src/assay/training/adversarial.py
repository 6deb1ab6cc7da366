"""The adversarial objective: a generator and a discriminator, a phase each.

An update trains the generator first and then the discriminator on the same fakes, as the report
does. The discriminator judges them once: its weights do not change between the two phases, so the
second goes back through the pass that the first has made. The global generator of PyTorch is the
stream of latent noise: its state is in checkpoints.

N: batch, Z: latent dimensions, C, H, W: channels, height and width of an image.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

from assay.models.average import average_into
from assay.models.gan import Pair
from assay.models.native_linear import kernel_name
from assay.models.pixels import to_network
from assay.training.losses import AdversarialLoss
from assay.training.monitor import Monitor, spread
from assay.training.objective import Measures, Phase, PhaseLoss

HELD_OUT_IMAGES = 2_000
_EVALUATION_BATCH = 250
_SOME = 2_000


@dataclass(frozen=True)
class Images:
    """Images (N, C, H, W) uint8, and their classes (N,) for a conditional training."""

    images: Tensor
    labels: Tensor | None = None

    def __len__(self) -> int:
        return len(self.images)


@dataclass(frozen=True)
class AdamSettings:
    """Adam's, for both networks."""

    learning_rate: float
    beta1: float
    beta2: float


class Adversarial:
    """Two networks against each other.

    Args:
        pair: generator and discriminator; labels are passed to them if `training` has any.
        precision: of the operands of products and convolutions; weights, losses, gradients of
            weights and optimizers are float32 whatever it is (Micikevicius et al. 2018).
        average: a copy of the generator that follows it as a running average, or None.
        decay: of that average.
    """

    def __init__(
        self,
        pair: Pair,
        training: Images,
        held_out: Images,
        loss: AdversarialLoss,
        adam: AdamSettings,
        latent_dim: int,
        average: nn.Module | None = None,
        decay: float = 0.0,
        check_every: int = 50,
        precision: torch.dtype = torch.float32,
    ) -> None:
        self._precision = precision
        self.generator, self.discriminator = pair.generator, pair.discriminator
        self._average, self._decay = average, decay
        self._training, self._held_out = training, held_out
        self._loss, self._latent_dim = loss, latent_dim
        self._monitor = Monitor(check_every, float(spread(to_network(training.images[:_SOME]))))
        self._seen: dict[str, Tensor] = {}
        self._phases = (
            _phase(self.generator, adam, self.generator_loss, "generator_", keep_graph=True),
            _phase(self.discriminator, adam, self.discriminator_loss, "discriminator_"),
        )

    @property
    def phases(self) -> Sequence[Phase]:
        """The generator's, then the discriminator's."""
        return self._phases

    @property
    def modules(self) -> Mapping[str, nn.Module]:
        """Both networks, the average of the generator if there is one, and the monitor."""
        average = {} if self._average is None else {"average": self._average}
        return {
            "generator": self.generator,
            "discriminator": self.discriminator,
            **average,
            "monitor": self._monitor,
        }

    @property
    def compute_path(self) -> str:
        """The native kernel if layers of the networks use it, else the networks' own operators."""
        return kernel_name((self.generator, self.discriminator), self._precision)

    @property
    def trained_generator(self) -> nn.Module:
        """The generator to use: the running average if there is one."""
        return self.generator if self._average is None else self._average

    def generator_loss(self, batch: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """The generator's loss on fresh noise, as many as there are indices in `batch`."""
        # Batch statistics need two images, which the last batch of an epoch may not have.
        self._rows = batch if len(batch) > 1 else batch.repeat(2)
        self._real = to_network(self._training.images.index_select(0, self._rows))
        labels = self._labels()
        z_NZ = torch.randn(len(self._rows), self._latent_dim, device=self._real.device)
        with self._operands():
            fake = self.generator(z_NZ, labels)
        fake = fake.float()
        self._fake_logits = self._critic(fake, labels)
        self._real_logits = self._critic(self._real, labels) if self._loss.relativistic else None
        loss = self._loss.generator(self._fake_logits, self._real_logits)
        self._fake = fake.detach()
        self._seen = {
            "generator_loss": loss.detach(),
            "sample_mean": self._fake.mean(),
            "sample_spread": spread(self._fake),
        }
        return loss, {}

    def discriminator_loss(self, batch: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """The discriminator's loss on the images of `batch` and the generator phase's fakes."""
        labels = self._labels()
        fake, real = self._fake_logits, self._real_logits
        if real is None:
            real = self._critic(self._real, labels)
        del self._fake_logits, self._real_logits  # their graph is not needed beyond this phase
        loss = self._loss.discriminator(real, fake)
        critic = partial(self._critic, labels=labels)
        penalty = self._loss.penalty(critic, self._real, self._fake)
        total = loss if penalty is None else loss + penalty
        accuracy = {
            "accuracy_real": (real > 0).float().mean(),
            "accuracy_fake": (fake < 0).float().mean(),
        }
        self._monitor.add({**self._seen, **accuracy, "discriminator_loss": total.detach()})
        return total, accuracy

    def after_update(self) -> None:
        """Move the running average of the generator."""
        if self._average is not None:
            average_into(self._average, self.generator, self._decay)

    def check(self) -> Measures:
        """Losses, accuracies and sample statistics, means since the last check."""
        return self._monitor.read()

    def alarms(self) -> Sequence[str]:
        """Whether the discriminator wins outright, or samples collapsed."""
        return self._monitor.alarms()

    @property
    def over(self) -> str:
        """Never: neither network's loss says that samples are good."""
        return ""

    def evaluate(self) -> Measures:
        """The discriminator's accuracy on held-out real images, which it should not know apart."""
        count = min(HELD_OUT_IMAGES, len(self._held_out))
        right = 0
        with torch.no_grad():
            for start in range(0, count, _EVALUATION_BATCH):
                part = slice(start, min(start + _EVALUATION_BATCH, count))
                labels = None if self._held_out.labels is None else self._held_out.labels[part]
                logits = self.discriminator(to_network(self._held_out.images[part]), labels)
                right += int((logits > 0).sum())
        return {"accuracy_real": right / count}

    def _labels(self) -> Tensor | None:
        labels = self._training.labels
        return None if labels is None else labels[self._rows]

    def _critic(self, images_NCHW: Tensor, labels: Tensor | None) -> Tensor:
        with self._operands():
            logits_N: Tensor = self.discriminator(images_NCHW, labels)
        return logits_N.float()

    def _operands(self) -> torch.autocast:
        device, mixed = self._training.images.device.type, self._precision != torch.float32
        return torch.autocast(device, torch.bfloat16, enabled=mixed)


def _phase(
    network: nn.Module,
    adam: AdamSettings,
    loss: PhaseLoss,
    prefix: str,
    keep_graph: bool = False,
) -> Phase:
    parameters = list(network.parameters())
    optimizer = torch.optim.Adam(
        parameters, lr=adam.learning_rate, betas=(adam.beta1, adam.beta2), fused=True
    )
    return Phase(
        parameters, optimizer, loss, prefix=prefix, measure_update=False, keep_graph=keep_graph
    )
