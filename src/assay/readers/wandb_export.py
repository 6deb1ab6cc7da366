"""Weights & Biases: the CSV file that its page exports of a chart, with a column for each run."""

from pathlib import Path

import pyarrow as pa

from assay.errors import DataError
from assay.readers.files import read_delimited
from assay.readers.run_folders import settings_of
from assay.readers.tracked import Series, TrackedRun

_ENDS = ("__MIN", "__MAX")
_BETWEEN = " - "
_LINE_BYTES = 1 << 20


class WandbExport:
    """Reads such files: columns `RUN - METRIC`, each with its `__MIN` and `__MAX`."""

    what = "a chart of Weights & Biases"

    def recognise(self, path: str) -> bool:
        """By its header."""
        place = Path(path)
        if place.suffix.lower() != ".csv" or not place.is_file():
            return False
        try:
            with place.open("rb") as file:
                head = file.readline(_LINE_BYTES)
        except OSError:
            return False
        return all(f"{end}".encode() in head for end in (_BETWEEN, *_ENDS))

    def read(self, path: str, metric: str) -> list[TrackedRun]:
        """The runs, by their names; the first column is the step."""
        table = read_delimited(Path(path))
        step, *names = [str(each) for each in table.column_names]
        metrics: dict[str, list[str]] = {}
        series: dict[str, Series | None] = {}
        for name in names:
            run, between, what = name.rpartition(_BETWEEN)
            if not between or name.endswith(_ENDS):
                continue
            metrics.setdefault(run, []).append(what)
            if what == metric:
                series[run] = _series(table, step, name, path)
        top = Path(path).parent
        return [
            TrackedRun(run, settings_of(run, top), logged, series.get(run))
            for run, logged in metrics.items()
        ]


def _series(table: pa.Table, step: str, name: str, path: str) -> Series | None:
    import pyarrow.compute as pc

    there = pc.and_(*(table.column(each).is_valid() for each in (step, name)))
    logged = table.filter(there)
    try:
        steps, values = (
            logged.column(each).cast(pa.float64(), safe=False).to_pylist() for each in (step, name)
        )
    except pa.ArrowException as error:
        raise DataError(f"{path}: column {name!r}: {str(error).splitlines()[0]}") from None
    return Series.of(zip(steps, values, strict=True)) if values else None
