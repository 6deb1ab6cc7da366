"""The page of the calibration, from its numbers."""

from collections.abc import Sequence
from pathlib import Path
from string import Template
from typing import Any

TEXT = Path(__file__).with_name("page.md")
"""The page's words; what is counted stands as $name."""

EXACT = ("ranks", "log-rank", "Barnard")
WELCH = ("Welch, 5 seeds", "Welch, 8 seeds", "Welch, watched")
FAMILIES = (
    "e-BH, watched",
    "Welch and Holm, normal, 8 seeds",
    "Welch and Holm, normal, watched",
    "Welch and Holm, collapse, 8 seeds",
)


def write(numbers: dict[str, Any]) -> str:
    """The page, as Markdown."""
    first = numbers["false"][0]["false"]
    few = first["AdaStop"]["studies"]
    facts = {
        "scenarios": len(numbers["false"]),
        "welch": _most(numbers, "Welch, 5 seeds"),
        "adastop": _most(numbers, "AdaStop"),
        "few": few,
        "error": f"{200 * (0.05 * 0.95 / few) ** 0.5:.0f}",
        "many": f"{first['Welch, 5 seeds']['studies']:,}",
        "majority": f"{first['majority']['studies']:,}",
        "minutes": numbers["minutes"],
        "machine": numbers["machine"],
        "false": _false(numbers["false"]),
        "families": _families(numbers["families"]),
        "of_effects": _needed(numbers["needed"]),
    }
    return Template(TEXT.read_text(encoding="utf-8")).substitute(facts)


def _false(rows: list[dict[str, Any]]) -> str:
    head = ["effect at the margin, %", "evidence", *WELCH, "exact, 8 seeds", "AdaStop"]
    return _table(head, [_false_row(row["name"], row["false"]) for row in rows])


def _false_row(name: str, found: dict[str, Any]) -> list[str]:
    evidence = _worse(found, "majority") or _worse(found, "two shares")
    shift = _worse(found, "shift")
    exact = next((key for key in found if key.startswith(EXACT)), "")
    return [
        name,
        f"**{evidence}**" + (f" ({shift})" if shift else ""),
        *(_worse(found, key) for key in WELCH),
        _worse(found, exact),
        _worse(found, "AdaStop"),
    ]


def _worse(found: dict[str, Any], name: str) -> str:
    if name not in found:
        return ""
    return f"{100 * max(found[name]['for_it'], found[name]['against']):.1f}"


def _families(rows: list[dict[str, Any]]) -> str:
    head = ["18 claims, %", "e-BH, watched", "normal, 8 seeds", "normal, watched", "collapse"]
    return _table(
        head, [[row["name"], *(_family(row["found"][name]) for name in FAMILIES)] for row in rows]
    )


def _family(found: dict[str, Any]) -> str:
    text = f"{100 * max(found['false']):.1f} ({100 * max(found['any_false']):.0f})"
    if found["true"] is None:
        return text
    seeds = f" after {found['seeds']:.1f}" if found["seeds"] is not None else ""
    return f"{text}; {100 * found['true']:.0f}{seeds}"


def _needed(rows: list[dict[str, Any]]) -> str:
    head = ["effect, beyond the margin", "majority or two shares", "shift", "Welch's t"]
    head += ["exact test", "AdaStop"]
    return _table(head, [_needed_row(row["name"], row["needed"]) for row in rows])


def _needed_row(name: str, found: dict[str, Any]) -> list[str]:
    evidence = "majority" if "majority" in found else "two shares"
    exact = next(key for key in found if key.startswith(EXACT))
    methods = evidence, "shift", "Welch", exact, "AdaStop"
    return [name, *(_seeds(found, method) for method in methods)]


def _seeds(found: dict[str, Any], name: str) -> str:
    if name not in found:
        return ""
    one = found[name]
    many = next((value for key, value in found.items() if key.startswith(f"{name}, one of")), None)
    text = str(one["usually"] or "–")
    if many:
        text += f" ({many['usually'] or '–'})"
    return text + (f", mean {one['mean']:.1f}" if one["mean"] is not None else "")


def _most(numbers: dict[str, Any], name: str) -> str:
    rates = [row["false"][name] for row in numbers["false"] if name in row["false"]]
    return f"{100 * max(max(r['for_it'], r['against']) for r in rates):.0f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
