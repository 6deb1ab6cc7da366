"""Columns of a table: found by name, and which rows have which values."""

import re
from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from assay.errors import DataError
from assay.judging.cells import Labels, Numbers, label_of, labels_of, numbers_of
from assay.judging.question import Choice
from assay.readers.names import by_name, near


class Columns:
    """A table of results.

    Attributes:
        where: what messages call it.
    """

    def __init__(self, table: pa.Table, where: str) -> None:
        self.table, self.where = table, where
        self.names = [str(each).strip() for each in table.column_names]
        self._labels: dict[str, Labels] = {}
        self._numbers: dict[str, Numbers] = {}

    @property
    def rows(self) -> int:
        """How many."""
        return int(self.table.num_rows)

    def column(self, name: str) -> pa.ChunkedArray:
        """A column by its name.

        Raises:
            DataError: if there is none, or more than one.
        """
        if self.names.count(name) == 1:
            return self.table.column(self.names.index(name))
        if name in self.names:
            raise DataError(
                f"{self.where}: {self.names.count(name)} columns have the name {name!r}"
            )
        raise DataError(f"{self.where}: there is no column {name!r}: {near(name, self.names)}")

    def by_name(self, names: Sequence[str]) -> str | None:
        """The first of these that there is."""
        return by_name(self.names, names)

    def numbers(
        self, name: str, rows: NDArray[np.intp]
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """The values of some rows, NaN where there is no finite one, and which cells are empty.

        Raises:
            DataError: naming the first of these rows, counted from 1, whose cell is no number.
        """
        if name not in self._numbers:
            self._numbers[name] = numbers_of(self.column(name), f"{self.where}: column {name!r}")
        found = self._numbers[name]
        if found.wrong[rows].any():
            row = int(rows[found.wrong[rows].argmax()])
            text = str(self.column(name)[row].as_py()).strip()
            comma = ": with a decimal comma? write a point" if "," in text else ""
            raise DataError(
                f"{self.where}: column {name!r}, row {row + 1}: {text!r} is no number{comma}"
            )
        return found.values[rows], found.empty[rows]

    def labels(self, name: str) -> Labels:
        """A column as text."""
        if name not in self._labels:
            self._labels[name] = labels_of(self.column(name), f"{self.where}: column {name!r}")
        return self._labels[name]

    def chosen(self, choice: Choice) -> NDArray[np.intp]:
        """The rows, from 0, that have these values.

        Raises:
            DataError: if no row has one of them.
        """
        mask = np.ones(self.rows, dtype=bool)
        for name, value in choice.items():
            labels = self.labels(name)
            same = [place for place, _ in self.matches(name, value)]
            if not same:
                there = sorted(labels.texts, key=natural)
                raise DataError(
                    f"{self.where}: no row has {name} = {value!r}: {near(value, there)}"
                )
            mask &= np.isin(labels.codes, same)
        return np.flatnonzero(mask)

    def matches(self, name: str, value: str) -> list[tuple[int, str]]:
        """The texts of a column that a value means, by their place: itself, or those like `lstm*`.

        A number is meant however it is written: 1e-3 is 0.001.
        """
        texts = self.labels(name).texts
        same = label_of(value, self.column(name).type)
        exact = [each for each in enumerate(texts) if each[1] == same]
        if exact or "*" not in value:
            return exact
        like = _pattern(value)
        return [each for each in enumerate(texts) if like.fullmatch(each[1])]

    def starred(self, name: str, value: str) -> dict[int, str]:
        """What the star of a pattern stands for, by the place of each text that is like it.

        Empty where the value is no pattern, or does not tell those texts apart.
        """
        matched = self.matches(name, value) if value.count("*") == 1 else []
        like = _pattern(value)
        stars = {place: found[1] for place, text in matched if (found := like.fullmatch(text))}
        return stars if len(set(stars.values())) == len(stars) and len(stars) > 1 else {}

    def combinations(self, names: Iterable[str]) -> list[tuple[str, ...]]:
        """The distinct values that some columns have together, in their order in the table."""
        columns = [self.labels(name) for name in names]
        codes = np.stack([each.codes for each in columns], axis=1)
        found, first = np.unique(codes, axis=0, return_index=True)
        return [
            tuple(each.texts[code] for each, code in zip(columns, row, strict=True))
            for row in found[np.argsort(first)].tolist()
        ]


def _pattern(value: str) -> re.Pattern[str]:
    return re.compile("(.*)".join(map(re.escape, value.split("*"))), re.DOTALL)


def natural(text: str) -> tuple[int, float, str]:
    """Numbers by their size, before other texts."""
    try:
        return 0, float(text), text
    except ValueError:
        return 1, 0.0, text
