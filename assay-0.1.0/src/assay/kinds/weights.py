"""Putting a checkpoint's tensors back into a network."""

from torch import Tensor, nn

from assay.errors import CheckpointError
from assay.store import RunFolder


def below(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The tensors whose names begin with a prefix, without it."""
    return {
        name.removeprefix(prefix): value
        for name, value in tensors.items()
        if name.startswith(prefix)
    }


def load_weights(network: nn.Module, weights: dict[str, Tensor], folder: RunFolder) -> None:
    """Fill a network, and set it to evaluation mode.

    Raises:
        CheckpointError: if they are another network's.
    """
    try:
        network.load_state_dict(weights)
    except RuntimeError as error:
        reason = str(error).splitlines()[-1].strip()
        raise CheckpointError(
            f"the checkpoint in {folder.path} holds another network than "
            f"{folder.path / 'config.json'} describes: {reason}"
        ) from None
    network.eval()
