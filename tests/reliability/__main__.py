"""The long campaigns: some thousand trials, and the page that says what came of them.

    python -m tests.reliability crash      kills and full disks (`make torture`)
    python -m tests.reliability damage     bits flipped and files cut off (`make torture`)
    python -m tests.reliability hostile    files of anybody's (`make torture`)
    python -m tests.reliability page       write docs/reliability.md once more

Writes docs/reliability.{json,md} again and again as trials are made. Seeded; half an hour each.
"""

import argparse
import itertools
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assay.execution.machine import machine
from tests.reliability.campaign import (
    chosen,
    clocks,
    damage_of,
    whole_commands,
    whole_commands_at,
)
from tests.reliability.hostile.campaign import replayed, still_lost, trials
from tests.reliability.page import write
from tests.reliability.trials import Outcome, Stage

DOCS = Path(__file__).parents[2] / "docs"
NUMBERS, PAGE = DOCS / "reliability.json", DOCS / "reliability.md"


def crash(seed: int) -> Iterator[Outcome]:
    """Every change of every scene in memory, some on a disk, and whole commands."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory(dir="/dev/shm") as memory, Stage(Path(memory) / "s") as stage:
        yield from chosen(stage, rng)
        yield from clocks(stage, rng, 5)
    with tempfile.TemporaryDirectory() as disk, Stage(Path(disk) / "a store of Zoë's, 雪") as stage:
        yield from chosen(stage, rng, 10)
        yield from whole_commands_at(stage, rng, 3)
        yield from whole_commands(stage, rng, 2)


def damage(seed: int) -> Iterator[Outcome]:
    """Files of every kind damaged."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as memory, Stage(Path(memory) / "s") as stage:
        yield from damage_of(stage, random.Random(seed), 110)


CAMPAIGNS = {"crash": crash, "damage": damage}


def hostile(before: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Files of anybody's; goes on where it was, and begins again where it had come to its end."""
    done = {(row["scene"], row["what"]): row["trials"] for row in before.get("rows", [])}
    with tempfile.TemporaryDirectory(dir="/dev/shm") as memory:
        base = Path(memory)
        lost = still_lost(before.get("lost", []), base)
        found = trials(done, base)
        first = next(found, None)
        if first is None:
            done, lost = {}, []
            found = trials(done, base)
        else:
            found = itertools.chain([first], found)
        yield from counted(
            (each for outcome, times in found for each in itertools.repeat(outcome, times)),
            {**before, "rows": before.get("rows", []) if done else [], "lost": lost},
            every=500,
        )


def counted(
    outcomes: Iterable[Outcome], before: dict[str, Any] | None = None, every: int = 20
) -> Iterator[dict[str, Any]]:
    """How many trials there were of each kind, and all that was lost: so far, again and again."""
    before = before or {}
    trials: Counter[tuple[str, str]] = Counter(
        {(row["scene"], row["what"]): row["trials"] for row in before.get("rows", [])}
    )
    early: Counter[str] = Counter()
    lost: list[dict[str, Any]] = list(before.get("lost", []))

    def so_far() -> dict[str, Any]:
        print(f"{trials.total()} trials, {len(lost)} with losses", file=sys.stderr, flush=True)
        rows = [{"scene": scene, "what": what, "trials": n} for (scene, what), n in trials.items()]
        return {"rows": rows, "ended_before": dict(early), "lost": lost}

    for number, outcome in enumerate(outcomes, start=1):
        trials[outcome.scene, outcome.what] += 1
        early[outcome.scene] += not outcome.fired
        if outcome.losses:
            lost.append(asdict(outcome))
            print(outcome, file=sys.stderr, flush=True)
        if number % every == 0:
            yield so_far()
    yield so_far()


def campaign(what: str, seed: int, numbers: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What came of one, so far."""
    if what == "hostile":
        yield from hostile(numbers.get(what, {}))
    elif what != "page":
        yield from counted(CAMPAIGNS[what](seed))


def main() -> None:
    """Run one campaign, or write the page again."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=[*CAMPAIGNS, "hostile", "page"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--replay", help="an input of the campaign of hostile files, by its name")
    asked = parser.parse_args()
    if asked.replay:
        with tempfile.TemporaryDirectory() as base:
            print(replayed(asked.replay, Path(base)) or "all is well")
        return
    numbers = json.loads(NUMBERS.read_text()) if NUMBERS.exists() else {}
    began = time.monotonic()
    facts = {"seed": asked.seed, "machine": machine()["processor"]}
    spent = numbers.get("hostile", {}).get("minutes", 0) if asked.what == "hostile" else 0
    for found in campaign(asked.what, asked.seed, numbers):
        minutes = spent + round((time.monotonic() - began) / 60)
        numbers[asked.what] = {**found, **facts, "minutes": minutes}
        NUMBERS.write_text(json.dumps(numbers, indent=1, ensure_ascii=False) + "\n")
    if "crash" in numbers:
        PAGE.write_text(write(numbers))


if __name__ == "__main__":
    main()
