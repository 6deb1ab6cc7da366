"""Core-time that is spent, by a clock of a test's own."""

import threading
import time

import pytest

from assay.campaign import budget_seconds
from assay.campaign.limits import Clock


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("45s", 45), ("90m", 5400), ("6h", 21_600), ("2d", 172_800), ("1.5h", 5400)],
)
def test_a_budget_is_a_number_and_its_unit(text: str, seconds: float) -> None:
    assert budget_seconds(text) == seconds


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    found = [0.0]
    monkeypatch.setattr("assay.campaign.limits.time.monotonic", lambda: found[0])
    return found


def test_runs_side_by_side_and_of_several_cores_spend_more(now: list[float]) -> None:
    clock = Clock(None, lambda: None)
    clock.begin("a", 1)
    clock.begin("b", 3)
    now[0] = 10.0
    assert clock.spent == 40
    clock.begin("a", 1)  # told of again
    clock.end("b")
    clock.end("b")
    now[0] = 15.0
    assert clock.spent == 45
    clock.end("a")
    now[0] = 99.0
    assert clock.spent == 45


def test_it_says_once_the_budget_is_spent_by_those_under_way() -> None:
    spent = threading.Event()
    with (clock := Clock(0.4, spent.set)):
        began = time.monotonic()
        clock.begin("a", 1)
        clock.begin("b", 1)
        assert spent.wait(10)
        assert 0.15 < time.monotonic() - began < 5


def test_nothing_is_said_while_nothing_runs_nor_after_its_end() -> None:
    spent = threading.Event()
    with (clock := Clock(1.0, spent.set)):
        clock.begin("a", 1)
        clock.end("a")
        assert not spent.wait(1.3)
        clock.begin("b", 1)
    assert not spent.wait(1.3)
