"""Whether the installation and a store are well."""

from assay.claims.declarations import declarations
from assay.cli.show.tables import print_json, print_table, tell
from assay.errors import AssayError
from assay.store import Store
from assay.store.inspection import inspect


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
    for note in seen.notes:
        tell(f"note: {note}")
    for each in seen.beyond:
        tell(f"not looked at: {each}")
    tell("\n".join(f"problem: {problem}" for problem in problems) or "all is well")
    return not problems
