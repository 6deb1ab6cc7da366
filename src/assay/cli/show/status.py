"""The runs of a store."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from fnmatch import translate

from assay.cli.show.tables import counted, duration, print_json, print_table, tell
from assay.store import Store
from assay.store.status import statuses


def print_status(
    store: Store, states: Sequence[str] = (), match: str | None = None, *, as_json: bool
) -> None:
    """Every run of a store: id, what it is, status, updates and seconds.

    Args:
        store: the store.
        states: if there are any, of those that are so far alone.
        match: of those alone whose id or description holds this, `*` for anything.
        as_json: as JSON, and not as a table.
    """
    every = statuses(store)
    holds = re.compile(translate(f"*{match or ''}*")).match
    rows = [
        row
        for row in every
        if (not states or row.status in states) and (holds(row.run) or holds(row.label))
    ]
    if as_json:
        print_json({"store": str(store.root), "runs": [asdict(row) for row in rows]})
        return
    lines = [
        (
            row.run,
            row.label,
            row.status,
            f"{row.updates:,}",
            "" if row.seconds is None else duration(row.seconds),
        )
        for row in rows
    ]
    print_table(("run", "what", "status", "updates", "time"), lines, ("updates", "time"))
    counts = Counter(row.status for row in rows)
    tell(
        f"{f'{len(rows)} of ' if len(rows) < len(every) else ''}{counted(len(every), 'run')} in "
        f"{store.root}" + "".join(f", {count} {status}" for status, count in counts.items())
    )
