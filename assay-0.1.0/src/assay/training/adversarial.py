"""The adversarial objective: a phase of the generator, and one or more of the discriminator.

An update trains the generator first and then the discriminator on the same fakes, as the report
does. The discriminator judges them once: its weights do not change between the two phases, so the
second goes back through the pass that the first has made, which is handed over as `Judged`. Further
phases of the discriminator (n_critic) draw fakes of their own. Each of the discriminator's phases
has its own part of the update's real images. The global generator of PyTorch is the stream of
latent noise: its state is in checkpoints.

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


@dataclass(frozen=True)
class Judged:
    """Real images (N, C, H, W) and as many fakes, and the logits (N,) of what is judged already.

    The generator's phase hands it to the discriminator's first, which is why the graph behind the
    logits is still there; `real_logits` is there if the loss is relativistic.
    """

    real: Tensor
    labels: Tensor | None
    fake: Tensor
    fake_logits: Tensor
    real_logits: Tensor | None = None


class Adversarial:
    """Two networks against each other.

    Args:
        pair: generator and discriminator; labels are passed to them if `training` has any.
        precision: of the operands of products and convolutions; weights, losses, gradients of
            weights and optimizers are float32 whatever it is (Micikevicius et al. 2018).
        average: a copy of the generator that follows it as a running average, or None.
        decay: of that average.
        critic_steps: phases of the discriminator in an update.
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
        critic_steps: int = 1,
    ) -> None:
        self._precision = precision
        self.generator, self.discriminator = pair.generator, pair.discriminator
        self._average, self._decay = average, decay
        self._training, self._held_out = training, held_out
        self._loss, self._latent_dim = loss, latent_dim
        self._monitor = Monitor(check_every, float(spread(to_network(training.images[:_SOME]))))
        self._seen: dict[str, Tensor] = {}
        self._judged: Judged | None = None
        self._critic_steps = critic_steps
        critic = _adam(self.discriminator, adam)
        self._phases = (
            _phase(_adam(self.generator, adam), self.generator_loss, "generator_", keep_graph=True),
            *(
                _phase(critic, partial(self.discriminator_loss, step=step), "discriminator_")
                for step in range(critic_steps)
            ),
        )

    @property
    def phases(self) -> Sequence[Phase]:
        """The generator's, then the discriminator's, which share an optimizer."""
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
    def data(self) -> Sequence[Tensor]:
        """Training and held-out images, and their classes in a conditional training."""
        parts = (self._training, self._held_out)
        found = [tensor for part in parts for tensor in (part.images, part.labels)]
        return [tensor for tensor in found if tensor is not None]

    @property
    def compute_path(self) -> str:
        """The native kernel if layers of the networks use it, else the networks' own operators."""
        return kernel_name((self.generator, self.discriminator), self._precision)

    @property
    def trained_generator(self) -> nn.Module:
        """The generator to use: the running average if there is one."""
        return self.generator if self._average is None else self._average

    def generator_loss(self, batch: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """The generator's loss on fresh noise, as many as there are real images in a phase."""
        real, labels = self._real(batch, 0)
        fake = self._fakes(len(real), labels)
        fake_logits = self._critic(fake, labels)
        real_logits = self._critic(real, labels) if self._loss.relativistic else None
        loss = self._loss.generator(fake_logits, real_logits)
        judged = Judged(real, labels, fake.detach(), fake_logits, real_logits)
        self._seen = {
            "generator_loss": loss.detach(),
            "sample_mean": judged.fake.mean(),
            "sample_spread": spread(judged.fake),
        }
        self._judged = judged
        return loss, {}

    def discriminator_loss(self, batch: Tensor, step: int = 0) -> tuple[Tensor, dict[str, Tensor]]:
        """The discriminator's loss in its phase `step`: in the first on the generator's fakes."""
        # Taken away, since its graph is not needed beyond this phase.
        judged, self._judged = self._judged, None
        if step or judged is None:
            judged = self._fresh(batch, step)
        labels, fake, real = judged.labels, judged.fake_logits, judged.real_logits
        if real is None:
            real = self._critic(judged.real, labels)
        loss = self._loss.discriminator(real, fake)
        critic = partial(self._critic, labels=labels)
        penalty = self._loss.penalty(critic, judged.real, judged.fake)
        total = loss if penalty is None else loss + penalty
        accuracy = {
            "accuracy_real": (real > 0).float().mean(),
            "accuracy_fake": (fake < 0).float().mean(),
        }
        if step == self._critic_steps - 1:
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

    def _fresh(self, batch: Tensor, step: int) -> Judged:
        real, labels = self._real(batch, step)
        with torch.no_grad():
            fake = self._fakes(len(real), labels)
        return Judged(real, labels, fake, self._critic(fake, labels))

    def _real(self, batch: Tensor, step: int) -> tuple[Tensor, Tensor | None]:
        """The real images of a phase of the discriminator, and their classes."""
        rows = batch.tensor_split(self._critic_steps)[step]
        # Batch statistics need two images, which the last batch of an epoch may not have.
        if len(rows) < 2:
            rows = batch if len(batch) > 1 else batch.repeat(2)
        labels = self._training.labels
        real = to_network(self._training.images.index_select(0, rows))
        return real, None if labels is None else labels[rows]

    def _fakes(self, count: int, labels: Tensor | None) -> Tensor:
        z_NZ = torch.randn(count, self._latent_dim, device=self._training.images.device)
        with self._operands():
            fake: Tensor = self.generator(z_NZ, labels)
        return fake.float()

    def _critic(self, images_NCHW: Tensor, labels: Tensor | None) -> Tensor:
        with self._operands():
            logits_N: Tensor = self.discriminator(images_NCHW, labels)
        return logits_N.float()

    def _operands(self) -> torch.autocast:
        device, mixed = self._training.images.device.type, self._precision != torch.float32
        return torch.autocast(device, torch.bfloat16, enabled=mixed)


def _adam(network: nn.Module, adam: AdamSettings) -> torch.optim.Adam:
    betas = (adam.beta1, adam.beta2)
    return torch.optim.Adam(network.parameters(), lr=adam.learning_rate, betas=betas, fused=True)


def _phase(
    optimizer: torch.optim.Adam, loss: PhaseLoss, prefix: str, keep_graph: bool = False
) -> Phase:
    parameters: list[nn.Parameter] = optimizer.param_groups[0]["params"]
    return Phase(
        parameters, optimizer, loss, prefix=prefix, measure_update=False, keep_graph=keep_graph
    )
