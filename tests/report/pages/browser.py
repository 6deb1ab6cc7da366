"""What Chromium makes of a page at some width: sizes, overlaps and colours, as it measures them."""

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import axe_core_python
import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--hide-scrollbars",
    "--window-size=1400,1000",
    "--dump-dom",
    "--virtual-time-budget=60000",
)
_DARK = "--blink-settings=preferredColorScheme=0"

# Chromium's windows are 500 pixels wide at the least; frames are as narrow as they are asked to be.
_MEASURE = """
const rgb = text => text.match(/[\\d.]+/g).map(Number);
const luminance = colour => colour.slice(0, 3).map(each => each / 255)
  .map(each => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
  .reduce((sum, each, place) => sum + each * [0.2126, 0.7152, 0.0722][place], 0);
function contrast(front, back, opacity) {
  const mix = (each, place) => opacity * each + (1 - opacity) * back[place];
  const mixed = front.slice(0, 3).map(mix);
  const [low, high] = [luminance(mixed), luminance(back)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}
function opacity(node, view) {
  let found = 1;
  for (; node.nodeType === 1; node = node.parentNode) found *= view.getComputedStyle(node).opacity;
  return found;
}
function measure(frame) {
  const page = frame.contentDocument, view = frame.contentWindow;
  const back = rgb(view.getComputedStyle(page.body).backgroundColor);
  const box = node => {
    const found = node.getBoundingClientRect();
    return [found.left, found.top, found.right, found.bottom];
  };
  const shown = [...page.querySelectorAll('svg')].filter(each => box(each)[3] > box(each)[1]);
  return {
    dark: view.matchMedia('(prefers-color-scheme: dark)').matches,
    page: [page.documentElement.scrollWidth, page.documentElement.clientWidth],
    pictures: shown.map(box),
    texts: shown.flatMap(each => [...each.querySelectorAll('text')]).map(each => ({
      text: each.textContent, box: box(each),
      size: parseFloat(view.getComputedStyle(each).fontSize) * each.getScreenCTM().a,
      contrast: contrast(rgb(view.getComputedStyle(each).fill), back, opacity(each, view)),
    })),
    marks: shown.flatMap(each => [...each.querySelectorAll('use')]).map(each => {
      const style = view.getComputedStyle(each);
      const hollow = style.fill === 'none' || style.fillOpacity === '0';
      const colour = hollow ? style.stroke : style.fill;
      return {box: box(each), contrast: contrast(rgb(colour), back, opacity(each, view))};
    }),
    focusable: page.querySelectorAll('svg a:not([tabindex="-1"])').length,
    scripts: page.scripts.length,
  };
}
addEventListener('load', () => {
  const found = [...document.querySelectorAll('iframe')].map(measure);
  document.body.textContent = 'MEASURED' + JSON.stringify(found) + 'DERUSAEM';
});
"""


