"""A trained recurrent network, taken out of its run."""

from dataclasses import dataclass

from assay.config import MemoryConfig, RunConfig
from assay.errors import ConfigError
from assay.kinds.memory.data import dataset
from assay.kinds.memory.training import build_network
from assay.kinds.weights import below, load_weights
from assay.models import SequenceModel
from assay.store import RunFolder
from assay.tasks import SequenceData
from assay.training import checkpoint


@dataclass(frozen=True)
class Trained:
    """A network in evaluation mode, and the sequences that it was trained on."""

    network: SequenceModel
    config: MemoryConfig
    data: SequenceData


def load_trained(folder: RunFolder) -> Trained:
    """The network of a run at its newest checkpoint.

    Raises:
        ConfigError: if the run is no recurrent network.
        CheckpointError: if there is none, it is damaged, or holds another network.
    """
    config = memory_config(folder.config_here())
    found = checkpoint.of_run(folder)
    data = dataset(config).train
    network = build_network(config, data)
    load_weights(network, below("network/", found.tensors), folder)
    return Trained(network, config, data)


def memory_config(config: RunConfig) -> MemoryConfig:
    """The configuration of a recurrent network.

    Raises:
        ConfigError: if it is of another kind.
    """
    if not isinstance(config, MemoryConfig):
        raise ConfigError(f"run {config.run_id} trains {config.kind!r}, no recurrent network")
    return config
