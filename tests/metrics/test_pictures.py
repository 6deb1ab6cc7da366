import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from assay.metrics.balance import class_balance
from assay.metrics.pictures import BRIGHT, isolated_pixels, total_variation


def image(*rows: str) -> torch.Tensor:
    """A gray image drawn with # for a bright pixel."""
    values = [[255 if letter == "#" else 0 for letter in row] for row in rows]
    return torch.tensor(values, dtype=torch.uint8)[None, None]


@pytest.mark.parametrize(
    ("drawn", "count"),
    [
        (image("....", "....", "...."), 0),
        (image("....", ".#..", "...."), 1),
        (image("#...", "....", "...#"), 2),
        (image("#...", ".#..", "...."), 0),
        (image("##..", "....", "...#"), 1),
        (image("#.#.#", ".....", "#.#.#"), 6),
    ],
)
def test_isolated_pixels_have_no_bright_neighbour(drawn: torch.Tensor, count: int) -> None:
    assert isolated_pixels(drawn).tolist() == [count]


def test_what_is_bright_and_what_is_gray() -> None:
    dim = torch.zeros(2, 1, 3, 3, dtype=torch.uint8)
    dim[0, 0, 1, 1], dim[1, 0, 1, 1] = BRIGHT - 1, BRIGHT
    assert isolated_pixels(dim).tolist() == [0, 1]
    colour = torch.zeros(1, 3, 3, 3, dtype=torch.uint8)
    colour[0, 0, 1, 1] = 255  # a third of it, 85, is its gray
    assert isolated_pixels(colour).tolist() == [1]


@given(st.integers(2, 9), st.integers(2, 9), st.integers(0, 10**6))
def test_total_variation_is_the_mean_difference(height: int, width: int, seed: int) -> None:
    values = np.random.default_rng(seed).integers(0, 256, (1, 1, height, width), dtype=np.uint8)
    pixels = values[0, 0].astype(np.float64) / 255
    across = [abs(pixels[i, j] - pixels[i, j + 1]) for i in range(height) for j in range(width - 1)]
    down = [abs(pixels[i, j] - pixels[i + 1, j]) for i in range(height - 1) for j in range(width)]
    found = float(total_variation(torch.from_numpy(values)))
    assert found == pytest.approx(np.mean([*across, *down]), rel=1e-5)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=60))
def test_class_balance_is_the_divergence_from_even(predicted: list[int]) -> None:
    shares = [predicted.count(number) / len(predicted) for number in range(5)]
    expected = sum(share * math.log(share * 5) for share in shares if share)
    assert class_balance(torch.tensor(predicted), 5) == pytest.approx(expected, abs=1e-12)


def test_class_balance_of_one_class_is_log_k() -> None:
    assert class_balance(torch.full((9,), 3), 10) == pytest.approx(math.log(10))
    assert class_balance(torch.arange(10), 10) == pytest.approx(0, abs=1e-12)
