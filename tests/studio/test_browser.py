"""The studio as a person uses it, in Chromium."""

import re
from pathlib import Path

import axe_core_python
from playwright.sync_api import Browser, Page, Route, expect

from tests.studio.conftest import Served


def test_a_margin_is_only_supposed_and_a_page_frozen_with_it(
    page: Page, browser: Browser, kept: Served, tmp_path: Path
) -> None:
    page.goto(kept.address)
    expect(page.locator(".card h3").first).to_be_visible()
    expect(page.locator(".strip")).not_to_have_js_property("naturalWidth", 0)
    expect(page.locator(".watermark")).to_have_count(0)
    page.get_by_label("α, what if").fill("0.3")
    expect(page.locator(".watermark")).to_contain_text("no verdict")
    expect(page.locator(".whatif").first).to_be_visible()
    assert "alpha=0.3" in page.url
    page.get_by_role("button", name="Draw one seed").click()
    expect(page.get_by_text(re.compile(r"Seed \d+"))).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Freeze this page").click()
    frozen = tmp_path / "frozen.html"
    download.value.save_as(frozen)
    faults: list[str] = []
    alone = browser.new_page(viewport={"width": 390, "height": 800})
    alone.on("pageerror", lambda error: faults.append(str(error)))
    alone.on("request", lambda asked: faults.append(asked.url) if "http" in asked.url[:4] else None)
    alone.goto(frozen.as_uri())
    expect(alone.locator(".watermark")).to_be_visible()
    assert alone.locator(".card").count() == page.locator(".card").count()
    expect(alone.locator(".strip")).not_to_have_js_property("naturalWidth", 0)
    wide = alone.evaluate("document.documentElement.scrollWidth")
    alone.close()
    assert not faults
    assert wide <= 390


def test_runs_are_started_watched_and_asked(page: Page, editable: Served, tmp_path: Path) -> None:
    page.goto(editable.address)
    page.get_by_role("button", name="Train what is missing").click()
    stop = page.get_by_role("button", name="Save and stop")
    expect(stop).to_be_visible()
    stop.click()
    start = page.get_by_role("button", name="Train what is missing")
    expect(start).to_be_visible()
    start.click()
    expect(page.locator("main p.soft").first).to_contain_text("9 of 9 runs ended")
    expect(start).to_be_visible()
    page.get_by_role("link", name="Runs").click()
    expect(page.get_by_role("row", name=re.compile("rnn T=5"))).to_contain_text("finished")
    page.get_by_label("every run").check()
    page.locator(".row a").first.click()
    expect(page.locator(".panel canvas").first).to_be_visible()
    page.get_by_role("link", name="open in the playground").click()
    answer = page.locator(".answer")
    expect(answer).to_contain_text("Answer:")
    page.get_by_label("Beside it").select_option("untrained")
    expect(answer).to_have_count(2)
    before = answer.first.inner_text()
    page.get_by_label("Silence units").fill("0 1 2 3 4 5 6 7")
    expect(answer.first).not_to_have_text(before)
    page.get_by_label("Digits").fill("12")
    expect(page.locator(".answers").first.locator("tbody tr")).to_have_count(2)
    said = answer.first.inner_text()
    with page.expect_download() as download:
        page.get_by_role("button", name="Freeze this page").click()
    download.value.save_as(tmp_path / "frozen.html")
    page.goto((tmp_path / "frozen.html").as_uri())
    expect(answer.first).to_have_text(said)
    page.get_by_label("Digits").fill("1234")
    expect(page.locator(".answers").first.locator("tbody tr")).to_have_count(4)


def test_ten_thousand_runs_are_few_rows_of_the_page(page: Page, kept: Served) -> None:
    rows = [
        {"run": f"{n:016x}", "arm": f"memory length={n % 40}", "seed": n // 40, "seconds": 1.0,
         "status": "finished", "updates": 700, "problem": ""}
        for n in range(10_000)
    ]  # fmt: skip
    page.route("**/api/runs", lambda route: route.fulfill(json=rows))
    page.goto(kept.address + "#/runs?all=1")
    table = page.get_by_role("table", name="Runs by arm")
    expect(table).to_have_attribute("aria-rowcount", "10041")
    assert page.locator(".long .row").count() < 60
    page.evaluate("document.querySelector('.long .body').scrollTop = 1e7")
    expect(page.locator(".long .row").last).to_have_attribute("aria-rowindex", "10041")
    page.get_by_label("Filter").fill("length=7")
    expect(table).to_have_attribute("aria-rowcount", "252")


def test_universes_are_pointed_at_and_chosen(page: Page, kept: Served) -> None:
    def universe(rate: float, cell: str, effect: float) -> dict[str, object]:
        return {
            "choices": {"rate": rate, "cell": cell}, "held": [], "effect": effect,
            "side": "claimed" if effect > 1 else "other", "low": effect / 2, "high": effect * 2,
            "solved": [], "ended": [], "times": [],
        }  # fmt: skip

    curve = [universe(0.1, "rnn", 0.5), universe(0.1, "gru", 2.0), universe(0.2, "rnn", 4.0)]
    value = {"universes": 1, "claimed": 1, "other": 0, "mean": 1}
    over = {
        "universes": 3, "is_time": True, "unit": "updates", "words": {"sentence": "Three."},
        "axes": {"rate": [0.1, 0.2], "cell": ["rnn", "gru"]}, "curve": curve,
        "choices": [{"axis": "rate", "turns": 1, "values": [{**value, "value": 0.1}]},
                    {"axis": "cell", "turns": 0, "values": [{**value, "value": "gru"}]}],
        "turns": [{"axis": "rate", "claimed": curve[2]["choices"], "other": curve[0]["choices"]}],
    }  # fmt: skip

    def fulfil(route: Route) -> None:
        found = route.fetch().json()
        found["claims"][0]["multiverse"] = over
        route.fulfill(json=found)

    page.route("**/api/study?*", fulfil)
    page.goto(kept.address)
    drawn = page.locator(".curve")
    picture = drawn.get_by_role("img")
    expect(picture).to_have_attribute(
        "aria-label", re.compile("2 on the claimed side, 1 on the other")
    )
    picture.focus()
    page.keyboard.press("ArrowRight")
    expect(drawn).to_contain_text("0.5 times (0.25 times to 1 times), the other side")
    page.keyboard.press("ArrowRight")
    expect(drawn).to_contain_text("rate = 0.1, cell = gru")
    drawn.get_by_label("cell").select_option("gru")
    expect(picture).to_have_attribute("aria-label", re.compile("^1 universes"))
    assert "choose." in page.url
    expect(drawn).to_contain_text("1 pair that one choice turns")


def test_axe_finds_nothing_and_a_phone_shows_all(browser: Browser, kept: Served) -> None:
    script = next(Path(axe_core_python.__file__).parent.rglob("axe.min.js")).read_text()
    page = browser.new_page(viewport={"width": 390, "height": 800}, color_scheme="dark")
    run = page.request.get(f"{kept.address}api/runs").json()[0]["run"]
    for view in ("", "#/runs?all=1", f"#/run?run={run}"):
        page.goto("about:blank")
        page.goto(kept.address + view)
        expect(page.locator("h1")).to_be_visible()
        page.evaluate(script)
        assert not page.evaluate("axe.run().then(found => found.violations.map(each => each.id))")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()
