"""Opening a page in the browser of a screen, if there is one."""

import os
import sys
from pathlib import Path

from assay.cli.options import say


def show_page(page: Path) -> None:
    """Open the page in a browser of a screen: one of the terminal would take it."""
    import webbrowser

    screen = os.name == "nt" or sys.platform == "darwin"
    screen = screen or any(os.environ.get(each) for each in ("DISPLAY", "WAYLAND_DISPLAY"))
    if not (screen and webbrowser.open(page.resolve().as_uri())):
        say(f"there is no browser to open {page}")
