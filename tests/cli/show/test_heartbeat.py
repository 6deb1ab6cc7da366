"""What is said while nothing happens, off a terminal."""

import threading

import pytest

from assay.cli.show.heartbeat import Heartbeat


def test_it_tells_again_and_again_until_it_is_over() -> None:
    told, often = [], threading.Event()

    def tell() -> None:
        told.append(1)
        if len(told) == 3:
            often.set()

    heartbeat = Heartbeat(tell, seconds=0.001)
    with heartbeat:
        assert often.wait(60)
    assert not heartbeat._thread.is_alive()


def test_it_does_not_tell_while_something_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    now, told = [0.0], []
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    heartbeat = Heartbeat(lambda: told.append(now[0]))
    waits = iter([False, False, False, False, True])

    def wait(seconds: float) -> bool:
        """An event that a moment passes in, and after 4 that it is over."""
        now[0] += 29.0
        if now[0] < 60:
            heartbeat.said()
        return next(waits)

    monkeypatch.setattr(heartbeat._over, "wait", wait)
    with heartbeat:
        heartbeat._thread.join()
    # Something was said at 29 and 58; 87 is 29 seconds later, and 116 is 58.
    assert told == [116.0]
