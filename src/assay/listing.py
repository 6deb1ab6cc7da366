"""What the short commands print: tables for people, JSON for programs."""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from assay.api import PlannedRun
from assay.errors import AssayError
from assay.store import RunFolder, Store

if TYPE_CHECKING:
    from pathlib import Path

    from assay.claims.floors import Outlook
    from assay.inference.audit import Audit
    from assay.inference.invert import Inversion
    from assay.inference.predict import Prediction


def print_plan(
    runs: Sequence[PlannedRun], outlooks: "Sequence[Outlook]", workers: int, *, as_json: bool
) -> None:
    """The runs by arm, a measured estimate of the time of those missing, and hopeless claims."""
    from assay.execution.estimate import makespan, seconds_of, shape, updates_of

    missing = [run for run in runs if not run.complete]
    alike: dict[tuple[str, int], float] = {}
    seconds: dict[str, float] = {}
    for run in missing:
        kind = (shape(run.config), updates_of(run.config))
        if kind not in alike:
            alike[kind] = seconds_of(run.config)
        seconds[run.config.run_id] = alike[kind]
    total = makespan(list(seconds.values()), workers)
    rows: list[dict[str, Any]] = []
    for key, arm in {run.arm.key: run.arm for run in runs}.items():
        own = [run for run in runs if run.arm.key == key]
        rows.append(
            {
                "arm": key,
                "title": arm.title,
                "seeds": len(own),
                "done": sum(run.complete for run in own),
                "seconds_per_run": max(
                    (seconds[run.config.run_id] for run in own if not run.complete), default=None
                ),
            }
        )
    if as_json:
        _json(
            {
                "runs": [
                    {"run": run.config.run_id, "arm": run.arm.key, "status": run.status}
                    | {"seed": run.config.seed}
                    for run in runs
                ],
                "arms": rows,
                "claims": [{**vars(each), "undecidable": each.undecidable} for each in outlooks],
                "workers": workers,
                "seconds_left": total,
            }
        )
        return
    lines = []
    for row in rows:
        time = "" if row["seconds_per_run"] is None else duration(row["seconds_per_run"])
        lines.append((row["arm"], row["title"], str(row["seeds"]), str(row["done"]), time))
    _print_table(
        ("experiment", "what", "runs", "done", "time a run"), lines, ("runs", "done", "time a run")
    )
    done = len(runs) - len(missing)
    print(
        f"{len(runs)} runs, {done} done; about {duration(total)} left with {workers} workers, "
        "measured on this machine"
    )
    for text in outlook_lines(outlooks):
        print(text)


def print_claims(claims: Sequence[dict[str, Any]], *, as_json: bool) -> None:
    """The verdict on each claim, the numbers of its parts, and a sentence."""
    from assay.report.verdict_words import effect, interval, p_value, seeds

    if as_json:
        _json({"claims": claims})
        return
    lines = []
    for claim in claims:
        verdict = claim["verdict"] + (" (exploratory)" if claim["exploratory"] else "")
        for number, part in enumerate(claim["parts"]):
            head = (claim["id"], verdict, p_value(claim["p"])) if number == 0 else ("", "", "")
            lines.append((*head[:2], effect(part), interval(part), seeds(part), head[2]))
    _print_table(("claim", "verdict", "effect", "interval", "seeds", "p"), lines, ("p",))
    for claim in claims:
        print(f"\n{claim['id']}: {claim['sentence']}\n  {claim['meaning']}")


def print_status(store: Store, *, as_json: bool) -> None:
    """Every run of a store: id, what it is, status, updates and seconds."""
    rows = [_status(run) for run in store.runs()]
    if as_json:
        _json({"store": str(store.root), "runs": rows})
        return
    lines = [
        (
            row["run"],
            row["label"],
            row["status"],
            f"{row['updates']:,}",
            "" if row["seconds"] is None else duration(row["seconds"]),
        )
        for row in rows
    ]
    _print_table(("run", "what", "status", "updates", "time"), lines, ("updates", "time"))
    counts = Counter(row["status"] for row in rows)
    print(
        f"{len(rows)} runs in {store.root}"
        + "".join(f", {count} {status}" for status, count in counts.items())
    )


def print_prediction(digits: str, prediction: "Prediction", *, as_json: bool) -> None:
    """The predicted digit, each class's probability, and whether a palindrome began."""
    if as_json:
        _json({"input": digits, **vars(prediction)})
        return
    print(f"predicted next digit: {prediction.digit}")
    for digit, probability in enumerate(prediction.probabilities):
        print(f"  {digit}  {probability:6.1%}  {'█' * round(40 * probability)}")
    if prediction.expected is None:
        print(f"{digits} is not the beginning of a palindrome of {len(digits) + 1} digits")
    else:
        right = "right" if prediction.expected == prediction.digit else "wrong"
        print(
            f"{digits} begins the palindrome {digits}{prediction.expected}: the answer is {right}"
        )


