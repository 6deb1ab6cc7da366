"""A trained recurrent network, taken out of its run."""

from dataclasses import dataclass

from assay.config import MemoryConfig, RunConfig
from assay.errors import ConfigError
from assay.kinds.memory.data import dataset
from assay.kinds.memory.training import build_network
from assay.kinds.weights import below, load_weights
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
    config = memory_config(folder.config_here())
    found = checkpoint.newest(folder.checkpoints)
    data = dataset(config).train
    network = build_network(config, data)
    load_weights(network, below("network/", found.tensors), folder)
    return Trained(network, config, data.symbols, data.length)


def memory_config(config: RunConfig) -> MemoryConfig:
    """The configuration of a recurrent network.

    Raises:
        ConfigError: if it is of another kind.
    """
    if not isinstance(config, MemoryConfig):
        raise ConfigError(f"run {config.run_id} trains {config.kind!r}, no recurrent network")
    return config
