"""Write the README's table of verdicts from the committed evidence.

Usage: python tools/verdict_table.py
"""

from pathlib import Path
from typing import Any

from assay import Evidence, Study
from assay.report.verdict_words import decisive, effect, interval, p_value, seeds

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
RESULTS = ROOT / "results" / "cs324_a3"
START, END = "<!-- verdicts, by tools/verdict_table.py -->", "<!-- end of verdicts -->"


def table(study: Study, profile: str, claims: list[dict[str, Any]]) -> str:
    """What is in so far, and one row a claim, as Markdown."""
    return "\n".join(
        [
            _so_far(study, profile, claims),
            "",
            "| claim | says | verdict | effect, with interval | seeds | p |",
            "| --- | --- | --- | --- | --- | ---: |",
            *(f"| {' | '.join(_row(claim))} |" for claim in claims),
        ]
    )


def _so_far(study: Study, profile: str, claims: list[dict[str, Any]]) -> str:
    planned = study.plan(profile)
    done = sum(run.complete for run in planned)
    started = {run.arm.key for run in planned if run.complete}
    whole = started - {run.arm.key for run in planned if not run.complete}
    arms = {run.arm.key for run in planned}
    tested = sum(claim["verdict"] != "not tested" for claim in claims)
    runs = f"All {done} runs" if done == len(planned) else f"So far {done} of {len(planned)} runs"
    return (
        f"{runs} of the profile `{profile}`, every seed of {len(whole)} of its {len(arms)} arms; "
        f"{tested} of {len(claims)} claims tested, since a claim waits for all of its seeds."
    )


def _row(claim: dict[str, Any]) -> tuple[str, ...]:
    name = f"{claim['id']}, control" if claim["control_of"] else claim["id"]
    if claim["verdict"] == "not tested":
        reason = next(part["untested"] for part in claim["parts"] if part["untested"])
        return name, claim["sentence"], "not tested yet", reason, "", ""
    part = decisive(claim)
    word = f"**{claim['verdict']}**" + (", exploratory" if claim["exploratory"] else "")
    found = f"{effect(part)} ({interval(part)})"
    return name, claim["sentence"], word, found, seeds(part), p_value(claim["p"])


def main() -> None:
    """Write it between its marks."""
    evidence = Evidence(RESULTS)
    study = Study(evidence.study, evidence)
    found = table(study, evidence.profile, study.verdicts(evidence.profile))
    before, rest = README.read_text(encoding="utf-8").split(START)
    text = f"{before}{START}\n{found}\n{END}{rest.split(END)[1]}"
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
