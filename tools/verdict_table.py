"""Write a study's verdicts, as strip and table, and its memory horizons, from what is committed.

Usage: python tools/verdict_table.py STUDY
"""

import argparse
import os
from collections.abc import Sequence
from html import escape
from pathlib import Path

from pydantic import TypeAdapter

from assay import Archive, Study
from assay.figures.strip import strip_figure
from assay.figures.strip_rows import StripRow, alternative
from assay.figures.style import to_png
from assay.report.data.report import HorizonRow
from assay.report.data.rows import ClaimRow
from assay.report.data.strip import strip_rows
from assay.report.pages.strip import strip_svg
from assay.report.words.cells import (
    decisive,
    effect,
    effect_range,
    evidence,
    fragility,
    seeds,
    tally,
    verdict_word,
)
from assay.report.words.horizons import estimate_words, interval_words
from assay.store.durable import write_atomic

HORIZONS = TypeAdapter(list[HorizonRow])
ROOT = Path(__file__).parents[1]
RESULTS, IMAGES = ROOT / "results", ROOT / "docs/images"
PAGES = {
    "cs324_a3": ROOT / "docs/explanation/report.md",
    "memory_horizon": ROOT / "docs/explanation/horizon.md",
    "nanogpt": ROOT / "docs/examples/nanogpt.md",
    "makemore": ROOT / "docs/examples/makemore.md",
}
README = ROOT / "README.md"  # with the flagship's strip, as its claims are now
STRIP, VERDICTS = "strip", "verdicts"


def tables(study: Study, profile: str) -> str:
    """How many of each verdict, one row a horizon, and one row a claim, as Markdown."""
    claims = study.claim_rows(profile)
    return "\n".join(
        [
            _count(study, profile, claims),
            "",
            *_horizons(HORIZONS.validate_python(study.data(profile)["horizons"])),
            "| claim | says | verdict | seeds that show it | evidence | effect, median and range |",
            "| --- | --- | --- | --- | --- | --- |",
            *(f"| {' | '.join(map(_cell, _row(claim)))} |" for claim in claims),
        ]
    )


def picture(rows: Sequence[StripRow], name: str, page: Path, width: int = 1000) -> str:
    """The strip in HTML, which chooses by the width of the screen; Markdown cannot."""
    images = Path(os.path.relpath(IMAGES, page.parent)).as_posix()
    wide, narrow = (f"{images}/verdicts-{name}{form}.svg" for form in ("", "-narrow"))
    return "\n".join(
        [
            "<picture>",
            f'<source media="(max-width: 40em)" srcset="{narrow}">',
            f'<img src="{wide}" alt="{escape(alternative(rows))}" width="{width}">',
            "</picture>",
        ]
    )


def draw(rows: Sequence[StripRow], name: str) -> None:
    """The strip as files that a page shows, wide and narrow, and as a picture to look at."""
    write_atomic(IMAGES / f"verdicts-{name}.svg", strip_svg(rows))
    write_atomic(IMAGES / f"verdicts-{name}-narrow.svg", strip_svg(rows, narrow=True))
    write_atomic(IMAGES / f"verdicts-{name}.png", to_png(strip_figure(rows)))


def _count(study: Study, profile: str, claims: list[ClaimRow]) -> str:
    planned = study.plan(profile)
    done = sum(run.complete for run in planned)
    now = sum(not claim.restated_as for claim in claims)
    return (
        f"{done} of {len(planned)} runs of the profile `{profile}`, and {now} claims: "
        f"{tally(claims)}."
    )


def _horizons(rows: list[HorizonRow]) -> list[str]:
    if not rows:
        return []
    lengths = [point.length for point in max((row.points for row in rows), key=len)]
    return [
        f"| cell | horizon, T | 95 % interval | {' | '.join(f'T = {each}' for each in lengths)} |",
        f"| --- | ---: | --- |{' ---: |' * len(lengths)}",
        *(
            f"| {row.label} | {estimate_words(row)} | {interval_words(row)} | "
            f"{' | '.join(_solved(row, each) for each in lengths)} |"
            for row in rows
        ),
        "",
    ]


def _solved(row: HorizonRow, length: int) -> str:
    found = {point.length: f"{point.solved} of {point.runs}" for point in row.points}
    return found.get(length, "–")


def _row(claim: ClaimRow) -> tuple[str, ...]:
    name = f"{claim.id}, control" if claim.control_of else claim.id
    if claim.restated_as:
        name += f", restated as {' and '.join(claim.restated_as)}"
    part = decisive(claim)
    word = f"**{verdict_word(claim)}** {fragility(claim)}".rstrip()
    size, between = effect(part), effect_range(part)
    found = f"{size} ({between})" if between else size
    return name, claim.sentence, word, seeds(part), evidence(claim), found


def _cell(text: str) -> str:
    """Text that stays in its cell."""
    return " ".join(text.split()).replace("|", "\\|")


def main() -> None:
    """Write it between its marks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("study", choices=PAGES)
    name = parser.parse_args().study
    kept = Archive(RESULTS / name)
    study, page = Study(kept.study, kept), PAGES[name]
    rows = strip_rows(study.claim_rows(kept.profile))
    draw(rows, name)
    _fill(page, VERDICTS, tables(study, kept.profile))
    _fill(page, STRIP, picture(rows, name, page))
    if name == "cs324_a3":
        now = [row for row in rows if not row.restated]
        draw(now, "readme")
        _fill(README, STRIP, picture(now, "readme", README, 700))


def _fill(page: Path, what: str, found: str) -> None:
    """Write what stands between two marks of a page."""
    text = page.read_text(encoding="utf-8")
    start, end = f"<!-- {what}, by tools/verdict_table.py -->", f"<!-- end of {what} -->"
    before, rest = text.split(start)
    text = f"{before}{start}\n{found}\n{end}{rest.split(end)[1]}"
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
