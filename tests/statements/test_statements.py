"""The words of every statement, on both sides of what it claims."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.statements import STATEMENTS
from assay.statements.base import Finding
from assay.study.file import Part

ARMS = {
    "diminishing": ["GAN, update 1", "GAN, update 2", "GAN, update 4"],
    "rising": ["T = 5", "T = 10", "T = 30"],
    "falling": ["T = 5", "T = 10", "T = 30"],
    "above": ["RNN"],
    "below": ["RNN"],
}
FOUND = {
    "greater": (
        "the loss is 0.3 nats higher for LSTM than for RNN",
        "the loss is 0.3 nats lower for LSTM than for RNN",
    ),
    "smaller": (
        "the loss is 0.3 nats lower for LSTM than for RNN",
        "the loss is 0.3 nats higher for LSTM than for RNN",
    ),
    "equivalent": (
        "the loss is 0.3 nats higher for LSTM than for RNN",
        "the loss is 0.3 nats lower for LSTM than for RNN",
    ),
    # Above and below a threshold of 0.5, an effect of 0.3 in the claimed direction and against it.
    "above": (
        "for RNN the loss is 0.80, which is 0.3 nats above 0.50",
        "for RNN the loss is 0.20, which is 0.3 nats below 0.50",
    ),
    "below": (
        "for RNN the loss is 0.20, which is 0.3 nats below 0.50",
        "for RNN the loss is 0.80, which is 0.3 nats above 0.50",
    ),
    "rising": (
        "from T = 5 to T = 30 the loss rises by 0.3 nats",
        "from T = 5 to T = 30 the loss falls by 0.3 nats",
    ),
    "falling": (
        "from T = 5 to T = 30 the loss falls by 0.3 nats",
        "from T = 5 to T = 30 the loss rises by 0.3 nats",
    ),
    "diminishing": (
        "the loss improves by 0.3 nats less from update 2 to update 4 than from update 1 to "
        "update 2",
        "the loss improves by 0.3 nats more from update 2 to update 4 than from update 1 to "
        "update 2",
    ),
}


def _found(name: str, effect: float) -> str:
    arms = ARMS.get(name, ["LSTM", "RNN"])
    finding = Finding("loss", arms, effect, "0.3 nats", 0.5, lambda value: f"{value:.2f}")
    return STATEMENTS[name].found(finding).replace("\u00a0", " ")


@pytest.mark.parametrize("name", FOUND)
def test_what_was_found_on_either_side(name: str) -> None:
    assert (_found(name, 0.3), _found(name, -0.3)) == FOUND[name]


def test_every_statement_has_its_words_held() -> None:
    # Times are found by how often and when they were reached: tests/report.
    assert {*FOUND, "faster"} == set(STATEMENTS)


@pytest.mark.parametrize(
    ("name", "shares"),
    [("above", "which is 10 % above 50 %"), ("below", "which is 10 % below 50 %")],
)
def test_shares_on_the_claimed_side_of_a_threshold(name: str, shares: str) -> None:
    statement = STATEMENTS[name]
    assert statement.apart("10 %", 0.1, "50 %") == f", {shares}"
    other = {"above": "below", "below": "above"}[name]
    assert statement.apart("10 %", -0.1, "50 %") == f", {shares.replace(name, other)}"


def part(test: str, **changes) -> Part:
    arm = {"experiment": "a"}
    table = {"sentence": "s", "metric": "m", "of": arm, "margin": 0.1, "unit": "u", "test": test}
    return Part.model_validate({**table, **changes})


def said(asked: Part, *values: float) -> tuple[float, bool, bool]:
    """A seed's effect, whether it shows the statement, and whether the contrary."""
    statement = asked.statement
    return (
        statement.effect(asked, values),
        statement.excess(asked, values) > 0,
        statement.beyond(asked, values),
    )


AGAINST = {"against": {"experiment": "b"}}
THREE = {"of": [{"experiment": name} for name in "abc"]}
NEVER = math.inf


