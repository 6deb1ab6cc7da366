"""What a command is told: the names that its line may hold, and the variables that it finds."""

import os
from collections.abc import Mapping
from pathlib import Path

from assay.kinds.command import devices
from assay.kinds.command.config import CommandConfig

# What a worker sets for its own numbers, and a command must not have.
_OF_WORKERS = ("PYTHONSAFEPATH",)
_THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def names(config: CommandConfig, folder: Path, resume: str) -> dict[str, str | int]:
    """What a command line can name beside its values.

    Args:
        config: of the run.
        folder: of the run, its own.
        resume: `1` if the command is to go on from what it saved there, else `0`.
    """
    home = Path(config.folder).resolve()
    data = {} if config.data is None else {"data": str(home / config.data)}
    return {
        "seed": config.seed,
        "folder": str(folder),
        "resume": resume,
        "study": str(home),
        "cores": config.cores,
        **data,
    }


def variables(
    config: CommandConfig, given: Mapping[str, str | int], devices_held: list[str]
) -> dict[str, str]:
    """The environment that a command finds: assay's own, with what the study says of it."""
    found = {name: value for name, value in os.environ.items() if name not in _OF_WORKERS}
    found |= dict.fromkeys(_THREADS, str(config.cores))
    # Python that prints into a pipe keeps its lines back, and nobody could read them as they come.
    found.setdefault("PYTHONUNBUFFERED", "1")
    found |= devices.variables(devices_held)
    found |= {f"ASSAY_{name.upper()}": str(given[name]) for name in ("seed", "folder", "resume")}
    return found | {name: config.filled(text, given) for name, text in config.env.items()}
