"""The runs of a store, and whether it and the installation are well."""

from collections import Counter
from dataclasses import asdict

from assay.claims.declarations import declarations
from assay.cli.show.tables import duration, print_json, print_table
from assay.errors import AssayError
from assay.store import Store
from assay.store.inspection import inspect
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
    print(
        f"{len(rows)} runs in {store.root}"
        + "".join(f", {count} {status}" for status, count in counts.items())
    )


def print_doctor(store: Store, *, as_json: bool) -> bool:
    """Versions, machine, compute path and store; whether all is well."""
    import torch

    from assay import models
    from assay.execution.machine import machine, versions
    from assay.models import native

    seen = inspect(store)
    problems = [*seen.problems, *filter(None, [declarations(store).damage])]
    try:
        store.prepare()
    except AssayError as error:
        problems.append(str(error))
    found = {
        "versions": versions(),
        "machine": machine(),
        "compute": {
            "simd": torch.backends.cpu.get_cpu_capability(),
            "onednn": torch.backends.mkldnn.is_available(),  # type: ignore[no-untyped-call]
            "native_kernel": native.simd() or f"not there: {native.why_not()}",
            "lstm": models.LSTM(1, 1).kernel,
            "gan_mlp": native.kernel() if native.available() else "torch",
        },
        "store": {"folder": str(store.root.resolve()), "runs": seen.runs},
        "problems": problems,
        "notes": seen.notes,
        "not_looked_at": seen.beyond,
    }
    if as_json:
        print_json(found)
        return not problems
    lines = [
        (section, key, str(value))
        for section in ("versions", "machine", "compute", "store")
        for key, value in found[section].items()  # type: ignore[attr-defined]
    ]
    print_table(("", "", ""), lines)
    print("".join(f"note: {note}\n" for note in seen.notes), end="")
    print("".join(f"not looked at: {each}\n" for each in seen.beyond), end="")
    print("\n".join(f"problem: {problem}" for problem in problems) or "all is well")
    return not problems