@pytest.mark.parametrize(
    ("asked", "values", "effect", "shows", "contrary"),
    [
        (part("greater", **AGAINST), (0.9, 0.5), 0.4, True, False),
        (part("greater", **AGAINST), (0.55, 0.5), 0.05, False, False),
        (part("greater", **AGAINST), (0.3, 0.5), -0.2, False, True),
        (part("smaller", **AGAINST), (0.3, 0.5), 0.2, True, False),
        (part("smaller", **AGAINST), (0.9, 0.5), -0.4, False, True),
        (part("equivalent", **AGAINST), (0.55, 0.5), 0.05, True, False),
        (part("equivalent", **AGAINST), (0.9, 0.5), 0.4, False, True),
        (part("equivalent", **AGAINST), (0.1, 0.5), -0.4, False, True),
        (part("faster", **AGAINST, margin=1.25), (100, 200), 2.0, True, False),
        (part("faster", **AGAINST, margin=1.25), (100, 120), 1.2, False, False),
        (part("faster", **AGAINST, margin=1.25), (200, 100), 0.5, False, True),
        (part("faster", **AGAINST, margin=1.25), (100, NEVER), NEVER, True, False),
        (part("faster", **AGAINST, margin=1.25), (NEVER, 100), 0.0, False, True),
        (part("faster", **AGAINST, margin=1.25), (NEVER, NEVER), 1.0, False, False),
        (part("faster", **AGAINST, margin=1.25), (0, 0), 1.0, False, False),
        (part("faster", **AGAINST, margin=1.25), (0, 10), NEVER, True, False),
        (part("above", threshold=0.5), (0.9,), 0.4, True, False),
        (part("above", threshold=0.5), (0.3,), -0.2, False, True),
        (part("below", threshold=0.5), (0.3,), 0.2, True, False),
        (part("below", threshold=0.5), (0.55,), -0.05, False, False),
        (part("rising", **THREE), (0.1, 0.5, 0.9), 0.8, True, False),
        (part("rising", **THREE), (0.1, 0.05, 0.9), 0.8, True, False),
        (part("rising", **THREE), (0.5, 0.1, 0.9), 0.4, False, False),
        (part("rising", **THREE), (0.9, 0.5, 0.1), -0.8, False, True),
        (part("rising", **THREE, margin=0.0), (0.1, 0.1, 0.9), 0.8, True, False),
        (part("falling", **THREE), (0.9, 0.5, 0.1), 0.8, True, False),
        (part("falling", **THREE), (0.1, 0.5, 0.9), -0.8, False, True),
        (part("diminishing", **THREE, gain="up"), (0.1, 0.7, 0.8), 0.5, True, False),
        (part("diminishing", **THREE, gain="up"), (0.1, 0.2, 0.8), -0.5, False, True),
        (part("diminishing", **THREE, gain="down"), (0.8, 0.2, 0.1), 0.5, True, False),
    ],
)
def test_what_a_seed_says(asked, values, effect, shows, contrary) -> None:
    found, is_shown, is_contrary = said(asked, *values)
    assert found == pytest.approx(effect)
    assert (is_shown, is_contrary) == (shows, contrary)


@given(st.lists(st.integers(-1_000, 1_000), min_size=3, max_size=3), st.integers(1, 500))
def test_no_seed_shows_a_statement_and_its_contrary(values, margin) -> None:
    whole = [value / 1_000 for value in values]
    for test in STATEMENTS:
        if test == "faster":
            asked = part(test, **AGAINST, margin=1 + margin / 100)
            seen = [abs(value) + 0.001 for value in whole[:2]]
        elif test in ("above", "below"):
            asked, seen = part(test, threshold=0.0, margin=margin / 1_000), whole[:1]
        elif test in ("greater", "smaller", "equivalent"):
            asked, seen = part(test, **AGAINST, margin=margin / 1_000), whole[:2]
        else:
            gain = {"gain": "up"} if test == "diminishing" else {}
            asked, seen = part(test, **THREE, **gain, margin=margin / 1_000), whole
        _, is_shown, is_contrary = said(asked, *seen)
        assert not (is_shown and is_contrary)
