"""The sign test."""

import numpy as np
import pytest

from assay.claims.statistics import sign_test


def test_the_sign_test_counts_signs() -> None:
    found = sign_test([1, 2, 3, 4, 5, 6, 7, -1], 0.0)
    assert found.p_supported == pytest.approx(9 / 256)
    assert (found.effect, found.low, found.high) == (3.5, -1, 7)
    assert sign_test(np.arange(1, 9), 0.0).p_supported == 1 / 256
    assert sign_test([1, 1, 1, np.nan], 0.0).p_supported == pytest.approx(5 / 16)
    assert sign_test([1, 1, 1], 0.0).low == -np.inf
