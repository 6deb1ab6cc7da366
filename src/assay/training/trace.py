"""What every update of the current epoch recorded."""

import torch
from torch import Tensor

from assay.training.objective import Measures


class Trace:
    """A table of updates × recorded quantities, averaged and emptied at the end of an epoch.

    Kept on the device of the training: reading it is the only transfer to the host.
    """

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._columns: list[str] = []
        self._table = torch.empty(0)
        self._length = 0

    def add(self, values: dict[str, Tensor], examples: int) -> None:
        """Append the 0-d tensors of one update over a batch of `examples`."""
        if not self._columns:
            device = next(iter(values.values())).device
            self._columns = ["examples", *values]
            self._table = torch.empty(self._rows, len(self._columns), device=device)
        row = self._table[self._length]
        row[0] = examples
        torch.stack(list(values.values()), out=row[1:])
        self._length += 1

    def first_non_finite(self) -> int | None:
        """How many updates ago the first non-finite value was recorded (0: the latest one)."""
        bad = (~torch.isfinite(self._table[: self._length])).any(dim=1).nonzero()
        return self._length - 1 - int(bad[0]) if len(bad) else None

    def means(self) -> Measures:
        """Means over the epoch, weighted by batch size, which empty the trace."""
        table = self._table[: self._length].double().cpu()
        weights = table[:, 0]
        means = (weights @ table[:, 1:] / weights.sum()).tolist()
        self._length = 0
        return dict(zip(self._columns[1:], means, strict=True))

    def state(self) -> tuple[Tensor, list[str]]:
        """The table so far and its columns, for a checkpoint."""
        return self._table[: self._length].clone(), self._columns

    def restore(self, table: Tensor, columns: list[str]) -> None:
        """Take up a state.

        Raises:
            ValueError: if it is none.
        """
        if not columns:
            return
        if table.ndim != 2 or table.shape[1] != len(columns) or len(table) > self._rows:
            raise ValueError(
                f"a trace of shape {tuple(table.shape)} has not {len(columns)} columns"
            )
        self._columns = list(columns)
        self._table = torch.empty(self._rows, len(columns), device=table.device)
        self._length = len(table)
        self._table[: self._length] = table
