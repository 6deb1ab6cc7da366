"""Runs are started here, by a study, a command or a test; and followed to their end."""

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from assay.config import RunConfig
from assay.consent import require
from assay.execution.check import check_plugins, notices
from assay.execution.events import Event, Result
from assay.execution.executor import Executor, OpenSession, RunOptions, Session
from assay.execution.local import LocalExecutor
from assay.execution.pace import work
from assay.plugins import code_of
from assay.store import Store


def start(
    configs: Sequence[RunConfig],
    store: Store,
    options: RunOptions | None = None,
    executor: Executor | None = None,
    tell: Callable[[str], None] = lambda text: None,
) -> Session:
    """Start training runs, the longest first, on this machine if no other executor is given.

    What of their data may not be as it was meant is told before, in a sentence each.

    Raises:
        AssayError: if the store cannot be written, or what the user brought to a run cannot be
            used, or nobody allowed its code; nothing was started then.
    """
    executor = _ready(configs, store, executor, tell)
    return executor.start(sorted(configs, key=work, reverse=True), store, options or RunOptions())


def open_session(
    likely: Sequence[RunConfig],
    store: Store,
    options: RunOptions | None = None,
    executor: Executor | None = None,
    tell: Callable[[str], None] = lambda text: None,
) -> OpenSession:
    """A session without runs, for one who adds some of the `likely` while it trains.

    What of their data may not be as it was meant is told before, in a sentence each.

    Raises:
        AssayError: as `start`, or if the executor has no such sessions.
    """
    return _ready(likely, store, executor, tell).open(store, options or RunOptions())


def _ready(
    configs: Sequence[RunConfig],
    store: Store,
    executor: Executor | None,
    tell: Callable[[str], None],
) -> Executor:
    executor = executor or LocalExecutor()
    require(code_of(configs))
    store.prepare()
    executor.prepare(configs)
    check_plugins(configs)
    for text in notices(configs):
        tell(text)
    return executor


def follow(session: Session, watch: Callable[[Event], None]) -> list[Result]:
    """Call `watch` with every event to the end of a session, and close it.

    In the main thread, Ctrl-C or SIGTERM asks the session to save and stop, and a second one ends
    it at once.
    """
    with session, interrupts(session):
        for event in session.events():
            watch(event)
        return session.results()


@contextlib.contextmanager
def interrupts(session: Session) -> Iterator[None]:
    """Have Ctrl-C and SIGTERM stop a session, for the length of a `with` block.

    The first asks it to save and stop, a second ends it at once; outside the main thread neither
    is heard.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked = False

    def handle(*_: Any) -> None:
        nonlocal asked
        session.stop(now=asked)
        asked = True

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
