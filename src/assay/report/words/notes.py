"""What a reader has to know before comparing the rows of a table."""

from collections import Counter
from collections.abc import Iterable, Sequence

from assay.report.data.report import ChecksWords, GeneratorWords, TableRow
from assay.report.words.numbers import count

_MOST = 12
"""As many different notices of runs are shown."""

FACTOR = 10
"""Rows whose numbers of updates are further apart than this have not had the same training."""


def unequal_training(rows: Sequence[TableRow]) -> list[str]:
    """That some rows had far fewer updates than another, and how many; nothing where none had."""
    known = [row for row in rows if row.updates]
    most = max(known, key=_updates, default=None)
    few = [] if most is None else [row for row in known if FACTOR * _updates(row) < _updates(most)]
    if most is None or not few:
        return []
    alike: dict[tuple[int, int | None], list[TableRow]] = {}
    for row in few:
        alike.setdefault((_updates(row), row.training_examples), []).append(row)
    shorter = "; ".join(_shorter(some, most) for some in alike.values())
    return [
        f"{_training(most)}. Far fewer have: {shorter}. Where a claim compares two of these, or "
        "says how one of them ends, the length of the training may be the reason."
    ]


def _updates(row: TableRow) -> int:
    return row.updates or 0


def _training(row: TableRow) -> str:
    passes = _passes(row)
    of = f", which are {passes}" if passes else ""
    return f"{_named([row])} is trained for {count(row.updates)} updates{of}"


def _shorter(rows: Sequence[TableRow], most: TableRow) -> str:
    row = rows[0]
    passes = _passes(row)
    of = f" ({passes})" if passes else ""
    times = _updates(most) / _updates(row)
    return f"{_named(rows)}, {count(row.updates)}{of}, {times:.0f} times fewer"


def _passes(row: TableRow) -> str:
    """How often a training goes over its examples; empty where that is not known."""
    passes = passes_of(row)
    if passes is None or row.training_examples is None:
        return ""
    epochs = "1 epoch" if passes == 1 else f"{count(passes)} epochs"
    return f"{epochs} of {count(row.training_examples)} examples"


def _named(rows: Sequence[TableRow]) -> str:
    """By their lengths, or their titles where they have none."""
    lengths = dict.fromkeys(str(row.length) for row in rows if row.length is not None)
    names = [f"T = {_listed(list(lengths))}"] if lengths else []
    return _listed([*names, *dict.fromkeys(row.title for row in rows if row.length is None)])


def _listed(words: Sequence[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def passes_of(row: TableRow) -> float | None:
    """How many epochs a row's updates are, also where the study declares updates."""
    if row.updates is None or not row.updates_per_epoch:
        return None
    return row.updates / row.updates_per_epoch


def of_checks(rows: Sequence[TableRow]) -> ChecksWords:
    """How often and at how many examples the rows' trainings are looked at between epochs."""
    return ChecksWords(
        _each([row.check_every for row in rows]), _each([row.check_examples for row in rows])
    )


def _each(numbers: Sequence[int | None]) -> str:
    known = {number for number in numbers if number is not None}
    return " or ".join(map(count, sorted(known)))


def of_generators(rows: Sequence[TableRow]) -> GeneratorWords:
    """What the numbers of the table of generators are, from its rows."""
    images = {row.measured.images for row in rows}
    counts = sorted(number for number in images if number is not None) or [0]
    many = " to ".join(count(number) for number in dict.fromkeys((counts[0], counts[-1])))
    seen = {row.measured.features: None for row in rows if row.measured.features}
    notes = [_not_comparable(rows)] if len(_sets(rows)) > 1 else []
    notes += dict.fromkeys(row.measured.why_without for row in rows if row.measured.why_without)
    return GeneratorWords(
        quality=(
            f"Quality of {many} generated images at the end of the training, against real images"
            f"{_whose(rows)}: median over the runs of a row, the range of the seeds below it."
        ),
        features=f"Features are {'; '.join(seen)}." if seen else "",
        notes=notes,
    )


def of_runs(notices: Iterable[str]) -> list[str]:
    """What runs had to say of their data and attempts: each sentence once, the commonest first."""
    counts = Counter(notices).most_common()
    found = [
        f"{text} ({count(many)} run{'' if many == 1 else 's'})" for text, many in counts[:_MOST]
    ]
    more = len(counts) - _MOST
    return found if more <= 0 else [*found, f"and {count(more)} more, in the runs' records"]


def _sets(rows: Sequence[TableRow]) -> list[str]:
    return list(dict.fromkeys(row.measured.against for row in rows if row.measured.against))


def _whose(rows: Sequence[TableRow]) -> str:
    sets = _sets(rows)
    return f" of {sets[0]}" if len(sets) == 1 else ""


def _not_comparable(rows: Sequence[TableRow]) -> str:
    return (
        f"The rows are of {len(_sets(rows))} sets of images: {'; '.join(_sets(rows))}. Their "
        "numbers cannot be compared with each other, and a floor is that of one set alone."
    )
