"""The verdicts on a study's claims."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assay.cli.show.tables import paragraph, print_json, tell

if TYPE_CHECKING:
    from assay.report.data.rows import ClaimRow, MultiverseRow


def print_claims(claims: Sequence["ClaimRow"], *, as_json: bool) -> None:
    """The verdicts as a strip, and a paragraph for each claim with what its verdict rests on."""
    from assay.report.data.plain import plain

    if as_json:
        print_json({"claims": [plain(claim) for claim in claims]})
        return
    from assay.cli.show.strip import print_strip
    from assay.report.data.strip import strip_rows

    print_strip(strip_rows(claims))
    for claim in claims:
        control = f" (control of {claim.control_of})" if claim.control_of else ""
        tell(f"\n{paragraph(f'{claim.id}{control}: {claim.sentence}')}")
        tell(paragraph(claim.meaning, "  "))
        for line in multiverse_lines(claim.multiverse):
            tell(paragraph(line.strip(), line[: len(line) - len(line.lstrip())]))


def print_parts(claims: Sequence["ClaimRow"]) -> None:
    """What each part of some claims asks for, and what its seeds say."""
    from assay.report.words.cells import asked_and_shown

    for claim in claims:
        for number, part in enumerate(claim.parts, 1):
            tell(f"\n{paragraph(f'{claim.id}, part {number}, {part.word}: {part.sentence}')}")
            tell(paragraph(asked_and_shown(part), "  "))


def multiverse_lines(found: "MultiverseRow | None") -> list[str]:
    """What a claim comes to over its multiverse, where runs of it ended."""
    if found is None or not found.runs.finished + found.runs.diverged:
        return []
    words = found.words
    head = f"  Over {found.universes:,} universes: {words.sentence}"
    texts = (words.sides, words.turns, words.p, words.missing)
    return [head.rstrip(": "), *(f"    {text}" for text in texts if text)]
