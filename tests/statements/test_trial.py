"""What one-sided tests are put together to."""

import numpy as np

from assay.claims.statistics import welch_test
from assay.statements.trial import equivalent


def test_equivalence_is_two_tests() -> None:
    x, y = [1.0, 1.1, 0.9, 1.05, 0.95], [1.02, 1.08, 0.92, 1.01, 0.97]
    found = equivalent(lambda margin: welch_test(x, y, margin), 0.5)
    assert found.p_supported == max(
        welch_test(x, y, -0.5).p_supported, welch_test(x, y, 0.5).p_refuted
    )
    assert found.p_supported < 0.001
    far = equivalent(lambda margin: welch_test(np.add(x, 3), y, margin), 0.5)
    assert far.p_refuted < 0.001 < far.p_supported
