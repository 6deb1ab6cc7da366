"""A Dask scheduler that is reached, and what is checked of its cluster before any run."""

import logging
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.config import RunConfig, kind_named
from assay.errors import ConfigError
from assay.execution.process import ready_to_start

if TYPE_CHECKING:
    from distributed import Client, LocalCluster

CORES = "cores"
GPUS = "gpus"
"""Resources that workers may offer: `dask worker --resources 'cores=8 gpus=2'`."""

_CONNECT_SECONDS = 10


def check_installed() -> None:
    """See that Dask is there.

    Raises:
        ConfigError: if not, with what to install.
    """
    try:
        import distributed  # noqa: F401
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in ("dask", "distributed"):
            raise
        raise ConfigError(
            "training on a cluster needs Dask: pip install 'assay[cluster]'"
        ) from None


def quiet() -> None:
    """Let Dask's logs be silent in this process: a command says by itself what goes wrong.

    Raises:
        ConfigError: if Dask is not there.
    """
    check_installed()
    names = [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]
    for name in names:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def connect(address: str) -> "Client":
    """A client of the scheduler at an address.

    Raises:
        ConfigError: if there is none, or a place of its cluster has another version of assay.
    """
    from distributed import Client

    try:
        client = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"no Dask scheduler answers at {address}: it should be the address that "
            f"'dask scheduler' prints, such as tcp://10.0.0.1:8786 ({type(error).__name__})"
        ) from None
    try:
        _check_versions(client)
    except ConfigError:
        client.close()
        raise
    return client


def local_cluster(workers: int) -> "LocalCluster":
    """Processes of this machine, one run each at a time."""
    from distributed import LocalCluster

    with ready_to_start():
        return LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            silence_logs=logging.CRITICAL,
            memory_limit=0,  # runs have processes of their own, which it does not see
            dashboard_address="127.0.0.1:0",  # any port that is free, for this machine alone
        )


def check_shared(client: "Client", root: Path) -> None:
    """See that the workers there are see the store that this machine sees.

    Raises:
        ConfigError: naming one that does not.
    """
    with tempfile.NamedTemporaryFile(dir=root, prefix=".shared") as marker:
        seen = client.run(os.path.exists, marker.name)
    for worker, there in seen.items():
        if not there:
            raise ConfigError(
                f"store {root} is not on the file system of worker {worker}: name a folder that "
                "all workers see by the same path, or say --no-shared-store"
            )


def resources_of(config: RunConfig, offered: dict[str, float]) -> dict[str, float]:
    """What a run asks of a worker, of what the workers offer: the most of each that one has.

    Raises:
        ConfigError: if it needs more than any of them has.
    """
    kind = kind_named(config.kind)
    needs = {CORES: kind.cores(config), GPUS: kind.gpus(config)}
    for name, count in needs.items():
        if count > offered.get(name, count):
            raise ConfigError(
                f"{name} = {count}: the most that a worker of the cluster offers is "
                f"{offered[name]:g}"
            )
    return {name: float(count) for name, count in needs.items() if count and name in offered}


def offered_by(workers: Sequence[dict[str, float]]) -> dict[str, float]:
    """The most of each resource that one worker offers, of the resources of all."""
    names = {name for each in workers for name in each}
    return {name: max(each.get(name, 0.0) for each in workers) for name in names}


def _check_versions(client: "Client") -> None:
    found: Any = client.get_versions(packages=["assay"])  # no coroutine, as the client is not one
    here = _version(found["client"])
    places = {f"worker {address}": each for address, each in found["workers"].items()}
    for place, each in {"the scheduler": found["scheduler"], **places}.items():
        if _version(each) != here:
            raise ConfigError(
                f"{place} has {_version(each)}, and this machine has {here}: install one version "
                "in all places"
            )


def _version(found: dict[str, dict[str, str | None]] | None) -> str:
    version = found["packages"]["assay"] if found else None
    return "no assay" if version is None else f"assay {version}"
