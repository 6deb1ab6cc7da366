"""Rows of a verdict strip, ordinary and not."""

from typing import get_args

from hypothesis import strategies as st

from assay.claims.verdicts import Word
from assay.figures.strip_rows import Dot, Said, Side, StripRow

SHOWN, NOT, NONE = Dot("shown"), Dot("not shown"), Dot("no value")
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "$\\frac{1}{0}$ & 100 % \\n _x_ `y`",
    "a\nb\tc\x00\x1b[31m",
    "長い系列では勾配が消える",
    "W" * 300,
    "word " * 120,
    "",
)
SIDES: dict[str, Side] = {
    "supported": "for",
    "partly supported": "mixed",
    "contrary": "against",
    "no difference": "against",
    "no room": "against",
}
WORDS = get_args(Word)


def row(word: str = "supported", number: int = 1, seeds: int = 8, **changed) -> StripRow:
    """A claim of that verdict."""
    side = SIDES.get(word, "none")
    tried = word not in ("not tested", "numbers only", "by calculation")
    known = {
        "id": f"C{number}",
        "sentence": "On longer inputs a lower learning rate eventually reaches a higher limit.",
        "word": word,
        "side": side,
        "dots": [NOT if side == "against" else SHOWN] * seeds,
        "evidence": (-2.0 if side == "against" else 2.2) if tried else None,
        "needed": 1.8 if tried else None,
        "note": "+2 seeds, 2.4 core-h" if word == "open" else "156 to 1",
        "fragile": "42 of 64" if word in ("supported", "partly supported") else "",
    }
    return StripRow(**(known | changed))


def every_word() -> list[StripRow]:
    """A row of each word."""
    return [row(word, number) for number, word in enumerate(WORDS)]


def many() -> list[StripRow]:
    """31 claims, as many as the flagship has, with those that were restated and controls."""
    return [
        row(WORDS[number % len(WORDS)], number, level=number % 3, restated=number % 3 == 2)
        for number in range(31)
    ]


def odd() -> list[StripRow]:
    """What may happen: no seeds, very many, evidence without end, text that is not friendly."""
    seen = [Dot(said, seen=True) for said in get_args(Said)]
    return [
        row(seeds=0),
        row(seeds=60),
        row(seeds=61, number=2),
        row(seeds=500),
        row(evidence=float("inf"), needed=None),
        row("contrary", evidence=float("-inf")),
        row(evidence=17.7, needed=5.5),
        row("open", evidence=1e-9),
        row("open", evidence=0.0, seen=2.0),
        row("open", evidence=None, seen=-8.0, dots=[*seen, SHOWN, NOT, NONE]),
        row(word="a verdict of many words that nobody could foresee", side="mixed"),
        row(word="w" * 90, id="i" * 90, fragile="1,000,000 of 2,000,000", note="n " * 200),
        *(row(sentence=text, id=text, note=text) for text in HOSTILE),
    ]


texts = st.one_of(st.text(max_size=60), st.sampled_from(HOSTILE))
rows = st.lists(
    st.builds(
        StripRow,
        id=texts,
        sentence=texts,
        word=st.one_of(st.sampled_from(WORDS), texts),
        side=st.sampled_from(get_args(Side)),
        dots=st.lists(
            st.builds(Dot, st.sampled_from(get_args(Said)), seen=st.booleans()), max_size=70
        ),
        evidence=st.none()
        | st.floats(-400, 400, allow_subnormal=False)
        | st.sampled_from([float("inf"), -1e-12]),
        seen=st.none() | st.floats(-5, 5, allow_subnormal=False),
        needed=st.none() | st.floats(0, 9, allow_subnormal=False),
        note=texts,
        fragile=st.sampled_from(["", "42 of 64"]),
        level=st.integers(0, 5),
        restated=st.booleans(),
    ),
    max_size=6,
)
