"""Runs on a Dask cluster, the extra `assay[cluster]`.

- `executor`: what a study is given to train on a cluster
- `connect`: a scheduler that is reached, and what is checked of its cluster before any run
- `session`: runs handed to the scheduler, and what is told of them gathered
- `task`: what a Dask worker does with a run
- `parcel`: an ended run as bytes, where workers and this machine share no file system

Nothing of Dask is imported before an executor is used.
"""

from assay.execution.cluster.executor import DaskExecutor

__all__ = ["DaskExecutor"]
