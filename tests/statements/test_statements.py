"""The words of every statement, on both sides of what it claims."""

import pytest

from assay.statements import STATEMENTS
from assay.statements.base import Finding

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


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (-0.01, 0.02, "within 5 points either way, so it makes no difference"),
        (0.06, 0.2, "beyond 5 points, so it does make a difference"),
        (-0.2, -0.06, "beyond 5 points, so it does make a difference"),
        (-0.01, 0.06, "holds differences both below and above 5 points"),
    ],
)
def test_what_an_interval_says_of_sameness(low: float, high: float, text: str) -> None:
    assert text in STATEMENTS["equivalent"].meaning(low, high, 0.05, "5 points", 0.0)


@pytest.mark.parametrize(
    ("low", "high", "margin", "text"),
    [
        (0.06, 0.2, 0.05, "beyond the smallest difference that counts, 5 points, on the side of"),
        (0.01, 0.2, 0.0, "All of the interval is on the side of the claim."),
        (0.01, 0.04, 0.05, "short of the smallest difference that counts, 5 points."),
        (-0.3, -0.1, 0.05, "the other way round"),
        (-0.3, 0.0, 0.0, "the other way round"),
        (0.01, 0.2, 0.05, "on both sides of the smallest difference that counts, 5 points."),
        (-0.1, 0.2, 0.0, "on both sides of where the claim turns."),
    ],
)
def test_what_an_interval_says(low: float, high: float, margin: float, text: str) -> None:
    assert text in STATEMENTS["above"].meaning(low, high, margin, "5 points", 0.0)
