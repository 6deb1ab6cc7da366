"""Logs of a run each as CSV: Lightning's `metrics.csv`, and what Keras's `CSVLogger` writes."""

from pathlib import Path

import numpy as np
import pyarrow as pa

from assay.errors import DataError
from assay.readers.files import read_delimited
from assay.readers.names import RUNS, SEEDS, STEPS, by_name
from assay.readers.run_folders import files_below, settings_of
from assay.readers.tracked import Series, TrackedRun, setting

_SUFFIXES = (".csv", ".tsv", ".log")
_LINE_BYTES = 1 << 16


class CsvLogs:
    """Reads folders of such files; where one holds several, each is a run.

    A file is one if its header names a step, and neither a seed nor a run.
    """

    what = "CSV logs"

    def recognise(self, path: str) -> bool:
        """Whether there is such a file, and no other CSV file directly in the folder."""
        place = Path(path)
        if not place.is_dir():
            return place.suffix.lower() == ".log" and _is_log(place)
        tables = [each for each in place.iterdir() if each.suffix.lower() == ".csv"]
        return all(map(_is_log, tables)) and bool(files_below(path, _is_log))

    def read(self, path: str, metric: str) -> list[TrackedRun]:
        """The runs, by the names of their folders, or of their files."""
        top = Path(path)
        if top.is_file():
            return [_run(top.stem, top, metric)]
        found = []
        for name, files in files_below(path, _is_log).items():
            for file in files:
                alone = len(files) == 1 and file.parent != top
                within = file.stem if file.parent == top else f"{name}/{file.stem}"
                found.append(_run(name if alone else within, file, metric))
        return found


def _is_log(path: Path) -> bool:
    """By its header and first row: steps, numbers, and no name of a run."""
    if path.suffix.lower() not in _SUFFIXES or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            head, row = (_cells(file.readline(_LINE_BYTES)) for _ in range(2))
    except (OSError, UnicodeDecodeError):
        return False
    lower = {name.lower() for name in head}
    is_log = by_name(head, STEPS) is not None and not lower & {*SEEDS, *RUNS}
    return is_log and all(_is_number(cell) for cell in row)


def _cells(line: bytes) -> list[str]:
    text = line.decode("utf-8-sig").replace(";", ",").replace("\t", ",")
    return [cell.strip().strip('"') for cell in text.split(",")]


def _is_number(cell: str) -> bool:
    return cell in ("", "NA") or not isinstance(setting(cell), str)


def _run(name: str, file: Path, metric: str) -> TrackedRun:
    table = read_delimited(file)
    names = [str(each) for each in table.column_names]
    step = by_name(names, STEPS)
    if step is None:
        raise DataError(f"{file}: there is no column of steps")
    series = None
    if metric in names and metric != step:
        logged = table.filter(table.column(metric).is_valid())
        values = _numbers(logged.column(metric), f"{file}: column {metric!r}")
        steps = _numbers(logged.column(step), f"{file}: column {step!r}")
        series = Series.of(zip(steps.tolist(), values.tolist(), strict=True))
    metrics = [each for each in names if each != step]
    has_values = series is not None and len(series.steps) > 0
    return TrackedRun(name, settings_of(name, file.parent), metrics, series if has_values else None)


def _numbers(values: pa.ChunkedArray, what: str) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    try:
        found = values.cast(pa.float64(), safe=False).combine_chunks()
    except pa.ArrowException as error:
        raise DataError(f"{what}: {str(error).splitlines()[0]}") from None
    return np.array(found.to_numpy(zero_copy_only=False), float)
