"""The page of a study as Chromium lays it out: on a screen and a phone, light, dark and printed."""

import re
import subprocess

import pytest

from assay.claims.snapshot import Snapshot
from assay.report.pages.write import write_report
from assay.store import Store
from tests.claims.made_up_claims import declare
from tests.report.made_up_runs import SMALL, fill, write_study
from tests.report.pages.browser import chromium, layout, used

WIDE, PHONE, SCREEN = 1280, 390, 800
MOST_SCREENS, MOST_BYTES = 15, 3_000_000


@pytest.fixture(scope="module")
def judged(tmp_path_factory) -> str:
    """A page with verdicts."""
    folder = tmp_path_factory.mktemp("judged")
    study, store = write_study(folder, SMALL), Store(folder / "store")
    fill(store, study.arms("full"))
    declare(study.path, store)
    return write_report(Snapshot(study, "full", store), folder / "out").read_text(encoding="utf-8")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nothing_is_cut_and_everybody_can_read_it(judged, dark, tmp_path) -> None:
    chromium()
    for width, found in zip(
        (WIDE, PHONE), layout(judged, [WIDE, PHONE], tmp_path, dark=dark), strict=True
    ):
        assert found["width"] == width
        assert found["cut"] == []
        assert found["stops"] == found["scrolls"]  # only what scrolls is a stop of the keyboard
        assert found["faults"] == []
        assert max(found["first"]) < SCREEN  # counts, a picture and the strip begin at once


def test_a_page_of_many_claims_and_figures_is_short(flagship_page, tmp_path) -> None:
    chromium()
    text = flagship_page.read_text(encoding="utf-8")
    assert len(text.encode()) < MOST_BYTES
    wide, phone = layout(text, [WIDE, PHONE], tmp_path, dark=False, audited=1)
    assert wide["height"] <= MOST_SCREENS * SCREEN
    for width, found in ((WIDE, wide), (PHONE, phone)):
        assert found["width"] == width
        assert found["cut"] == []
        assert found["faults"] == []


def test_a_printed_page_has_what_a_click_would_show(judged, tmp_path) -> None:
    page, printed = tmp_path / "page.html", tmp_path / "page.pdf"
    page.write_text(judged, encoding="utf-8")
    sizes = []
    for text in (judged, re.sub("<details.*?</details>", "", judged, flags=re.S)):
        page.write_text(text, encoding="utf-8")
        command = [chromium(), "--headless", "--no-sandbox", "--disable-gpu"]
        command += [f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={printed}"]
        subprocess.run([*command, page.as_uri()], capture_output=True, timeout=600, check=True)
        sizes.append(len(re.findall(rb"/Type /Page\b", printed.read_bytes())))
    assert sizes[0] > sizes[1] > 0


def test_a_seed_is_drawn_and_a_film_is_moved(flagship_page, tmp_path) -> None:
    chromium()
    text = flagship_page.read_text(encoding="utf-8")
    found = used(text, tmp_path)
    alone = re.search('<ul class="alone">(.*?)</ul>', text, re.S)
    assert alone
    seeds = {each.strip() for each in re.findall("<li[^>]*>(.*?)</li>", alone[1])}
    assert set(found["told"]) <= seeds
    assert found["tally"].startswith("Drawn 3 times: ")
    frames = len(found["last"])
    assert found["last"] == [False] * (frames - 1) + [True]
    assert found["first"] == [True] + [False] * (frames - 1)
    assert found["at"].startswith("start")
    assert found["opened"]
