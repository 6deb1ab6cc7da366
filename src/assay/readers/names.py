"""What columns are commonly called, and what was meant by a name that there is not."""

import difflib
from collections.abc import Iterable, Sequence

SEEDS = ("seed", "random_seed", "rng_seed", "run_seed", "init_seed", "manual_seed")
STEPS = ("step", "global_step", "_step", "iteration", "iter", "update", "epoch")
"""The first that there is: where there are several, the finest."""
RUNS = ("run", "run_id", "run_name", "trial", "trial_id", "replicate", "repeat")

_LISTED = 8


def by_name(names: Sequence[str], wanted: Sequence[str]) -> str | None:
    """The first wanted that there is, in any case, or as the last part of `trainer/seed`."""
    there = {each.lower(): each for each in reversed(names)}
    ends = {each.replace("/", ".").rpartition(".")[2]: name for each, name in there.items()}
    for known in (there, ends):
        if found := next((known[name] for name in wanted if name in known), None):
            return found
    return None


def near(name: str, there: Iterable[str]) -> str:
    """What was meant perhaps, and what there is."""
    names = list(there)
    close = difflib.get_close_matches(name, names, n=1)
    hint = f"did you mean {close[0]!r}? " if close else ""
    return f"{hint}there are {listed(names)}" if names else "there are none"


def listed(names: Sequence[str]) -> str:
    """Names, the first of them where there are many."""
    shown = ", ".join(map(repr, names[:_LISTED]))
    return shown + (", …" if len(names) > _LISTED else "")
