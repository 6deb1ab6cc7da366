"""Results from wherever they are: a tracker's own files, or plain tables."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from assay.readers.csv_logs import CsvLogs
from assay.readers.event_folders import EventFolders
from assay.readers.files import STDIN, column_in_words, read_table
from assay.readers.mlflow_runs import MlflowRuns
from assay.readers.optuna_studies import OptunaStudies
from assay.readers.tracked import Reader, TrackedRun, as_table, settings_of_all
from assay.readers.trainer_state import TrainerStates
from assay.readers.wandb_export import WandbExport
from assay.readers.wandb_runs import WandbRuns

READERS: tuple[Reader, ...] = (
    MlflowRuns(),
    OptunaStudies(),
    WandbExport(),
    WandbRuns(),
    TrainerStates(),
    EventFolders(),
    CsvLogs(),
)
"""Those of trackers; the first that recognises a path reads it."""


def read_results(path: str, metric: str) -> tuple[pa.Table, str]:
    """A table of results, and what they were read from in words.

    Args:
        path: a tracker's file, folder or address, or what `read_table` takes.
        metric: the column that is asked for; a tracker's other metrics are left out.

    Raises:
        DataError: naming the file, and what is wrong with it or allowed.
    """
    place, reader = _found(path)
    if reader is None:
        return read_table(place), ""
    runs = reader.read(place, metric)
    return as_table(runs, metric, path), _source(reader, runs)


def columns_in(path: str) -> tuple[dict[str, str], str]:
    """What results hold: what is in each column, by its name, and what they were read from.

    Raises:
        DataError: as of `read_results`.
    """
    place, reader = _found(path)
    if reader is None:
        table = read_table(place)
        named = zip(table.column_names, table.columns, strict=True)
        return {str(name): column_in_words(column) for name, column in named}, ""
    runs = reader.read(place, "")
    logged = Counter(name for run in runs for name in dict.fromkeys(run.metrics))
    found = {name: f"a metric, of {count} of them" for name, count in logged.items()}
    for name, values in settings_of_all(runs).items():
        found.setdefault(name, column_in_words(pa.chunked_array([pa.array(values)])))
    return found, _source(reader, runs)


def _found(path: str) -> tuple[str, Reader | None]:
    """The path as it is read, and which tracker's it is, if one's."""
    if path == STDIN:
        return path, None
    place = path if "://" in path else str(Path(path).expanduser())
    return place, next((reader for reader in READERS if reader.recognise(place)), None)


def _source(reader: Reader, runs: Sequence[TrackedRun]) -> str:
    return f"Read from {reader.what}: {len(runs)} run{'s' if len(runs) != 1 else ''}."
