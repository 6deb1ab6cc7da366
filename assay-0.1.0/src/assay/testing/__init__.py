"""Contract tests for other packages: what assay relies on in a kind of experiment, or in a cell.

Call them from a test of your own; each raises an `AssertionError` that says what does not hold::

    from assay.testing import check_kind

    def test_my_kind(tmp_path):
        check_kind(KIND, MyConfig(steps=50), tmp_path)
"""

from assay.testing.cells import check_cell
from assay.testing.kinds import check_kind

__all__ = ["check_cell", "check_kind"]
