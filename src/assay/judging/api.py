"""What Python code and notebooks use: `assay.judge`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assay.judging.frame import WHERE, as_table
from assay.judging.question import Question
from assay.judging.verdict import Judgement, judge_table
from assay.readers.find import read_results


def judge(
    frame: Any,
    metric: str,
    of: Mapping[str, object],
    against: Mapping[str, object] | None = None,
    *,
    by: str | Sequence[str] = (),
    **question: Any,
) -> Judgement:
    """The verdict on a claim from a table of results.

    Example:
        >>> import assay
        >>> rows = [{"model": m, "seed": s, "accuracy": a + s / 100}
        ...         for m, a in (("lstm", 0.9), ("rnn", 0.5)) for s in range(6)]
        >>> assay.judge(rows, "accuracy", {"model": "lstm"}, {"model": "rnn"}, margin=0.01).verdict
        'supported'

    Args:
        frame: a pandas, polars or pyarrow table, a dict of columns or a list of dicts; a row per
            run, or a row per step of a run. Or the path of results, as `assay judge` takes it.
        metric: the column that is compared.
        of: column and value of the rows that the claim is about, such as `{"model": "lstm"}`.
        against: of those that they are compared with; not with `threshold`.
        by: columns each of whose values is judged on its own.
        question: the other fields of `assay.judging.question.Question`, such as `margin`.

    Raises:
        ConfigError: if the question cannot be asked.
        DataError: if the table cannot answer it.
    """
    columns = (by,) if isinstance(by, str) else tuple(by)
    other = None if against is None else _texts(against)
    asked = Question(metric, _texts(of), other, by=columns, **question)
    if isinstance(frame, str | Path):
        table, source = read_results(str(frame), metric)
        return judge_table(table, asked, str(frame), source)
    return judge_table(as_table(frame), asked, WHERE)


def _texts(choice: Mapping[str, object]) -> dict[str, str]:
    return {str(column): str(value) for column, value in choice.items()}
