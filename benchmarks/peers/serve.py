"""How a benchmark asks a process to train: one JSON object a line on its input, one back.

    {"setup": {…}}            build a training           {"parameters": 67850, "path": "torch.lstm"}
    {"updates": 20, "at": t}  train, from time t on      {"seconds": 0.21, "losses": [2.3, …]}
    {"profile": 20}           train under a profiler     {"products": 0.1, "optimizer": 0.02}

`at` is of the monotonic clock, which all processes of a machine share: those that are told the same
time start together. A setup that fails is answered by {"error": "…"}.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol


class Training(Protocol):
    """A network and what is needed to make updates of it."""

    parameters: int
    path: str

    def train(self, updates: int) -> Sequence[float]:
        """Make so many updates; the losses of some or all of them, in order."""


def serve(build: Callable[[dict[str, Any]], Training]) -> None:
    """Answer until the input ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print goes elsewhere
    training: Training | None = None
    for ask in _lines():
        if "setup" in ask:
            training = None  # one at a time is in memory
            try:
                training = build(ask["setup"])
                found = {"parameters": training.parameters, "path": training.path}
            except Exception as error:  # any library's
                found = {"error": f"{type(error).__name__}: {error}".splitlines()[0]}
        elif training is None:
            raise SystemExit("asked to train before a setup that succeeded")
        elif "profile" in ask:
            found = training.profile(ask["profile"])
        else:
            found = _timed(training, ask["updates"], ask["at"])
        print(json.dumps(found), file=answers, flush=True)


def _lines() -> Iterator[dict[str, Any]]:
    for line in sys.stdin:
        yield json.loads(line)


def _timed(training: Training, updates: int, at: float) -> dict[str, Any]:
    time.sleep(max(0.0, at - time.monotonic()))
    start = time.perf_counter()
    losses = training.train(updates)
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "losses": [float(loss) for loss in losses]}
