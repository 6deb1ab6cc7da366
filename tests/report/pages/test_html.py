import itertools
import re
from pathlib import Path

import pytest

from assay.claims.snapshot import Snapshot
from assay.figures.labels import number
from assay.report.pages.write import write_report
from assay.report.words import numbers as words
from assay.report.words.cells import asked_and_shown
from tests.report.page import Page, one_line


@pytest.fixture(scope="module")
def folder(flagship_page: Path) -> Path:
    return flagship_page.parent


@pytest.fixture(scope="module")
def html(flagship_page: Path) -> str:
    return flagship_page.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(html) -> Page:
    return Page(html)


def test_every_figure_is_there_inline_and_as_files(folder, page) -> None:
    names = [
        "verdict-strip",
        *(
            f"figure-{name}"
            for name in ("1", "2", "4", "5", "6", "7", "8", "9", "A1", "A2", "A3", "A4")
        ),
    ]
    films = ["seeds-1", "seeds-2"]
    found = [each["id"] for each in page.all("figure")]
    assert sorted(found) == sorted(names + films)
    boxes = [
        each
        for each in page.all("svg")
        if re.match(r"0 0 \d+(\.\d+)? \d{3}", each.get("viewbox") or "")
    ]
    assert len(boxes) == len(names) + 1  # the strip, wide and narrow
    for name in names:
        assert (folder / "figures" / f"{name}.svg").read_bytes().startswith(b"<?xml")
        assert (folder / "figures" / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    # Mailed alone, the page has no link that leads nowhere.
    assert all(each["href"].startswith("#") for each in page.all("a"))


def test_every_claim_and_its_numbers_are_there(flagship, page_rows, page) -> None:
    ids = [each["id"] for each in page.all("article")]
    now = [claim.id for claim in flagship.claims if not claim.restated_as]
    before = [claim.id for claim in flagship.claims if claim.restated_as]
    assert ids == [f"claim-{id}" for id in now + before]
    text = one_line(page.text)
    shown = {tuple(map(one_line, row)) for row in page.rows}
    for claim in page_rows.claims:
        assert claim.sentence in text
        for part in claim.parts:
            assert part.sentence in text
            assert one_line(asked_and_shown(part)) in text
            for arm in part.arms:
                values = one_line(words.each(arm.summary, part.metric, part.unit)) or "–"
                assert any(row[0] == arm.label and row[-1] == values for row in shown)


def test_every_number_of_table_1_is_there(data, page) -> None:
    rows = [row for row in page.rows if len(row) == 12][1:]
    assert len(rows) == len(data["table"])
    for cells, row in zip(rows, data["table"], strict=True):
        texts = list(map(one_line, cells))
        assert texts[1] == str(row["length"])
        assert texts[3] == f"{row['training_examples']:,}"
        assert texts[4].startswith(str(row["epochs"]))
        assert texts[5] == f"{row['updates_per_epoch']:,}"
        assert texts[6].startswith(f"{row['updates']:,}")
        for text, name in zip(texts[8:11], ("best", "last", "final"), strict=True):
            summary = row[f"{name}_accuracy"]
            assert text.startswith(f"{100 * summary['median']:.1f} % ")
            assert f"{100 * summary['low']:.1f}" in text
            assert f"{100 * summary['high']:.1f} %" in text
        times = row["updates_to_90"]
        assert ("never reached" in texts[11]) == (times["censored"] == row["seeds"])
        if times["median"] is not None:
            assert texts[11].startswith(f"{times['median']:,.0f}")


def test_the_page_loads_nothing(html, page) -> None:
    assert not re.search("https?:", html)
    assert "@import" not in html
    assert not {"link", "iframe", "object"} & {name for name, _ in page.tags}
    assert page.all("script") == [{}]
    assert not re.search(r"url\((?!#)", html)
    sources = re.findall(r'(?:src|href)="([^"]+)"', html)
    assert all(source.startswith(("#", "data:image/png;")) for source in sources)


def test_every_number_of_table_2_is_there(data, page) -> None:
    rows = {one_line(row[1]).split(" ")[0]: row for row in page.rows if len(row) == 15}
    for row in data["generators"]:
        cells = list(map(one_line, rows[row["title"].split(" ")[0]]))
        assert cells[3].startswith(f"{row['updates']:,}")
        assert cells[4] == str(row["finished"])
        over = row["frechet_over_floor"]
        for value in (over["median"], over["low"], over["high"]):
            assert number(value) in cells[5]
        assert words.percent(row["recall"]["median"]).replace("\xa0", " ") in cells[9]
    for row in data["floors"]:
        cells = list(map(one_line, rows[row["title"].split(" ")[0]]))
        assert cells[6] == number(row["frechet"])


def test_a_quick_profile_passes_no_verdict(html, page, data) -> None:
    for word in ("supported", "refuted", "undecided"):
        assert word not in html.lower()
    text = one_line(page.text)
    assert text.count("passes no verdict on any claim") == 1
    badges = [
        one_line(found) for found in re.findall(r'<span class="badge[^>]*>(.*?)</span>', html, re.S)
    ]
    partly = re.compile(r"numbers only, \d of \d parts tested")
    assert all(each in ("numbers only", "not tested") or partly.fullmatch(each) for each in badges)
    tested = sum(claim["tested"] for claim in data["claims"])
    assert badges.count("numbers only") == tested > 0
    assert any(map(partly.fullmatch, badges))


def test_the_page_can_be_read_in_any_way(html, page) -> None:
    assert page.all("html") == [{"lang": "en"}]
    assert all(each.get("scope") in ("row", "col", "rowgroup") for each in page.all("th"))
    drawings = [each for each in page.all("div") if each.get("role") == "img"]
    assert len(drawings) > 13
    assert all(len(each["aria-label"]) > 40 for each in drawings)
    assert all(each["aria-hidden"] == "true" for each in page.all("svg"))
    ids = [each["id"] for _, each in page.tags if "id" in each]
    assert len(ids) == len(set(ids))
    used = set(re.findall(r'href="#([^"]+)"', html)) | set(re.findall(r"url\(#([^)]+)\)", html))
    assert used <= set(ids)
    levels = [int(name[1]) for name, _ in page.tags if re.fullmatch("h[1-6]", name)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert "prefers-color-scheme: dark" in html
    assert "@media print" in html


def test_figures_take_the_colours_of_the_page(html) -> None:
    drawings = "".join(re.findall(r"<svg.*?</svg>", html, re.S))
    assert "currentColor" in drawings
    assert "#1b1b1f" not in drawings
    assert "#fffffe" not in drawings
    variables = set(re.findall(r"var\((--\w+)\)", drawings))
    assert variables
    assert all(html.count(f"{name}: #") == 2 for name in variables)


def test_settings_and_commands_are_there(data, page) -> None:
    cells = {tuple(map(one_line, row)) for row in page.rows}
    for entry in [*data["settings"]["assumed"], *data["settings"]["reported"]]:
        name = f"{entry['kind']}: {entry['key']}"
        assert any(
            one_line(row[0]) == name and row[2] == one_line(entry["reason"]) for row in cells
        )
    text = one_line(page.text)
    for entry in data["commands"]["experiments"]:
        assert entry["command"] in text
    for arm in data["commands"]["arms"]:
        assert arm["runs"][0]["command"] in text
        assert all(run["run"] in text for run in arm["runs"])


def test_the_report_is_the_same_every_time(flagship, full_store, folder, html, tmp_path) -> None:
    again = write_report(Snapshot(flagship, "quick", full_store), tmp_path)
    assert again.read_text(encoding="utf-8") == html
    for file in (folder / "figures").iterdir():
        assert (tmp_path / "figures" / file.name).read_bytes() == file.read_bytes()
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"index.html", "figures"}
