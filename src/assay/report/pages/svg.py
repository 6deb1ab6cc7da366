"""An SVG figure as part of a page, in the page's own colours."""

import re

from assay.figures import style
from assay.report.pages.compact import compact

# The page's style sheet defines these, once for light and once for dark.
_COLOURS = {
    style.INK: "currentColor",
    style.PAPER: "none",
    style.BLUE: "var(--blue)",
    style.VERMILLION: "var(--vermillion)",
    style.GREEN: "var(--green)",
    style.ORANGE: "var(--orange)",
    style.PURPLE: "var(--purple)",
    style.SKY: "var(--sky)",
}
_ALONE = {style.INK: "var(--ink)", style.PAPER: "var(--paper)"}


def inline(svg: bytes, prefix: str) -> str:
    """The `<svg>` element alone, sized by the page, its ids made unique by `prefix`.

    It is hidden from screen readers, and its links from the keyboard: the page gives it a name and
    says what it shows. Links to other places of the page are kept.
    """
    text = svg.decode()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    head, body = text.split(">", 1)
    box = re.search(r'viewBox="[^"]*"', head)
    if box is None:
        raise ValueError("the SVG has no viewBox")
    own = set(re.findall(r'\bid="([^"]*)"', body))

    def unique(found: re.Match[str]) -> str:
        return f"{found[1]}{prefix}-{found[2]}" if found[2] in own else found[0]

    body = re.sub(r'(\bid=")([^"]*)', unique, body)
    body = re.sub(r'(href="#)([^"]*)', unique, body)
    body = re.sub(r"(url\(#)([^)]*)", unique, body)
    body = compact(body)
    body = body.replace("<a xlink:href", '<a tabindex="-1" href')
    return f'<svg {box[0]} aria-hidden="true">{coloured(body)}'


def coloured(svg: str, *, alone: bool = False) -> str:
    """SVG in the colours of a style sheet; `alone`, with ink and paper of its own."""
    names = _COLOURS | _ALONE if alone else _COLOURS
    return re.sub(
        r"\b(fill|stroke): (#[0-9a-f]{6})\b",
        lambda found: f"{found[1]}: {_named(names, *found.groups())}",
        svg,
    )


def _named(names: dict[str, str], what: str, colour: str) -> str:
    """A colour's name; a line of paper, which sets another off, is not left out."""
    return (
        "var(--paper)" if (what, colour) == ("stroke", style.PAPER) else names.get(colour, colour)
    )
