"""What a verdict strip shows, as picture or as text: a row per claim, and the axis of its evidence.

Evidence is an e-value, 20 for 20 to 1. On the axis it is a power of ten: to the right what speaks
for a claim, to the left what speaks against it.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

Said = Literal["shown", "not shown", "no value"]
Side = Literal["for", "against", "mixed", "none"]

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# The axis ends a little beyond 1000 to 1, and where more is needed further out.
_LEAST_END, _MOST_END, _BEYOND = 3.0, 6.0, 0.3


@dataclass(frozen=True, slots=True)
class Dot:
    """What one seed of a claim's weakest part said, and whether before the claim was declared."""

    said: Said
    seen: bool = False


@dataclass(frozen=True, slots=True)
class StripRow:
    """A claim. Its texts are kept on one line, without control characters.

    Attributes:
        word: its verdict.
        side: which side the verdict is on; "none" where there is none.
        dots: of its weakest part, one a seed.
        evidence: power of ten, below 0 against the claim; None where nothing was tried.
        seen: the same of all seeds, where some had been seen: exploratory.
        needed: power of ten that decides it; None where nothing was tried.
        note: what is missing, or how much evidence there is.
        fragile: in how many universes it comes out as claimed ("42 of 64"); empty without any.
        level: how deep it stands under another claim, as a control or as it was before.
        restated: whether another claim asks its sentence better.
    """

    id: str
    sentence: str
    word: str
    side: Side = "none"
    dots: list[Dot] = field(default_factory=list)
    evidence: float | None = None
    seen: float | None = None
    needed: float | None = None
    note: str = ""
    fragile: str = ""
    level: int = 0
    restated: bool = False

    def __post_init__(self) -> None:
        for name in ("id", "sentence", "word", "note", "fragile"):
            object.__setattr__(self, name, clean(getattr(self, name)))

    @property
    def decided(self) -> bool:
        """Whether its bar is that of a verdict."""
        return self.side != "none"

    @property
    def spoken(self) -> str:
        """The row in words, for who cannot see it."""
        shown = sum(dot.said == "shown" for dot in self.dots)
        texts = [
            self.word + (f" in {self.fragile} universes" if self.fragile else ""),
            f"{shown} of {len(self.dots)} seeds show it" if self.dots else "no seed",
            self.note,
        ]
        before = "as it was before: " if self.restated else ""
        return f"{self.id}, {before}{', '.join(filter(None, texts))}"


def clean(text: str) -> str:
    """Text on one line, without what no file can hold: control characters, half of a character."""
    shown = (" " if unicodedata.category(each)[0] == "C" else each for each in text)
    return re.sub(r"[^\S\xa0]+", " ", "".join(shown)).strip()


def lean(support: float, against: float) -> float:
    """Where two e-values put a claim on the axis: the larger one's power of ten, with its side.

    0 where neither exceeds 1; infinite where one does.
    """
    larger = max(support, against)
    if not larger > 1:
        return 0.0
    power = math.log10(larger)
    return power if support >= against else -power


def axis_end(rows: Iterable[StripRow]) -> float:
    """How many powers of ten the axis reaches, to either side.

    As far as the evidence that decides; bars that are longer are cut there.
    """
    needed = [row.needed for row in rows if row.needed is not None and math.isfinite(row.needed)]
    return min(max(_LEAST_END, *needed, 0.0), _MOST_END) + _BEYOND


def axis_powers(end: float) -> range:
    """The powers of ten that are marked, from those against to those for."""
    return range(-math.floor(end), math.floor(end) + 1)


def power_name(power: int) -> str:
    """10 to a power, as the axis has it: 1000, then 10⁴."""
    return f"{10**power}" if power <= 3 else f"10{str(power).translate(_RAISED)}"


def tally(rows: Sequence[StripRow]) -> str:
    """How many claims have which verdict; those that were restated are left out."""
    words = Counter(row.word for row in rows if not row.restated)
    return ", ".join(f"{count} {word}" for word, count in words.most_common())


def alternative(rows: Sequence[StripRow]) -> str:
    """What the picture shows, in a sentence, for who cannot see it."""
    now = sum(not row.restated for row in rows)
    return (
        f"Verdict strip of {now} claim{'s' if now != 1 else ''}: {tally(rows)}. A row per claim, a "
        "mark per seed, and a bar of its evidence, to the right for it and to the left against it."
    )
