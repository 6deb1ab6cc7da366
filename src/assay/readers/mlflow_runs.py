"""MLflow: the runs of a SQLite file, an `mlruns` folder or a server, by MLflow's own API."""

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from assay.errors import DataError
from assay.readers import sqlite
from assay.readers.tracked import Series, Setting, TrackedRun, setting

_SCHEMES = ("http", "https", "sqlite", "postgresql", "mysql", "mssql")
_PAGE = 1_000
OPTIONS = {  # of its environment, to be set before it is loaded
    # Reading a folder of runs is allowed, though MLflow writes no more into new ones.
    "MLFLOW_ALLOW_FILE_STORE": "true",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    # A server that is not there is told at once, and not after minutes of trying.
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "60",
}


class MlflowRuns:
    """Reads them; their settings are parameters, tags, the experiment and the status."""

    what = "MLflow runs"

    def recognise(self, path: str) -> bool:
        """An address, a database with its tables, or a folder of experiments."""
        if "://" in path:
            return path.partition("://")[0].partition("+")[0] in _SCHEMES
        place = Path(path)
        if place.is_dir():
            return any(_is_experiment(each) for each in place.iterdir())
        return {"experiments", "runs", "metrics", "params"} <= sqlite.tables(path)

    def read(self, path: str, metric: str) -> list[TrackedRun]:
        """The runs of all experiments, by their names."""
        for name, value in OPTIONS.items():
            os.environ.setdefault(name, value)
        try:
            from mlflow import MlflowClient
        except ImportError:
            raise DataError(
                f"{path}: reading runs of MLflow takes its package: pip install 'assay[mlflow]'"
            ) from None
        logging.getLogger("mlflow").setLevel(logging.ERROR)
        try:
            client = MlflowClient(_address(path))
            experiments = {
                each.experiment_id: each.name for each in _all(client.search_experiments)
            }
            runs = _all(lambda **page: client.search_runs(list(experiments), **page))
            return [_run(client, run, experiments, metric) for run in runs]
        except Exception as error:  # its own, and those of databases and of the network
            text = str(error).strip() or type(error).__name__
            raise DataError(f"{path}: MLflow cannot read it: {text.splitlines()[0]}") from None


def _is_experiment(folder: Path) -> bool:
    meta = folder / "meta.yaml"
    return meta.is_file() and b"experiment_id:" in meta.read_bytes()[:4096]


def _address(path: str) -> str:
    if "://" in path:
        return path
    place = Path(path).resolve()
    return place.as_uri() if place.is_dir() else f"sqlite:///{place}"


def _all(search: Callable[..., Any]) -> Iterator[Any]:
    token = None
    while True:
        page = search(max_results=_PAGE, page_token=token)
        yield from page
        token = page.token
        if not token:
            return


def _run(client: Any, run: Any, experiments: dict[str, str], metric: str) -> TrackedRun:
    settings: dict[str, Setting] = {
        "experiment": experiments[run.info.experiment_id],
        "status": run.info.status,
    }
    tags = {name: text for name, text in run.data.tags.items() if not name.startswith("mlflow.")}
    settings |= {name: setting(text) for name, text in (tags | run.data.params).items()}
    series = None
    if metric in run.data.metrics:
        history = client.get_metric_history(run.info.run_id, metric)
        ordered = sorted(history, key=lambda each: (each.step, each.timestamp))
        series = Series.of((each.step, each.value) for each in ordered)
    name = run.info.run_name or run.info.run_id
    return TrackedRun(name, settings, list(run.data.metrics), series)
