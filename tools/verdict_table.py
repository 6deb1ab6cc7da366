"""Write a study's table of verdicts, and of its memory horizons, from the committed evidence.

Usage: python tools/verdict_table.py STUDY
"""

import argparse
from collections import Counter
from pathlib import Path

from pydantic import TypeAdapter

from assay import Archive, Study
from assay.report.data.report import HorizonRow
from assay.report.data.rows import ClaimRow
from assay.report.words.horizons import estimate_words, interval_words
from assay.report.words.verdicts import decisive, effect, interval, p_value, seeds

HORIZONS = TypeAdapter(list[HorizonRow])
ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "results"
PAGES = {"cs324_a3": ROOT / "README.md", "memory_horizon": ROOT / "docs/explanation/horizon.md"}
START, END = "<!-- verdicts, by tools/verdict_table.py -->", "<!-- end of verdicts -->"


def tables(study: Study, profile: str) -> str:
    """How many of each verdict, one row a horizon, and one row a claim, as Markdown."""
    claims = study.claim_rows(profile)
    return "\n".join(
        [
            _count(study, profile, claims),
            "",
            *_horizons(HORIZONS.validate_python(study.data(profile)["horizons"])),
            "| claim | says | verdict | effect, with interval | seeds | p |",
            "| --- | --- | --- | --- | --- | ---: |",
            *(f"| {' | '.join(_row(claim))} |" for claim in claims),
        ]
    )


def _count(study: Study, profile: str, claims: list[ClaimRow]) -> str:
    planned = study.plan(profile)
    done = sum(run.complete for run in planned)
    verdicts = Counter(claim.verdict for claim in claims).most_common()
    return (
        f"{done} of {len(planned)} runs of the profile `{profile}`, and {len(claims)} claims: "
        f"{', '.join(f'{count} {verdict}' for verdict, count in verdicts)}."
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
    if claim.verdict == "not tested":
        reason = next(part.untested for part in claim.parts if part.untested)
        return name, claim.sentence, "not tested yet", reason, "", ""
    part = decisive(claim)
    word = f"**{claim.verdict}**" + (", exploratory" if claim.exploratory else "")
    found = f"{effect(part)} ({interval(part)})"
    return name, claim.sentence, word, found, seeds(part), p_value(claim.p)


def main() -> None:
    """Write it between its marks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("study", choices=PAGES)
    name = parser.parse_args().study
    evidence = Archive(RESULTS / name)
    found = tables(Study(evidence.study, evidence), evidence.profile)
    before, rest = PAGES[name].read_text(encoding="utf-8").split(START)
    text = f"{before}{START}\n{found}\n{END}{rest.split(END)[1]}"
    PAGES[name].write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
