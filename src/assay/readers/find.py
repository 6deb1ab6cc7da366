"""Results from wherever they are: a tracker's own files, or plain tables."""

from pathlib import Path

import pyarrow as pa

from assay.readers.csv_logs import CsvLogs
from assay.readers.event_folders import EventFolders
from assay.readers.files import STDIN, read_table
from assay.readers.mlflow_runs import MlflowRuns
from assay.readers.optuna_studies import OptunaStudies
from assay.readers.tracked import Reader, as_table
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
    place = str(Path(path).expanduser()) if path != STDIN and "://" not in path else path
    for reader in READERS:
        if place != STDIN and reader.recognise(place):
            runs = reader.read(place, metric)
            count = f"{len(runs)} run{'s' if len(runs) != 1 else ''}"
            return as_table(runs, metric, path), f"Read from {reader.what}: {count}."
    return read_table(place), ""
