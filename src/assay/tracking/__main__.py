"""The process that brings runs to one tracker: `python -m assay.tracking TARGET LOCK`.

What it is told comes as JSON lines on its standard input, and what it tells goes to its standard
output in the same way. When its input ends without a word, who started it is gone: it brings what
there is, and does not outlive it for long.
"""

import contextlib
import json
import os
import queue
import sys
import threading
import time
from dataclasses import asdict

from filelock import FileLock

from assay.tracking.bringing import Bringing, Finish, Message, Standing
from assay.tracking.sink import Ended, Sink, Subject
from assay.tracking.target import TARGET, Target, parse_target

_NICE = 10
_ORPHAN_SECONDS = 30.0


def main(lock: str) -> None:
    """Bring runs to a tracker until it is told that no more will come."""
    text = os.environ.pop(TARGET)
    if hasattr(os, "nice"):
        os.nice(_NICE)  # training comes first
    told = os.fdopen(os.dup(1), "w", encoding="utf-8")
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)  # what packages print is no part of what it tells
    os.dup2(silent, 2)
    inbox: queue.Queue[Message] = queue.Queue()
    threading.Thread(target=_read, args=(inbox,), daemon=True).start()

    def tell(standing: Standing) -> None:
        with contextlib.suppress(BrokenPipeError):
            told.write(json.dumps(asdict(standing)) + "\n")
            told.flush()

    # Two commands on one store write nothing twice: the second comes when the first has ended.
    with FileLock(lock):
        Bringing(lambda: _sink(parse_target(text)), inbox, tell).run()
    os._exit(0)  # whatever threads of the tracker's package are left


def _sink(target: Target) -> Sink:
    if target.tracker == "tensorboard":
        from assay.tracking.tensorboard import TensorBoardSink

        return TensorBoardSink(target.place)
    from assay.tracking.mlflow import MlflowSink

    return MlflowSink(target)


def _read(inbox: "queue.Queue[Message]") -> None:
    for line in sys.stdin:
        found = json.loads(line)
        if "arms" in found:
            lists = {name: tuple(found[name]) for name in ("arms", "experiments")}
            inbox.put(Subject(**{**found, **lists}))
        elif "status" in found:
            inbox.put((found.pop("run"), Ended(**found)))
        else:
            inbox.put(Finish())
            return
    inbox.put(Finish())
    time.sleep(_ORPHAN_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1])
