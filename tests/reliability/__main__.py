"""The long campaigns: some thousand trials, and the page that says what came of them.

    python -m tests.reliability crash      kills and full disks (`make torture`)
    python -m tests.reliability damage     bits flipped and files cut off (`make torture`)
    python -m tests.reliability page       write docs/reliability.md once more

Writes docs/reliability.{json,md} again and again as trials are made. Seeded; half an hour each.
"""

import argparse
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


def counted(outcomes: Iterable[Outcome]) -> Iterator[dict[str, Any]]:
    """How many trials there were of each kind, and all that was lost: so far, again and again."""
    trials: Counter[tuple[str, str]] = Counter()
    early: Counter[str] = Counter()
    lost: list[dict[str, Any]] = []

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
        if number % 20 == 0:
            yield so_far()
    yield so_far()


def main() -> None:
    """Run one campaign, or write the page again."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=[*CAMPAIGNS, "page"])
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    numbers = json.loads(NUMBERS.read_text()) if NUMBERS.exists() else {}
    began = time.monotonic()
    facts = {"seed": asked.seed, "machine": machine()["processor"]}
    for found in counted(CAMPAIGNS[asked.what](asked.seed)) if asked.what != "page" else ():
        minutes = round((time.monotonic() - began) / 60)
        numbers[asked.what] = {**found, **facts, "minutes": minutes}
        NUMBERS.write_text(json.dumps(numbers, indent=1, ensure_ascii=False) + "\n")
    if "crash" in numbers:
        PAGE.write_text(write(numbers))


if __name__ == "__main__":
    main()
