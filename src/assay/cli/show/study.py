"""A study's plan and the verdicts on its claims."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assay.api import PlannedRun
from assay.cli.show.tables import duration, error_console, print_json, print_table
from assay.config import kind_named

if TYPE_CHECKING:
    from assay.claims.floors import Outlook
    from assay.config import RunConfig


def print_plan(
    runs: Sequence[PlannedRun], outlooks: Sequence["Outlook"], workers: int, *, as_json: bool
) -> None:
    """The runs by arm, a measured estimate of the time of those missing, and hopeless claims."""
    from assay.execution.pace import makespan

    missing = [run for run in runs if not run.complete]
    seconds = _measured_seconds([run.config for run in missing])
    total = makespan(list(seconds.values()), workers)
    rows: list[dict[str, Any]] = []
    for key, arm in {run.arm.key: run.arm for run in runs}.items():
        own = [run for run in runs if run.arm.key == key]
        rows.append(
            {
                "arm": key,
                "title": arm.title,
                "seeds": len(own),
                "done": sum(run.complete for run in own),
                "seconds_per_run": max(
                    (
                        seconds[run.config.run_id]
                        for run in own
                        if not run.complete and run.config.run_id in seconds
                    ),
                    default=None,
                ),
            }
        )
    if as_json:
        print_json(
            {
                "runs": [
                    {"run": run.config.run_id, "arm": run.arm.key, "status": run.status}
                    | {"seed": run.config.seed}
                    for run in runs
                ],
                "arms": rows,
                "claims": [{**vars(each), "undecidable": each.undecidable} for each in outlooks],
                "workers": workers,
                "seconds_left": total,
            }
        )
        return
    lines = []
    for row in rows:
        time = "" if row["seconds_per_run"] is None else duration(row["seconds_per_run"])
        lines.append((row["arm"], row["title"], str(row["seeds"]), str(row["done"]), time))
    print_table(
        ("experiment", "what", "runs", "done", "time a run"), lines, ("runs", "done", "time a run")
    )
    done = len(runs) - len(missing)
    ends_early = any(kind_named(run.config.kind).goal(run.config) for run in missing)
    about = "at most about" if ends_early else "about"
    print(
        f"{len(runs)} runs, {done} done; {about} {duration(total)} left with {workers} workers, "
        "measured on this machine"
    )
    for text in outlook_lines(outlooks):
        print(text)


def _measured_seconds(configs: "Sequence[RunConfig]") -> dict[str, float]:
    """How long each run takes, by its id; of runs of one pace and length one is measured."""
    from rich.progress import track

    alike: dict[tuple[str, int], list[RunConfig]] = {}
    for config in configs:
        kind = kind_named(config.kind)
        alike.setdefault((kind.pace(config), kind.updates(config)), []).append(config)
    console, seconds = error_console(), dict[str, float]()
    for group in track(
        alike.values(),
        "measuring",
        console=console,
        transient=True,
        refresh_per_second=2,
        disable=not console.is_terminal,
    ):
        each = kind_named(group[0].kind).seconds(group[0])
        seconds |= {config.run_id: each for config in group if each is not None}
    return seconds


def print_claims(claims: Sequence[dict[str, Any]], *, as_json: bool) -> None:
    """The verdict on each claim, the numbers of its parts, and a sentence."""
    from assay.report.words.verdicts import effect, interval, p_value, seeds

    if as_json:
        print_json({"claims": claims})
        return
    lines = []
    for claim in claims:
        verdict = claim["verdict"] + (" (exploratory)" if claim["exploratory"] else "")
        for number, part in enumerate(claim["parts"]):
            head = (claim["id"], verdict, p_value(claim["p"])) if number == 0 else ("", "", "")
            lines.append((*head[:2], effect(part), interval(part), seeds(part), head[2]))
    print_table(("claim", "verdict", "effect", "interval", "seeds", "p"), lines, ("p",))
    for claim in claims:
        control = f" (assay's control of {claim['control_of']})" if claim["control_of"] else ""
        print(f"\n{claim['id']}{control}: {claim['sentence']}\n  {claim['meaning']}")
        for line in multiverse_lines(claim["multiverse"]):
            print(line)


def multiverse_lines(found: dict[str, Any] | None) -> list[str]:
    """What a claim comes to over its multiverse, where runs of it ended."""
    if found is None or not found["runs"]["finished"] + found["runs"]["diverged"]:
        return []
    words = dict(found["words"])
    head = f"  Over {found['universes']:,} universes: {words.pop('sentence')}"
    return [head.rstrip(": "), *(f"    {text}" for text in words.values() if text)]


def outlook_lines(outlooks: Sequence["Outlook"]) -> list[str]:
    """Which claims the planned seeds cannot decide, or only with the help of others."""
    never: dict[str, list[str]] = {"decided": [], "supported": [], "refuted": []}
    alone: dict[str, list[str]] = {"supported": [], "refuted": []}
    for each in outlooks:
        ways = {"supported": each.supported, "refuted": each.refuted}
        if each.undecidable:
            never["decided"].append(f"{each.claim} (p at best {min(ways.values()):.2g})")
            continue
        for way, best in ways.items():
            if best > each.level:
                never[way].append(f"{each.claim} (p at best {best:.2g})")
            elif getattr(each, f"{way}_alone") > each.level:
                alone[way].append(each.claim)
    cannot = [
        f"with these seeds, however the runs turn out, these claims cannot be {way}: "
        f"{', '.join(names)}; {outlooks[0].level:.2g} is needed"
        for way, names in never.items()
        if names
    ]
    depend = [
        f"these can be {way} only if other claims are decided too: {', '.join(names)}"
        for way, names in alone.items()
        if names
    ]
    return cannot + depend
