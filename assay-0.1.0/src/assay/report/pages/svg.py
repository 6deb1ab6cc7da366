"""An SVG figure as part of a page, in the page's own colours."""

import re

from assay.figures import style

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


def inline(svg: bytes, prefix: str) -> str:
    """The `<svg>` element alone, sized by the page, its ids made unique by `prefix`.

    It is hidden from screen readers: the page gives it a name and says what it shows.
    """
    text = svg.decode()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    head, body = text.split(">", 1)
    box = re.search(r'viewBox="[^"]*"', head)
    if box is None:
        raise ValueError("the SVG has no viewBox")
    body = re.sub(r'\bid="', f'id="{prefix}-', body)
    body = re.sub(r'href="#', f'href="#{prefix}-', body)
    body = re.sub(r"url\(#", f"url(#{prefix}-", body)
    body = re.sub(r"\b(fill|stroke): (#[0-9a-f]{6})\b", _colour, body)
    return f'<svg {box[0]} aria-hidden="true">{body}'


def _colour(found: re.Match[str]) -> str:
    return f"{found[1]}: {_COLOURS.get(found[2], found[2])}"
