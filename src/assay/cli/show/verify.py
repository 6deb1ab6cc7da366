"""What is damaged in a store or in evidence, and what was done about it."""

from pathlib import Path

from assay.claims.declarations import declarations, mend
from assay.cli.show.busy import busy
from assay.cli.show.tables import print_json, tell
from assay.store import Store
from assay.store.repair import repair
from assay.store.verifying import damages

_MENDED = "its claims are declared again as their runs are trained, and seeds of before are seen"


def print_verified(folder: Path, *, repairs: bool, as_json: bool) -> bool:
    """Every damage, a line each, and where what is damaged was moved; whether all is well now."""
    with busy("reading every file"):
        found = list(damages(folder))
    log = declarations(Store(folder)).damage
    rows = [{"path": str(each.path), "problem": each.why} for each in found]
    if log:
        rows.append({"path": str(Store(folder).declaration_log), "problem": log})
    moved = repair(folder, found) if repairs else []
    done = [{"path": str(each.path), "to": str(each.to), "then": each.then} for each in moved]
    if repairs and (place := mend(Store(folder))):
        path = str(Store(folder).declaration_log)
        done.append({"path": path, "to": str(place), "then": _MENDED})
    if as_json:
        print_json({"folder": str(folder), "problems": rows, "moved": done})
    else:
        for row in rows:
            tell(f"problem: {row['problem']}")
        for row in done:
            tell(f"moved aside: {row['path']} is now {row['to']}; {row['then']}")
        if not rows:
            tell("all is well")
    return repairs or not rows
