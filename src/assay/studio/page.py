"""The page: the files that a browser gets, and one file that needs no server."""

import base64
import json
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from urllib.parse import parse_qsl, urlsplit

from assay.errors import ConfigError
from assay.studio.answers import Answer, Answers

# Classic scripts in this order, so that they can stand in one file that is opened from a disk.
SCRIPTS = (
    "vendor/htm-preact.js",
    "vendor/uplot.js",
    "base.js",
    "network.js",
    "claims.js",
    "curve.js",
    "studies.js",
    "table.js",
    "runs.js",
    "memory.js",
    "main.js",
)
STYLES = ("vendor/uplot.css", "studio.css")
_COLOURS = "colours.css"
_TYPES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}
_MOST_FROZEN = 60


def page_file(name: str) -> Answer | None:
    """A file of the page by its name; None if it has none of that name."""
    if name not in (*SCRIPTS, *STYLES, _COLOURS):
        return None
    return Answer(_text(name).encode(), _TYPES[name.rpartition(".")[2]])


def index() -> Answer:
    """The page itself."""
    links = "".join(f'<link rel="stylesheet" href="/page/{name}">' for name in (_COLOURS, *STYLES))
    scripts = "".join(f'<script defer src="/page/{name}"></script>' for name in SCRIPTS)
    return Answer(_around(links, scripts).encode(), "text/html; charset=utf-8")


def frozen(answers: Answers, at: str, urls: Sequence[str]) -> Answer:
    """One HTML file with what a view shows, which works without a server.

    Args:
        answers: where its data come from.
        at: the view, as the page's address has it after `#`.
        urls: the answers that the view was made of.

    Raises:
        ConfigError: if they are too many, or one is of no answer.
        AssayError: as `Answers.get`.
    """
    if len(urls) > _MOST_FROZEN:
        raise ConfigError(f"a frozen page holds {_MOST_FROZEN} answers at most, not {len(urls)}")
    held = {url: _held(answers, url) for url in dict.fromkeys(["/api/about", *urls])}
    data = json.dumps({"at": at, "answers": held}).replace("<", "\\u003c")
    styles = "".join(f"<style>{_text(name)}</style>" for name in (_COLOURS, *STYLES))
    scripts = f'<script type="application/json" id="frozen">{data}</script>' + "".join(
        f"<script>{_inline(_text(name))}</script>" for name in SCRIPTS
    )
    return Answer(_around(styles, "", scripts).encode(), "text/html; charset=utf-8")


def _held(answers: Answers, url: str) -> object:
    parts = urlsplit(url)
    found = answers.get(parts.path, dict(parse_qsl(parts.query)))
    if found.type == "application/json":
        return json.loads(found.content)
    return f"data:{found.type};base64,{base64.b64encode(found.content).decode()}"


def _around(head: str, scripts: str, end: str = "") -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>assay studio</title>{head}{scripts}</head>"
        '<body><div id="app"><noscript>The studio needs JavaScript.</noscript></div>'
        f"{end}</body></html>"
    )


def _inline(script: str) -> str:
    """A script that no text in it can end."""
    return re.sub("</(script)", r"<\\/\1", script, flags=re.IGNORECASE)


@cache
def _text(name: str) -> str:
    if name == _COLOURS:  # those of the report
        folder = files("assay.report.pages") / "templates"
    else:
        folder = files("assay.studio") / ("" if name.startswith("vendor/") else "page")
    return folder.joinpath(*name.split("/")).read_text(encoding="utf-8")
