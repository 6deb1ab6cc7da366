"""Time to verdict: seed by seed until claims are decided, against a profile of fixed seeds.

python benchmarks/verdicts.py             # prints the table, in about half an hour
python benchmarks/verdicts.py --record    # and writes results/verdicts.json, docs/performance.md

Twice: with the committed runs of the flagship study, whose seeds are drawn again (`redrawn.py`),
and for real with the study `verdicts.toml`, whose runs take seconds.
"""

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import recording
import table
from arms import say
from redrawn import RedrawnStore, Replay, Sources

from assay.api import Study
from assay.campaign import Campaign
from assay.claims.declarations import declare
from assay.claims.snapshot import Snapshot
from assay.claims.standing import Standing
from assay.execution.executor import RunOptions
from assay.store import Store
from assay.store.archive import Archive
from assay.study import Arm, StudyPlan, load_study

FLAGSHIP = recording.HERE.parent / "results" / "cs324_a3"
REAL = recording.HERE / "verdicts.toml"
PROFILE = "full"
WORKERS = 2
FIXED = {
    "8 seeds, 5 of the GANs": {"memory": 8, "gan": 5},
    "10 seeds": {"memory": 10, "gan": 10},
}
"""Numbers of seeds by kind: of the profile as it was first planned, and the least that `assay plan`
names before any run."""


@dataclass(frozen=True)
class Way:
    """What a way to train came to: core-seconds, and how many claims are decided."""

    seconds: float
    decided: int


Curve = Sequence[Way]
"""Seed by seed: after each run that ended."""


def redrawn(rounds: int) -> dict[str, Any]:
    """Each round: the claims of the flagship whose arms all have committed runs."""
    sources = Sources(Archive(FLAGSHIP))
    study = _with_runs(load_study("cs324_a3"), sources)
    found: dict[str, list[dict[str, Any]]] = {way: [] for way in FIXED}
    for seed in range(rounds):
        with tempfile.TemporaryDirectory(prefix="assay-bench-") as name:
            curve = _seed_by_seed(study, RedrawnStore(Path(name) / "store", sources, seed))
            for way, seeds in FIXED.items():
                store = RedrawnStore(Path(name) / way, sources, seed)
                found[way].append(_compared(_fixed(study, store, seeds), curve))
        say(f"redrawn {seed + 1} of {rounds}: {[rounds[-1] for rounds in found.values()]}")
    return {"claims": len(study.claims), "fixed": found}


def _with_runs(study: StudyPlan, sources: Sources) -> StudyPlan:
    """The study with those of its claims whose arms all have committed runs."""
    arms = study.arms(PROFILE)
    kept = [
        claim
        for claim in study.claims
        if not claim.restated_as
        and all(
            len(sources.seeds(study.select(each, arms).config)) > 1
            for part in claim.parts
            for each in part.selectors
        )
    ]
    names = {claim.id for claim in kept}
    kept = [each for each in kept if not each.control_of or each.control_of in names]
    return replace(study, file=study.file.model_copy(update={"claims": kept, "multiverse": None}))


def _fixed(study: StudyPlan, store: RedrawnStore, seeds: dict[str, int]) -> Way:
    """So many seeds, by kind, of every arm that a claim reads."""
    store.prepare()
    declare(study, store)
    runs = {
        run.run_id: run
        for arm in _read(study)
        for run in (arm.run(arm.first_seed + n) for n in range(seeds[arm.config.kind]))
    }
    for run in runs.values():
        store.end(run)
    seconds = sum(store.sources.record(store.source(run)).seconds for run in runs.values())
    return Way(seconds, _decided(study, store))


def _read(study: StudyPlan) -> list[Arm]:
    arms = study.arms(PROFILE)
    read = [
        study.select(each, arms)
        for claim in study.claims
        for part in claim.parts
        for each in part.selectors
    ]
    return list({arm.key: arm for arm in read}.values())


def _decided(study: StudyPlan, store: Store) -> int:
    found = Snapshot(study, PROFILE, store).verdicts
    return sum(each.decided for each in found)


def _seed_by_seed(study: StudyPlan, store: RedrawnStore) -> Curve:
    replay = Replay(store)
    curve: list[Way] = []

    def look(standings: list[Standing]) -> None:
        curve.append(Way(replay.spent, sum(each.decided for each in standings)))

    Campaign(study, PROFILE, store).run(
        look=look, options=RunOptions(workers=WORKERS), executor=replay
    )
    return curve


