"""A kind of experiment of another package: how a shuffled list gets sorted by random swaps.

It uses Python's standard library alone.
"""

import json
import random
from collections.abc import Mapping
from itertools import pairwise
from typing import ClassVar, Literal

from pydantic import Field

from assay.config import Ending, FigureKind, Kind, Moments, Progress, RunConfig
from assay.outcomes.outcome import Outcome, Value
from assay.store import RunFolder
from assay.store.log import Log, Numbers

EVERY = 50


class SortingConfig(RunConfig):
    """One list, sorted by random swaps."""

    kind: Literal["sorting"] = "sorting"
    items: int = Field(default=16, ge=2, description="Items of the list.")
    steps: int = Field(default=400, ge=1, description="Swaps that are tried.")
    neighbours: bool = Field(default=False, description="Whether only neighbours are swapped.")


def _sorted_share(log: Log, update: int | None) -> Value:
    lines = [line for line in log.numbers if update in (None, line.update)]
    return Value(lines[-1].numbers["in_order"] if lines else None)


def _steps_to_sorted(log: Log, _: int | None) -> Value:
    for line in log.numbers:
        if line.numbers["in_order"] == 1.0:
            return Value(float(line.update))
    return Value(None, censored_at=log.updates)


class SortingKind(Kind):
    """Sorting by random swaps."""

    name = "sorting"
    config = SortingConfig
    answers = ("sorted_share", "steps_to_sorted")
    default_figures = ("progress",)
    figures: ClassVar[Mapping[str, FigureKind]] = {
        "progress": FigureKind("sorting_kind.drawing:progress", "The share in order, of {arms}.")
    }
    outcomes: ClassVar[Mapping[str, Outcome]] = {
        "sorted_share": Outcome(
            "share of neighbours in order at the end",
            "share",
            _sorted_share,
            ("in_order",),
            at_moments=True,
            low=0,
            high=1,
        ),
        "steps_to_sorted": Outcome(
            "steps until sorted", "updates", _steps_to_sorted, ("in_order",), low=0
        ),
    }

    def execute(
        self, config: SortingConfig, folder: RunFolder, watch, stop, checkpoint_seconds
    ) -> Ending:
        state = folder.checkpoints / "state.json"
        rng, step = random.Random(config.seed), 0
        items = list(range(config.items))
        rng.shuffle(items)
        log = folder.log("metrics")
        try:
            if state.exists():
                saved = json.loads(state.read_text())
                step, items = saved["step"], saved["items"]
                rng.setstate((saved["rng"][0], tuple(saved["rng"][1]), saved["rng"][2]))
                log.rewind(saved["log"])
            else:
                log.rewind(None)
            while step < config.steps:
                left = rng.randrange(config.items - 1)
                right = left + 1 if config.neighbours else rng.randrange(left + 1, config.items)
                if items[left] > items[right]:
                    items[left], items[right] = items[right], items[left]
                step += 1
                if step % EVERY == 0 or step == config.steps:
                    log.append(Numbers(step, {"in_order": _in_order(items)}))
                    watch(Progress(step, config.steps, 1, None))
                    if stop() and step < config.steps:
                        saved = {"step": step, "items": items, "rng": rng.getstate()}
                        state.write_text(json.dumps({**saved, "log": log.mark()}))
                        return Ending("stopped", step, 0.0)
            log.mark()
        finally:
            log.close()
        return Ending("finished", step, 0.01 * step)

    def logged(self, config: SortingConfig) -> dict[str, Moments]:
        steps = config.steps
        return {"in_order": frozenset({*range(EVERY, steps + 1, EVERY), steps})}

    def updates(self, config: SortingConfig) -> int:
        return config.steps


def _in_order(items: list[int]) -> float:
    right = sum(low < high for low, high in pairwise(items))
    return right / (len(items) - 1)


KIND = SortingKind()
