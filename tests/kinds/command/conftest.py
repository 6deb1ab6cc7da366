"""A folder to run commands in."""

from pathlib import Path

import pytest

from tests.kinds.command.helpers import Trial


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    """A folder with scripts, and a store in it."""
    return Trial(tmp_path)