def real() -> dict[str, Any]:
    """Once, with runs that are trained: seed by seed, and the profile in a store of its own."""
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as name:
        study = Study(str(REAL), Path(name) / "store")
        curve: list[Way] = []

        def look(standings: list[Standing]) -> None:
            curve.append(Way(campaign.spent, sum(each.decided for each in standings)))

        campaign = study.campaign(PROFILE)
        end = campaign.run(look=look, options=RunOptions(workers=WORKERS))
        other = Study(str(REAL), Path(name) / "fixed")
        other.run(PROFILE, workers=WORKERS)
        records = [run.record for run in other.runs(PROFILE)]
        seconds = sum(record.seconds for record in records if record)
        fixed = Way(seconds, sum(_is_decided(row.verdict) for row in other.claim_rows(PROFILE)))
    left = [each.claim for each in end.open]
    return {"claims": len(end.standings), "open": left, "rounds": [_compared(fixed, curve)]}


def _is_decided(word: str) -> bool:
    return word not in ("open", "not tested", "numbers only")


def _compared(fixed: Way, curve: Curve) -> dict[str, Any]:
    """Core-hours of both ways, and of the verdicts of one by the other."""
    last = curve[-1]
    as_many = [way.seconds for way in curve if way.decided >= fixed.decided]
    most = max(way.decided for way in curve)
    return {
        "fixed_hours": fixed.seconds / 3600,
        "fixed_decided": fixed.decided,
        "hours": next(way.seconds for way in curve if way.decided == most) / 3600,
        "hours_with_those_left": last.seconds / 3600,
        "decided": most,
        "as_many_hours": as_many[0] / 3600 if as_many else None,
        "decided_by_then": max(
            (way.decided for way in curve if way.seconds <= fixed.seconds), default=0
        ),
    }


def before(options: argparse.Namespace) -> dict[str, Any]:
    """What is redrawn: its core-seconds were recorded when the runs were trained."""
    return {"redrawn": redrawn(options.rounds)}


def measure(_: argparse.Namespace) -> dict[str, Any]:
    """What is trained."""
    return {"real": real()}


def tables(found: dict[str, Any]) -> dict[str, str]:
    """Markdown by mark."""
    drawn, real = found["redrawn"], found["real"]
    rows = [
        _row(f"flagship, redrawn, {drawn['claims']} claims", way, rounds)
        for way, rounds in drawn["fixed"].items()
    ]
    rows.append(_row(f"`verdicts.toml`, {real['claims']} claims", "8 seeds", real["rounds"]))
    head = [
        "study",
        "fixed",
        "its core-hours",
        "decided",
        "seed by seed: core-hours to as many",
        "share",
        "decided after the core-hours of fixed",
        "in the end",
        "core-hours to those",
    ]
    notes = (
        f"- Seed by seed is `assay run --until-decided` on {WORKERS} workers. Fixed is so many "
        "seeds of every arm that a claim reads: as the flagship was first planned, and 10, the "
        "least that `assay plan` names before any run.\n"
        f"- Redrawn: {found['rounds']} times, with replacement, from the committed runs. That "
        "flatters both ways, since no seed is worse than those that were committed. The other "
        "study was trained once.\n"
        f"- Of `verdicts.toml` stay open: {', '.join(real['open']) or 'none'}.\n"
        f"- {table.machine_note(found['machine'])}"
    )
    return {"verdicts": f"{table.grid(head, rows, words=2)}\n\n{notes}"}


def _row(study: str, fixed: str, rounds: list[dict[str, Any]]) -> list[str]:
    alike = [each for each in rounds if each["as_many_hours"] is not None]
    shares = [each["as_many_hours"] / each["fixed_hours"] for each in alike]
    missed = "" if len(alike) == len(rounds) else f", {len(rounds) - len(alike)} never"
    return [
        study,
        fixed,
        _spread(rounds, "fixed_hours", 2),
        _spread(rounds, "fixed_decided", 0),
        _spread(alike, "as_many_hours", 2) + missed if alike else "never",
        table.spread(shares, 2) if alike else "–",
        _spread(rounds, "decided_by_then", 0),
        _spread(rounds, "decided", 0),
        _spread(rounds, "hours", 2),
    ]


def _spread(rounds: list[dict[str, Any]], name: str, digits: int) -> str:
    return table.spread((each[name] for each in rounds), digits)


if __name__ == "__main__":
    recording.run("verdicts", str(__doc__), measure, tables, rounds=5, before=before)