def chromium() -> str:
    """The browser's program; the test is skipped, and says so, where there is none."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.skip(f"no browser is installed ({', '.join(_NAMES)}), and the page is not measured")
    return found


def measured(page: str, widths: list[int], folder: Path, *, dark: bool) -> list[dict[str, Any]]:
    """What a page looks like at each width in pixels."""
    return _asked(page, widths, folder, _MEASURE, dark=dark)


def _asked(
    page: str, widths: list[int], folder: Path, script: str, *, dark: bool
) -> list[dict[str, Any]]:
    """What a script says of a page in frames of these widths."""
    frames = "".join(
        f'<iframe srcdoc="{html.escape(page)}" style="border:0;width:{width}px;height:800px">'
        "</iframe>"
        for width in widths
    )
    around = folder / "around.html"
    around.write_text(
        f"<!doctype html><meta charset=utf-8><body>{frames}<script>{script}</script></body>",
        encoding="utf-8",
    )
    command = [chromium(), *_FLAGS, *([_DARK] if dark else [])]
    command += [f"--user-data-dir={folder / 'profile'}", around.as_uri()]
    told = subprocess.run(command, capture_output=True, text=True, timeout=600, check=True).stdout
    found = re.search("MEASURED(.*)DERUSAEM", told, re.S)
    assert found, told[-2000:]
    measures: list[dict[str, Any]] = json.loads(html.unescape(found[1]))
    return measures


_LAYOUT = """
const box = each => each.getBoundingClientRect();
function cut(page, width) {
  const read = 'h1, h2, h3, p, li, summary, figcaption, .badge, .drawing, .arm';
  return [...page.querySelectorAll(read)]
    .filter(each => box(each).width && !each.closest('.scroll, .unseen'))
    .filter(each => box(each).right > width + 1 || box(each).left < -1
      || each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).display !== 'inline')
    .map(each => each.outerHTML.slice(0, 120));
}
addEventListener('load', async () => {
  const found = [];
  for (const frame of document.querySelectorAll('iframe')) {
    const page = frame.contentDocument, width = frame.clientWidth;
    let told = {violations: []};
    if (found.length < AUDITED) {
      const script = page.createElement('script');
      script.textContent = AXE;
      page.head.append(script);
      told = await frame.contentWindow.axe.run(page);
    }
    found.push({
      width: page.documentElement.scrollWidth,
      height: page.documentElement.scrollHeight,
      first: [...page.querySelectorAll('.counts, .lead-picture, #verdict-strip')]
        .map(each => Math.round(box(each).top)),
      cut: cut(page, width),
      stops: page.querySelectorAll('.scroll[tabindex]').length,
      scrolls: [...page.querySelectorAll('.scroll')]
        .filter(each => each.scrollWidth > each.clientWidth + 1).length,
      faults: told.violations.map(each =>
        `${each.id}: ${each.nodes.length}: ${each.nodes[0].html.slice(0, 160)}`),
    });
  }
  document.body.textContent = 'MEASURED' + JSON.stringify(found) + 'DERUSAEM';
});
"""


def layout(
    page: str, widths: list[int], folder: Path, *, dark: bool, audited: int = 9
) -> list[dict[str, Any]]:
    """How a page lies at each width in pixels, what is cut off, and what axe finds wrong.

    axe, which takes long on a long page, looks at the first `audited` widths.
    """
    axe = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    quoted = json.dumps(axe).replace("</", "<\\/")
    return _asked(
        page, widths, folder, f"const AXE = {quoted}, AUDITED = {audited};{_LAYOUT}", dark=dark
    )


_USE = """
addEventListener('load', () => {
  const page = document.querySelector('iframe').contentDocument;
  const view = document.querySelector('iframe').contentWindow;
  const shown = what => what.checkVisibility({contentVisibilityAuto: true});
  const told = [];
  for (let times = 0; times < 3; times += 1) {
    page.querySelector('.draw button').click();
    told.push(page.querySelector('.draw output').textContent);
  }
  const bar = page.querySelector('.film input'), film = page.querySelector('.film');
  const frames = [...film.querySelectorAll('li')];
  const last = frames.map(shown);
  bar.value = 0;
  bar.dispatchEvent(new view.Event('input'));
  const first = frames.map(shown);
  const [closed] = [...page.querySelectorAll('details:not([open]) figure')].slice(-1);
  view.location.hash = closed ? closed.id : '';
  setTimeout(() => {
    document.body.textContent = 'MEASURED' + JSON.stringify([{
      told, last, first, at: film.querySelector('output').textContent,
      tally: page.querySelector('.drawn-tally').textContent,
      opened: !closed || closed.closest('details').open,
    }]) + 'DERUSAEM';
  }, 500);
});
"""


def used(page: str, folder: Path) -> dict[str, Any]:
    """What becomes of a page as its button, its film and a link are used."""
    (found,) = _asked(page, [1280], folder, _USE, dark=False)
    return found
