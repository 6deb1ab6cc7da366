"""Which examples an update sees, and when the loop looks up from its work."""

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from assay import streams


@dataclass(frozen=True)
class Schedule:
    """Epochs of shuffled batches, the last and smaller batch of an epoch kept.

    The order of an epoch depends on the seed and the epoch alone, so a resumed run needs no more
    than the number of updates made to go on with the same batches.
    """

    examples: int
    batch_size: int
    updates: int
    seed: int
    check_every: int = 25

    @property
    def updates_per_epoch(self) -> int:
        """Updates in one pass over the examples."""
        return -(-self.examples // self.batch_size)

    def batch(self, update: int) -> Tensor:
        """Indices (N,) of the examples of an update, counted from 0."""
        epoch, position = divmod(update, self.updates_per_epoch)
        start = position * self.batch_size
        return _order(self.seed, epoch, self.examples)[start : start + self.batch_size]

    def epoch(self, update: int) -> int:
        """Which epoch, counted from 1, the latest of `update` updates belongs to."""
        return -(-update // self.updates_per_epoch)

    def ends_epoch(self, update: int) -> bool:
        """Whether an epoch, or the training, is over after `update` updates."""
        return update % self.updates_per_epoch == 0 or update == self.updates

    def is_check(self, update: int) -> bool:
        """Whether a quick look is due after `update` updates."""
        return update % self.check_every == 0 or update == self.updates


@lru_cache(maxsize=2)
def _order(seed: int, epoch: int, examples: int) -> Tensor:
    return torch.from_numpy(streams.generator(seed, "order", epoch).permutation(examples))
