"""One studio and one browser for all tests of a process."""

import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.end_to_end.conftest import COMMAND, STUDY
from tests.report.pages.browser import chromium

EVIDENCE = Path(__file__).parents[2] / "results" / "nanogpt"


@dataclass(frozen=True)
class Served:
    """A studio that runs: its address, and the folder of its store and study file."""

    address: str
    folder: Path


def served(folder: Path, *arguments: str) -> Iterator[Served]:
    """`assay studio` in a process of its own, until the fixture ends."""
    process = subprocess.Popen(
        [COMMAND, "studio", *arguments], cwd=folder, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:"), address
        yield Served(address, folder)
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0


@pytest.fixture(scope="session")
def editable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Over an empty store and a study of short runs, with --edit."""
    folder = tmp_path_factory.mktemp("studio")
    (folder / "small.toml").write_text(STUDY, encoding="utf-8")
    yield from served(folder, "small.toml", "--edit")


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Over committed evidence."""
    yield from served(tmp_path_factory.mktemp("kept"), "--from", str(EVIDENCE))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = chromium()
    expect.set_options(timeout=40_000)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page on which any fault of a script fails the test."""
    faults: list[str] = []
    opened = browser.new_page()
    opened.set_default_timeout(40_000)
    opened.on("pageerror", lambda error: faults.append(str(error)))
    yield opened
    opened.close()
    assert not faults
