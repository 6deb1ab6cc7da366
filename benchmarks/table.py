"""Tables of results for people, and where they are kept."""

import json
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Any

HEAD = ["run", "in the study", "report's way, updates/s", "assay, updates/s", "ratio", "MiB"]

PEAKS = {
    "fma_gflops_": ("multiply-adds of registers, {}, one core", "GFLOP/s"),
    "matmul_gflops_": ("`torch.mm` of float32, {}", "GFLOP/s"),
    "matmul_bfloat16_gflops_": ("`torch.mm` of bfloat16, {}", "GFLOP/s"),
    "copy_gb_": ("copying 256 MiB, bytes read and written, {}", "GB/s"),
}
"""Limits of a machine by the start of their keys."""

Found = dict[str, Any]


def markdown(found: Found) -> str:
    """A row for each arm and one for the whole half, and below them what goes with it."""
    rows = [*(_arm_row(arm) for arm in found["arms"]), _half_row(found)]
    return "\n".join([grid(HEAD, rows), "", *(f"- {note}" for note in _notes(found))])


def grid(head: list[str], rows: list[list[str]], words: int = 1) -> str:
    """A Markdown table; the first `words` columns hold words, the others numbers."""
    ruler = ["---"] * words + ["---:"] * (len(head) - words)
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ruler, *rows])


def replace(table: str, page: Path, name: str) -> None:
    """Put a table into a page, between the two marks of that name."""
    begins, ends = f"<!-- {name} begins -->", f"<!-- {name} ends -->"
    before, _, rest = page.read_text(encoding="utf-8").partition(begins)
    _, _, after = rest.partition(ends)
    text = f"{before}{begins}\n\n{table}\n\n{ends}{after}"
    page.write_text(text, encoding="utf-8")


def write_json(found: Found, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def spread(values: Iterable[float], digits: int = 0) -> str:
    """Median (lowest–highest)."""
    found = sorted(values)
    low, high = found[0], found[-1]
    return f"{median(found):,.{digits}f} ({low:,.{digits}f}–{high:,.{digits}f})"


def _arm_row(arm: Found) -> list[str]:
    return [
        arm["name"],
        f"{arm['runs_in_study']} runs, {arm['updates_in_study']:,} updates",
        spread(arm["report_updates_per_second"]),
        spread(arm["assay_updates_per_second"]),
        spread(arm["ratios"], 2),
        str(arm["peak_mib"] or "–"),
    ]


def _half_row(found: Found) -> list[str]:
    half = found["half"]
    return [
        "**the whole half**" if found["settings"]["only"] == "*" else "**these together**",
        f"{half['runs']} runs, {half['updates']:,} updates",
        spread(half["updates"] / seconds for seconds in half["report_seconds"]),
        spread(half["updates"] / seconds for seconds in half["assay_seconds"]),
        f"**{spread(half['ratios'], 2)}**",
        str(found["peak_mib"] or "–"),
    ]


def _notes(found: Found) -> list[str]:
    half, start, settings = found["half"], found["start_seconds"], found["settings"]
    theirs, ours = (median(half[way]) / 60 for way in ("report_seconds", "assay_seconds"))
    return [
        f"At these rates the last row takes {theirs:.1f} minutes the report's way and "
        f"{ours:.1f} minutes with assay.",
        f"Rounds: {settings['rounds']}, each of {settings['runs_at_once']} runs of every arm, both "
        "ways.",
        f"Not counted: {start['report']} s until a script of the report's has PyTorch and its "
        f"first updates behind it, {start['assay']} s until assay's workers take their first run.",
        _loaders(found["arms"]),
        machine_note(found["machine"]),
    ]


def _loaders(arms: list[Found]) -> str:
    quicker = [arm["name"] for arm in arms if arm["report_num_workers"]]
    where = f"quicker, and taken, for {'; '.join(quicker)}" if quicker else "quicker for no arm"
    return f"Two DataLoader workers, tried for each arm the report's way, were {where}."


def peaks(facts: Found) -> str:
    """What the machine can do at most, as it was measured."""
    rows = [
        [what.format(key.removeprefix(start).replace("_", " ")), f"{value:,.0f} {unit}"]
        for start, (what, unit) in PEAKS.items()
        for key, value in facts.items()
        if key.startswith(start)
    ]
    return grid(["limit", "measured"], rows)


def machine_note(facts: Found) -> str:
    """The machine, its measured peak, and how much of it others had."""
    start = "matmul_gflops_"
    peaks = [
        f"{value} on {key.removeprefix(start).replace('_', ' ')}"
        for key, value in facts.items()
        if key.startswith(start)
    ]
    share = facts["others_share"]
    others = "unknown" if share is None else f"{share:.1%}"
    return (
        f"{facts['processor']}, {facts['cores']} cores, {facts['memory_gib']} GiB, "
        f"PyTorch {facts['torch']}, {facts['simd']}; `torch.mm` of float32 in GFLOP/s: "
        f"{', '.join(peaks)}. Core time that other processes took meanwhile: {others}."
    )
