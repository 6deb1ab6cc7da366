"""What of a run is the same wherever it is trained."""

from pathlib import Path

from assay.config import RunConfig
from assay.execution.start import follow, start
from assay.store import Store


def bits(store: Store, config: RunConfig) -> dict[str, bytes]:
    """What of a run follows from its configuration alone: its log, and its weights at the end.

    What a function saves holds the random numbers of libraries that its process happens to have.
    """
    folder = store.folder(config)
    weights = sorted(folder.checkpoints.glob("*.safetensors"))[-1:]
    weights = [] if config.kind == "function" else weights
    return {path.name: path.read_bytes() for path in [folder.path / "metrics.jsonl", *weights]}


def bits_here(config: RunConfig, folder: Path) -> dict[str, bytes]:
    """The same of a run that this machine's processes train, never stopped."""
    store = Store(folder / "here")
    (ended,) = follow(start([config], store), lambda event: None)
    assert ended.status == "finished"
    return bits(store, config)
