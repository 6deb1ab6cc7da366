"""A trained network, taken out of its run."""

from dataclasses import dataclass

from assay.config import MemoryConfig
from assay.errors import CheckpointError
from assay.execution.build import build_network, dataset, memory_config
from assay.models import SequenceModel
from assay.store import RunFolder
from assay.training import checkpoint


@dataclass(frozen=True)
class Trained:
    """A network in evaluation mode, and the form of the sequences that it reads."""

    network: SequenceModel
    config: MemoryConfig
    symbols: int | None
    steps: int


def load_trained(folder: RunFolder) -> Trained:
    """The network of a run at its newest checkpoint that is whole.

    Raises:
        ConfigError: if the run is no recurrent network.
        CheckpointError: if there is none, or it holds another network.
    """
    found = checkpoint.newest(folder.checkpoints)
    config = memory_config(folder.config())
    data = dataset(config).train
    network = build_network(config, data)
    prefix = "network/"
    weights = {
        name.removeprefix(prefix): value
        for name, value in found.tensors.items()
        if name.startswith(prefix)
    }
    try:
        network.load_state_dict(weights)
    except RuntimeError as error:
        reason = str(error).splitlines()[-1].strip()
        raise CheckpointError(
            f"the checkpoint in {folder.checkpoints} holds another network than "
            f"{folder.path / 'config.json'} describes: {reason}"
        ) from None
    network.eval()
    return Trained(network, config, data.symbols, data.length)
