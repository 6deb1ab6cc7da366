"""Who waits is told what for; who does not wait is told nothing."""

import io
import sys
import time

import pytest

from assay.cli.show import busy as module
from assay.cli.show.busy import busy


class Terminal(io.StringIO):
    """A screen."""

    def isatty(self) -> bool:
        return True


def wait_for(stream: io.StringIO, text: str) -> None:
    end = time.monotonic() + 20
    while text not in stream.getvalue():
        assert time.monotonic() < end, stream.getvalue()
        time.sleep(0.005)


def test_on_a_terminal_a_line_counts_and_is_gone_at_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(module, "MOMENT_SECONDS", 0.01)
    monkeypatch.setenv("COLUMNS", "20")
    with busy("writing a long report of many runs"):
        wait_for(screen, "\r")
    shown = screen.getvalue()
    assert all(len(line) < 20 + len("\x1b[K") for line in shown.split("\r"))
    assert shown.startswith("\rwriting a long repo\x1b[K")
    assert shown.endswith("\r\x1b[K")


def test_elsewhere_a_line_has_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    monkeypatch.setattr(module, "QUIET_SECONDS", 0.01)
    monkeypatch.setattr(module, "now", lambda: "12:00:00")
    with busy("writing"):
        wait_for(log, "12:00:00 writing: 0 s\n")


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_what_is_over_in_a_moment_says_nothing(stream, monkeypatch: pytest.MonkeyPatch) -> None:
    quiet = stream()
    monkeypatch.setattr(sys, "stderr", quiet)
    with pytest.raises(ValueError, match="its own"), busy("writing"):
        raise ValueError("its own")
    assert quiet.getvalue() == ""
