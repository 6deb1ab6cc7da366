"""What verdicts have to be: for `assay claims --require` and for tests of claims."""

import difflib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import get_args

from assay.claims.verdicts import Word
from assay.errors import ConfigError, NotAsRequired
from assay.report.data.rows import ClaimRow
from assay.report.words.cells import verdict_word
from assay.report.words.verdicts import holds
from assay.study.file import Claim

WORDS: tuple[str, ...] = get_args(Word)


@dataclass(frozen=True)
class Required:
    """The words of which a claim's verdict has to be one.

    `supported` is met by a claim that holds by calculation, too.
    """

    claim: str
    words: tuple[str, ...] = ("supported",)

    def unmet(self, claim: ClaimRow) -> str:
        """Why the verdict is not as required, as a sentence; empty if it is."""
        computed = claim.verdict == "by calculation" and all(map(holds, claim.parts))
        if claim.verdict in self.words or (computed and "supported" in self.words):
            return ""
        wanted = " or ".join(self.words)
        return f"claim {claim.id} is {verdict_word(claim)}, not {wanted}: {claim.meaning}"


def required(texts: Iterable[str], claims: Sequence[Claim]) -> list[Required]:
    """From `C1=supported`, `C2=supported,open`, or words alone, which are for every claim.

    Of a claim that is named and of all claims, the claim's own words count.

    Args:
        texts: as they were given.
        claims: the study's claims; of those that were restated none is meant by all.

    Raises:
        ConfigError: naming a claim or a word that there is not, and the nearest.
    """
    ids = [each.id for each in claims]
    judged = [each.id for each in claims if not each.restated_as]
    own: dict[str, Required] = {}
    common: dict[str, Required] = {}
    for text in texts:
        claim, equals, listed = text.rpartition("=")
        words = tuple(word.strip() for word in listed.split(","))
        for word in words:
            _known(word, WORDS, text, "verdict")
        if equals:
            _known(claim.strip(), ids, text, "claim")
            own[claim.strip()] = Required(claim.strip(), words)
        else:
            common |= {name: Required(name, words) for name in judged}
    return list({**common, **own}.values())


def named(ids: Sequence[str], rows: Sequence[ClaimRow]) -> list[ClaimRow]:
    """The claims of these ids, in the study's order; all if there are none.

    Raises:
        ConfigError: naming one that there is not, and the nearest.
    """
    for each in ids:
        _known(each, [row.id for row in rows], each, "claim")
    return [row for row in rows if row.id in ids or not ids]


def check_required(wanted: Iterable[Required], rows: Sequence[ClaimRow]) -> None:
    """See that every verdict is as required.

    Raises:
        NotAsRequired: a sentence for each that is not.
    """
    found = {row.id: row for row in rows}
    unmet = [text for each in wanted if (text := each.unmet(found[each.claim]))]
    if unmet:
        raise NotAsRequired("\nerror: ".join(unmet))


def _known(name: str, allowed: Collection[str], text: str, what: str) -> None:
    if name in allowed:
        return
    near = difflib.get_close_matches(name, allowed, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}? " if near else ""
    there = f"there are {', '.join(allowed)}" if allowed else "there is none"
    where = "" if text == name else f"{text!r}: "
    raise ConfigError(f"{where}no {what} {name!r}: {hint}{there}")
