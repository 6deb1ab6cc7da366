"""What a GAN does between two checks, and the alarms when it goes wrong."""

import torch
from torch import Tensor, nn

from assay.training.objective import Measures

# A discriminator that is right this often for this many checks leaves the generator nothing to
# learn from; in a healthy training the generator catches up within a few hundred updates.
_WINS = 0.995
# Samples whose pixels vary this little beside those of real images are all but one image.
_COLLAPSED = 0.1
_CHECKS = 8

_QUANTITIES = (
    "generator_loss",
    "discriminator_loss",
    "accuracy_real",
    "accuracy_fake",
    "sample_mean",
    "sample_spread",
)


class Monitor(nn.Module):
    """Means over the updates since the last check, and how long something has been wrong.

    It is a module so that its numbers are part of a checkpoint.

    Args:
        check_every: updates between two checks, for the wording of alarms.
        real_spread: the spread of real images, to hold that of samples against.
    """

    sums: Tensor
    updates: Tensor
    wins: Tensor
    collapsed: Tensor

    def __init__(self, check_every: int, real_spread: float) -> None:
        super().__init__()
        self._check_every, self._real_spread = check_every, real_spread
        self._alarms: list[str] = []
        self.register_buffer("sums", torch.zeros(len(_QUANTITIES)))
        for name in ("updates", "wins", "collapsed"):
            self.register_buffer(name, torch.zeros((), dtype=torch.int64))

    def add(self, values: dict[str, Tensor]) -> None:
        """Take in the 0-d tensors of one update."""
        self.sums += torch.stack([values[name] for name in _QUANTITIES])
        self.updates += 1

    def read(self) -> Measures:
        """The means since the last reading; alarms that they give rise to wait in `alarms`."""
        means = (self.sums / self.updates).tolist()
        found = dict(zip(_QUANTITIES, means, strict=True))
        self.sums.zero_()
        self.updates.zero_()
        span = self._check_every * _CHECKS
        self._follow(
            self.wins,
            found["accuracy_real"] > _WINS and found["accuracy_fake"] > _WINS,
            f"the discriminator wins outright: it was right on more than {_WINS:.1%} of real and "
            f"of generated images for {span} updates",
        )
        self._follow(
            self.collapsed,
            found["sample_spread"] < _COLLAPSED * self._real_spread,
            f"samples collapsed: for {span} updates their pixels varied less than {_COLLAPSED:.0%} "
            "as much as those of real images",
        )
        return dict(found)

    def alarms(self) -> list[str]:
        """The alarms since the last call."""
        found, self._alarms = self._alarms, []
        return found

    def _follow(self, streak: Tensor, wrong: bool, alarm: str) -> None:
        streak.copy_(streak + 1 if wrong else torch.zeros_like(streak))
        if int(streak) == _CHECKS:
            self._alarms.append(alarm)


def spread(images_NCHW: Tensor) -> Tensor:
    """Root mean variance of a pixel over a batch: 0 if all images are one."""
    mean = images_NCHW.mean(dim=0)
    square = images_NCHW.square().mean(dim=0)
    return (square - mean.square()).mean().clamp(min=0).sqrt()
