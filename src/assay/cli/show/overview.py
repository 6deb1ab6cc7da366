"""A study in one look."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assay.cli.show.outlook import outlook_json, print_outlooks
from assay.cli.show.tables import paragraph, print_json, print_table, tell
from assay.report.data.overview import ArmState, Overview
from assay.report.data.plain import plain
from assay.report.data.rows import ClaimRow, PartRow
from assay.report.words.cells import verdict_and_fragility
from assay.report.words.numbers import measure, runs, test
from assay.shell import command
from assay.store import DEFAULT_STORE

if TYPE_CHECKING:
    from assay.claims.outlook import Outlook


def print_overview(
    found: Overview, outlooks: Sequence["Outlook"], store: str | None, *, as_json: bool
) -> None:
    """Title, source and arms; every claim with its parts; what would decide it; what to do next.

    Args:
        found: the study.
        outlooks: what would decide its claims.
        store: the folder of its runs; None if nothing can be trained.
        as_json: whether programs read it.
    """
    if as_json:
        decides = {"outlooks": [outlook_json(each) for each in outlooks]}
        print_json({key: plain(value) for key, value in _fields(found).items()} | decides)
        return
    tell(found.study.title)
    for text in (found.study.source, found.study.summary, found.study.note):
        if text:
            tell(f"\n{paragraph(text)}")
    others = ", ".join(found.profile.others)
    tell(
        f"\n{found.file}, profile {found.profile.name}"
        + (f": {found.profile.description}" if found.profile.description else "")
        + (f" (others: {others})" if others else "")
        + "\n"
    )
    print_table(
        ("experiment", "what", "kind", "seeds", "done"),
        [_arm(each) for each in found.arms],
        ("seeds", "done"),
    )
    begun = found.runs.finished > 0
    for claim in found.claims:
        _print_claim(claim, begun=begun)
    print_outlooks(outlooks)
    tell(f"\n{runs(found.runs)}")
    if store is not None:
        _print_next(found, outlooks, store)


def _fields(found: Overview) -> dict[str, object]:
    names = ("file", "study", "profile", "arms", "runs", "claims")
    return {name: getattr(found, name) for name in names}


def _arm(found: ArmState) -> tuple[str, ...]:
    return found.arm, found.label, found.kind, str(found.seeds), str(found.runs.finished)


def _print_claim(claim: ClaimRow, *, begun: bool) -> None:
    """A claim, how far it is where anything was trained, and its parts."""
    about = [f"control of {claim.control_of}"] if claim.control_of else []
    about += [f"restated as {' and '.join(claim.restated_as)}"] if claim.restated_as else []
    about += [claim.where] if claim.where else []
    about += [verdict_and_fragility(claim)] if begun else []
    brackets = f" ({'; '.join(about)})" if about else ""
    tell(f"\n{paragraph(f'{claim.id}: {claim.sentence}{brackets}')}")
    for part in claim.parts:
        tell(paragraph(f"- {part.sentence}", "  "))
        tell(paragraph(_asked(part), "    "))


def _asked(part: PartRow) -> str:
    """What is measured, of which arms, and what the test asks for."""
    arms = [each.label for each in part.arms]
    versus = " against " if part.threshold is None and len(arms) == 2 else ", "
    return f"{measure(part)}: {versus.join(arms)}; asks: {test(part)}"


def _print_next(found: Overview, outlooks: Sequence["Outlook"], store: str) -> None:
    """What to type: to train, as long as a claim is open or a run is missing."""
    options = {"profile": found.profile.name, "store": None if store == DEFAULT_STORE else store}
    decides = found.profile.verdicts and bool(outlooks)
    if found.runs.finished:
        tell(f"the verdicts: {command('claims', found.file, **options)}")
    missing = found.runs.finished < found.runs.planned
    if not all(each.decided for each in outlooks) if decides else missing:
        tell(f"how long it takes here: {command('plan', found.file, **options)}")
        tell(f"to train: {command('run', found.file, **options, until_decided=decides)}")
