"""The page of the campaigns, from their numbers."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any

TEXT = Path(__file__).with_name("page.md")
"""The page's words; what is counted stands as $name."""
DAMAGE_TEXT = Path(__file__).with_name("damage.md")

HOSTILE_TEXT = Path(__file__).with_name("hostile.md")

HOSTILE: Mapping[str, Callable[[str], bool]] = {
    "changed at random": lambda what: what == "changed at random",
    "made by hypothesis": lambda what: what == "made by hypothesis",
    "guided by coverage": lambda what: what == "guided by coverage",
}
_GUIDED = ",\nor by atheris, guided by which lines of assay they reach, where Python reads"
DAMAGE: Mapping[str, Callable[[str], bool]] = {
    "a bit flipped": lambda what: what == "a bit flipped",
    "eight bits flipped": lambda what: what == "eight bits flipped",
    "cut off": lambda what: what == "cut off",
}
CRASH: Mapping[str, Callable[[str], bool]] = {
    "killed before a change": lambda what: what.startswith("killed before") and "clock" not in what,
    "within or after one": lambda what: (
        what.startswith(("killed within", "killed after")) and "clock" not in what
    ),
    "killed, then the clock set": lambda what: "clock" in what,
    "disk full": lambda what: what.startswith("disk full"),
    "read-only": lambda what: what == "read-only",
}
COMMANDS: Mapping[str, Callable[[str], bool]] = {
    "at a random moment: a worker": lambda what: what == "worker killed at a random moment",
    "the parent": lambda what: what == "parent killed at a random moment",
    "all": lambda what: what == "group killed at a random moment",
    "at a chosen change: it itself": lambda what: what == "process killed at a chosen change",
    "the parent ": lambda what: what == "parent killed at a chosen change",
    "all ": lambda what: what == "group killed at a chosen change",
    "one of two commands": lambda what: what == "one of two commands killed",
}


def write(numbers: dict[str, Any]) -> str:
    """The page, as Markdown."""
    crash = numbers["crash"]
    facts = {
        "kills": f"{_kills(crash):,}",
        "trials": f"{_trials(crash):,}",
        "losses": len(crash["lost"]),
        "minutes": crash["minutes"],
        "machine": crash["machine"],
        "chosen": _table("what was disturbed", CRASH, crash, whole=False),
        "commands": _table("`assay run` of", COMMANDS, crash, whole=True),
    }
    text = TEXT.read_text(encoding="utf-8")
    if damage := numbers.get("damage"):
        text += DAMAGE_TEXT.read_text(encoding="utf-8")
        facts |= {
            "damages": _table("what was damaged", DAMAGE, _by_case(damage), whole=False),
            "damage_trials": f"{_trials(damage):,}",
            "damage_losses": len(damage["lost"]),
            "damage_minutes": damage["minutes"],
        }
    if hostile := numbers.get("hostile"):
        text += HOSTILE_TEXT.read_text(encoding="utf-8")
        guided = any(row["what"] == "guided by coverage" for row in hostile["rows"])
        facts |= {
            "hostile": _table("what was read", HOSTILE, hostile, whole=False),
            "hostile_trials": f"{_trials(hostile):,}",
            "hostile_losses": len(hostile["lost"]),
            "hostile_minutes": hostile["minutes"],
            "guided": _GUIDED if guided else "",
        }
    return Template(text).substitute(facts)


def _by_case(found: dict[str, Any]) -> dict[str, Any]:
    """With the files of each case together."""
    return {
        "rows": [row | {"scene": row["scene"].partition(":")[0]} for row in found["rows"]],
        "lost": [each | {"scene": each["scene"].partition(":")[0]} for each in found["lost"]],
    }


def _trials(found: dict[str, Any]) -> int:
    return sum(row["trials"] for row in found["rows"])


def _kills(found: dict[str, Any]) -> int:
    early = sum(found["ended_before"].values())
    return sum(row["trials"] for row in found["rows"] if "killed" in row["what"]) - early


def _table(
    title: str,
    columns: Mapping[str, Callable[[str], bool]],
    found: dict[str, Any],
    *,
    whole: bool,
) -> str:
    """A row a scene: how many trials of each kind, and how many of them lost something."""
    cells: Counter[tuple[str, str]] = Counter()
    lost: Counter[str] = Counter(each["scene"] for each in found["lost"])
    scenes = list(dict.fromkeys(row["scene"] for row in found["rows"]))
    scenes = [scene for scene in scenes if scene.startswith("assay run") is whole]
    for row in found["rows"]:
        for name, counts in columns.items():
            if counts(row["what"]):
                cells[row["scene"], name] += row["trials"]
    rows = [
        [scene.removeprefix("assay run, ")]
        + [f"{cells[scene, name]:,}" for name in columns]
        + [str(lost[scene])]
        for scene in scenes
    ]
    total = [
        "**all**",
        *(f"{sum(cells[scene, name] for scene in scenes):,}" for name in columns),
        f"**{sum(lost[scene] for scene in scenes)}**",
    ]
    return _lines([title, *map(str.strip, columns), "lost"], [*rows, total])


def _lines(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    rule = ["---", *("---:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))
