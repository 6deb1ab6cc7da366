"""A page as PDF, printed by the browser that is there."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from assay.errors import ConfigError, StoreError

BROWSERS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("msedge", "microsoft-edge"),
)
_SECONDS = 180


def printer() -> str:
    """The program of a browser that prints without a screen.

    Raises:
        ConfigError: if there is none.
    """
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise ConfigError(
            "format = 'pdf' needs Chromium, Chrome or Edge, and none is on the PATH: install one, "
            "or print index.html from any browser"
        )
    return found


def printed(page: bytes, browser: str) -> bytes:
    """A page as PDF, with all that a click would show, and page numbers.

    Raises:
        StoreError: if the browser does not print it.
    """
    with tempfile.TemporaryDirectory(prefix="assay-print-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source, target = folder / "report.html", folder / "report.pdf"
        source.write_bytes(page)
        command = [browser, "--headless", "--disable-gpu", "--no-pdf-header-footer"]
        command += [f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={target}"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.append("--no-sandbox")  # without it a browser refuses to start for root
        try:
            subprocess.run(
                [*command, source.as_uri()], capture_output=True, timeout=_SECONDS, check=True
            )
            return target.read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise StoreError(
                f"{browser} did not print the page ({type(error).__name__}): print index.html from "
                "any browser instead"
            ) from None
