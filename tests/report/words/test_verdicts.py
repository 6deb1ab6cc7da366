"""A verdict's numbers in words."""

import pytest

from assay.report.words.verdicts import p_value
from tests.claims.made_up_claims import fill, part, write
from tests.claims.test_verdicts import HIGH, LOW, claims


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (0.00009, "< 0.0001"),
        (0.0001, "0.0001"),
        (0.00062, "0.00062"),
        (0.049, "0.049"),
        (1.0, "1"),
    ],
)
def test_p_values_have_two_digits(value: float | None, text: str) -> None:
    assert p_value(value) == text


@pytest.mark.parametrize(
    ("changes", "text"),
    [({}, "; 8 against 5 seeds)"), ({"paired": "true"}, "; 5 seeds, compared within each)")],
)
def test_seeds_are_those_that_are_compared(changes, text, tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part(**changes)])
    with path.open("a") as file:
        file.write("[profiles.full.experiments.second]\nseeds = 5\n")
    fill(path, store, first=HIGH, second=LOW)
    (found,) = claims(path, store, capsys)
    assert text in found["meaning"]
