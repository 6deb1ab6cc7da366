"""Where `assay run` trains, as its flags say."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assay.errors import ConfigError

if TYPE_CHECKING:
    from assay.execution.executor import Executor


@dataclass(frozen=True)
class Place:
    """An executor by its flags.

    Attributes:
        name: `local` or `dask`.
        address: of Dask's scheduler.
        shared_store: whether its workers see the store.

    Raises:
        ConfigError: if the flags do not go together.
    """

    name: str
    address: str | None
    shared_store: bool

    def __post_init__(self) -> None:
        if self.name == "dask":
            return
        if self.address is not None:
            raise ConfigError(f"--address {self.address}: it goes with --executor dask")
        if not self.shared_store:
            raise ConfigError("--no-shared-store: it goes with --executor dask")

    def executor(self) -> "Executor | None":
        """The executor; None for this machine's processes."""
        if self.name == "local":
            return None
        from assay.execution.cluster import DaskExecutor
        from assay.execution.cluster.connect import quiet

        quiet()
        return DaskExecutor(self.address, shared_store=self.shared_store)

    @property
    def flags(self) -> dict[str, str | bool | None]:
        """The flags that are not at their default, for a command that says the same again."""
        return {
            "executor": None if self.name == "local" else self.name,
            "address": self.address,
            "no_shared_store": not self.shared_store,
        }
