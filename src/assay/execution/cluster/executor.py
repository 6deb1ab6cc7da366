"""What a study is given to train on a Dask cluster."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assay.config import RunConfig
from assay.execution.cluster.connect import check_installed, check_shared, connect, local_cluster
from assay.execution.executor import Executor, OpenSession, RunOptions, Session
from assay.execution.local import fitting_workers
from assay.store import Store

if TYPE_CHECKING:
    from distributed import Client

    from assay.execution.cluster.session import DaskSession


class DaskExecutor(Executor):
    """The workers of a Dask cluster, each run in a process of its own on one of them.

    As many runs are trained side by side as the cluster has threads, or as `RunOptions.workers`
    says; workers may join and leave at any time. Workers that offer `cores` or `gpus` as Dask
    resources are given no more runs than these suffice for.

    Args:
        address: of the scheduler, such as `tcp://10.0.0.1:8786`. None: a cluster of processes of
            this machine, which begins and ends with each session.
        shared_store: whether the workers see the store by the same path. If not they train in
            folders of their own, and send runs back when they have ended, without weights.
    """

    def __init__(self, address: str | None = None, *, shared_store: bool = True) -> None:
        self.address, self.shared_store = address, shared_store
        self._client: Client | None = None
        self._fitting = 1

    def prepare(self, configs: Sequence[RunConfig]) -> None:
        """Reach the scheduler.

        Raises:
            ConfigError: if that cannot be, or its cluster has another version of assay.
        """
        check_installed()
        self._fitting = fitting_workers(configs)
        if self.address is not None and self._client is None:
            self._client = connect(self.address)

    def start(self, configs: Sequence[RunConfig], store: Store, options: RunOptions) -> Session:
        """Hand the runs to the scheduler."""
        self.prepare(configs)
        session = self._session(store, options, most=max(1, len(configs)))
        session.add(configs)
        session.finish()
        return session

    def open(self, store: Store, options: RunOptions) -> OpenSession:
        """Reach the cluster, and hand it the runs as they come."""
        self.prepare([])
        return self._session(store, options)

    def _session(self, store: Store, options: RunOptions, most: int | None = None) -> "DaskSession":
        from distributed import Client

        from assay.execution.cluster.session import DaskSession

        client, cluster = self._client, None
        self._client = None
        if client is None:
            workers = options.workers or self._fitting
            cluster = local_cluster(workers if most is None else min(workers, most))
            client = Client(cluster, set_as_default=False)
        try:
            if self.shared_store:
                check_shared(client, store.root.resolve())
            return DaskSession(client, cluster, store, options, self.shared_store)
        except BaseException:
            client.close()
            if cluster is not None:
                cluster.close()
            raise
