"""The runs of a store."""

from collections import Counter
from dataclasses import asdict

from assay.cli.show.tables import duration, print_json, print_table, tell
from assay.store import Store
from assay.store.status import statuses


def print_status(store: Store, *, as_json: bool) -> None:
    """Every run of a store: id, what it is, status, updates and seconds."""
    rows = statuses(store)
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
        f"{len(rows)} runs in {store.root}"
        + "".join(f", {count} {status}" for status, count in counts.items())
    )