def print_inversions(
    found: "Sequence[tuple[Path, Inversion]]", out: "Path", *, as_json: bool
) -> None:
    """How near the nearest image of each file is."""
    if as_json:
        rows = [
            {"image": str(file), "distance": each.distance, "z": each.z.tolist()}
            for file, each in found
        ]
        _json({"picture": str(out), "inversions": rows})
        return
    for file, each in found:
        print(f"{file}: the nearest image differs by {each.distance:.1f} of 255 gray levels (rms)")
    print(out)


def print_audit(found: "Audit", out: "Path", *, as_json: bool) -> None:
    """Distances to the nearest training image, of samples and of unseen real images."""
    spaces = {"pixels": found.pixels, "features": found.features}
    rows = [
        {
            "space": name,
            "samples_median": float(space.samples.median()),
            "samples_lowest": float(space.samples.min()),
            "test_median": float(space.test.median()),
            "limit": space.limit,
            "copies": space.copies,
        }
        for name, space in spaces.items()
    ]
    if as_json:
        _json({"picture": str(out), "spaces": rows, "sentence": found.sentence})
        return
    head = ("distance in", "samples", "nearest one", "unseen", "their 1st percentile", "nearer")
    lines = [
        (
            str(row["space"]),
            f"{row['samples_median']:.1f}",
            f"{row['samples_lowest']:.1f}",
            f"{row['test_median']:.1f}",
            f"{row['limit']:.1f}",
            f"{row['copies']:.1%}",
        )
        for row in rows
    ]
    _print_table(head, lines, head[1:])
    print(found.sentence)
    print(out)


def print_doctor(store: Store, *, as_json: bool) -> bool:
    """Versions, machine, compute path and store; whether all is well."""
    import torch

    from assay import models
    from assay.execution.machine import machine, versions
    from assay.models import native

    problems = []
    try:
        store.prepare()
        for run in store.runs():
            run.config()
            run.metrics()
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
        },
        "store": {"folder": str(store.root.resolve()), "runs": len(store.runs())},
        "problems": problems,
    }
    if as_json:
        _json(found)
        return not problems
    lines = [
        (section, key, str(value))
        for section in ("versions", "machine", "compute", "store")
        for key, value in found[section].items()  # type: ignore[attr-defined]
    ]
    _print_table(("", "", ""), lines)
    print("\n".join(f"problem: {problem}" for problem in problems) or "all is well")
    return not problems


def outlook_lines(outlooks: "Sequence[Outlook]") -> list[str]:
    """Which claims the planned seeds cannot decide, or only with the help of others."""
    never: dict[str, list[str]] = {"decided": [], "supported": [], "refuted": []}
    alone: dict[str, list[str]] = {"supported": [], "refuted": []}
    for each in outlooks:
        ways = {"supported": each.supported, "refuted": each.refuted}
        if each.undecidable:
            never["decided"].append(f"{each.claim} (p at best {min(ways.values()):.2g})")
            continue
        for way, best in ways.items():
            if best > each.level:
                never[way].append(f"{each.claim} (p at best {best:.2g})")
            elif getattr(each, f"{way}_alone") > each.level:
                alone[way].append(each.claim)
    cannot = [
        f"with these seeds, however the runs turn out, these claims cannot be {way}: "
        f"{', '.join(names)}; {outlooks[0].level:.2g} is needed"
        for way, names in never.items()
        if names
    ]
    depend = [
        f"these can be {way} only if other claims are decided too: {', '.join(names)}"
        for way, names in alone.items()
        if names
    ]
    return cannot + depend


def duration(seconds: float) -> str:
    """Seconds in the units that a person would use."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def _status(run: RunFolder) -> dict[str, Any]:
    try:
        config, record = run.config(), run.record()
    except AssayError as error:
        return {
            "run": run.run_id,
            "label": str(error),
            "status": "damaged",
            "updates": 0,
            "seconds": None,
        }
    if record:
        return {
            "run": run.run_id,
            "label": config.label,
            "status": record.status,
            "updates": record.updates,
            "seconds": record.seconds,
        }
    lines = [line["update"] for line in run.metrics() if "update" in line]
    return {
        "run": run.run_id,
        "label": config.label,
        "status": "unfinished",
        "updates": max(lines, default=0),
        "seconds": None,
    }


def _print_table(
    head: tuple[str, ...], rows: Sequence[tuple[str, ...]], numeric: Collection[str] = ()
) -> None:
    """Aligned columns, those named in `numeric` to the right; rich takes 3 s for 10,000 rows."""
    lines = [head, *rows] if any(head) else [*rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    right = [name in numeric for name in head]
    for line in lines:
        cells = [
            text.rjust(width) if to_right else text.ljust(width)
            for text, width, to_right in zip(line, widths, right, strict=True)
        ]
        print("  ".join(cells).rstrip())


def _json(value: Any) -> None:
    print(json.dumps(value, indent=2))
