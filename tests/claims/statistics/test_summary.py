"""Holm's correction, interquartile means and their bootstrap."""

import numpy as np
import pytest

from assay.claims.statistics import bca_interval, holm, interquartile_mean


def test_holm_by_hand() -> None:
    # R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") is 0.03 0.06 0.06 0.02.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, 0.8]) == [1, 1]
    assert holm([]) == []


def test_an_interquartile_mean_leaves_a_quarter_out_on_either_side() -> None:
    assert interquartile_mean([100, 0, 2, 7, 3, 0, 4, 6]) == pytest.approx((2 + 3 + 4 + 6) / 4)
    assert interquartile_mean([5, 1]) == 3


def test_bootstrap_only_where_it_can_be_trusted() -> None:
    rng = np.random.default_rng(5)
    x, y = rng.normal(1, 1, 12), rng.normal(0, 1, 12)
    found = bca_interval(x, y)
    assert found is not None
    assert found[0] < interquartile_mean(x) - interquartile_mean(y) < found[1]
    assert bca_interval(x[:9], y) is None
    assert bca_interval(np.ones(12), y) is None
    assert interquartile_mean([0, 1, 2, 3, 4, 5, 6, 1000]) == 3.5
