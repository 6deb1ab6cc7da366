"""Results that real packages wrote."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of `tests.readers.written`, which one process writes for all workers."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder, done = shared / "written", shared / "written.done"
    with FileLock(shared / "written.lock"):
        if not done.exists():
            folder.mkdir()
            subprocess.run(
                [sys.executable, "-m", "tests.readers.written", str(folder)],
                cwd=ROOT,
                check=True,
                capture_output=True,
            )
            done.touch()
    return folder
