"""What the benchmarks have in common: options, the machine beside the numbers, and the record."""

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import machine
import table
from arms import say, two_cores

from assay.execution.local import default_workers

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "performance.md"

Found = dict[str, Any]


def run(
    name: str,
    about: str,
    measure: Callable[[argparse.Namespace], Found],
    tables: Callable[[Found], dict[str, str]],
    rounds: int = 5,
    seconds: float = 0.2,
    draw: Callable[[Found], None] | None = None,
    before: Callable[[argparse.Namespace], Found] | None = None,
) -> None:
    """Measure, print the tables, and with --record keep everything.

    Args:
        name: of the file in `results/`.
        about: what --help says.
        measure: from the options to what is kept as JSON.
        tables: Markdown by the name of its marks in docs/performance.md.
        rounds: default of --rounds.
        seconds: default of --seconds.
        draw: writes the figures.
        before: what is counted and not timed, so that other processes do not matter.
    """
    parser = argparse.ArgumentParser(description=about.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=rounds, help=f"default: {rounds}")
    parser.add_argument("--seconds", type=float, default=seconds, help="of an arm in a round")
    parser.add_argument(
        "--record", action="store_true", help=f"write results/{name}.json and docs/performance.md"
    )
    options = parser.parse_args()
    counted = before(options) if before else {}
    others, start = machine.Others(default_workers()), time.monotonic()
    facts = machine.describe(len(two_cores()))
    found = {"rounds": options.rounds, **counted, **measure(options), "machine": facts}
    facts["others_share"] = share = others.share()
    found["seconds"] = round(time.monotonic() - start)
    written = tables(found)
    for text in written.values():
        print(text, end="\n\n")
    say(f"{name}: {found['seconds']} s")
    if share is not None and share > machine.BUSY:
        raise SystemExit(
            f"other processes took {share:.1%} of the cores: nothing is recorded, measure again on "
            "a quiet machine"
        )
    if options.record:
        table.write_json(found, HERE / "results" / f"{name}.json")
        for mark, text in written.items():
            table.replace(text, PAGE, mark)
        if draw:
            draw(found)
