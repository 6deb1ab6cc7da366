"""Commands that take out of a store what is no longer wanted."""

import sys
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from assay.cli.options import STORE, DryRunOption, StoreOption, TrustOption, app, examples, say
from assay.cli.show.tables import counted, tell
from assay.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from assay.store import RunFolder, Store

_LISTED = 20

YesOption = Annotated[
    bool, Parameter(name="--yes", negative="", help="Delete without being asked.")
]


@app.command(
    group=STORE,
    help_epilogue=examples(
        "assay delete 40735c1b 5d0e9f21",
        "assay delete --study my.toml --yes",
        "assay delete --study my.toml --dry-run",
    ),
)
def delete(
    *runs: Annotated[str, Parameter(name="RUN", help="A run's id, its beginning, or its folder.")],
    study: Annotated[
        str | None,
        Parameter(name="--study", help="Every run of this study, of all profiles and seeds."),
    ] = None,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    store: StoreOption = "store",
    trust: TrustOption = False,
) -> None:
    """Delete runs of a store, with their logs, weights and records; asks first.

    A run that a process trains is not deleted. Evidence that was archived is left as it is.
    """
    from assay.kinds.own.sizes import shown
    from assay.store import Store
    from assay.store.tidying import delete as take_out
    from assay.store.tidying import size

    if bool(runs) == (study is not None):
        raise ConfigError("give either runs to delete, or --study and a study")
    there = Store(store)
    found = _of_study(study, there, trust) if study else [there.find(each) for each in runs]
    found = list({run.run_id: run for run in found}.values())
    if owned := [run.run_id for run in found if run.owned]:
        raise ConfigError(f"run {owned[0]} is being trained: stop that first")
    if not found:
        say(f"{there} has no run of {study}")
        return
    what = f"{counted(len(found), 'run')}, {shown(sum(size(run.path) for run in found))}"
    _list([run.path for run in found])
    if dry_run:
        say(f"would delete {what}")
        return
    _ask(f"delete {what}, for good?", yes)
    for run in found:
        take_out(run)
    say(f"deleted {what}")


@app.command(
    group=STORE,
    help_epilogue=examples("assay gc --dry-run", "assay gc", "assay gc --last --yes --store other"),
)
def gc(
    *,
    last: Annotated[
        bool,
        Parameter(
            name="--last",
            negative="",
            help="Also the last checkpoint of these runs: predict, sample, interpolate, invert and "
            "audit then have no weights of them. Asks first.",
        ),
    ] = False,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    store: StoreOption = "store",
) -> None:
    """Delete checkpoints that nothing needs: of runs that ended, all before the last whole one.

    Runs that are unfinished or failed go on from their checkpoints and keep them, and so does a run
    that a process trains. Verdicts and reports need no checkpoint.
    """
    from assay.kinds.own.sizes import shown
    from assay.store import Store
    from assay.store.tidying import take_away, unneeded

    there = Store(store)
    if not there.root.is_dir():
        raise ConfigError(f"{there} is not there")
    found = list(unneeded(there, last=last))
    what = f"{counted(len(found), 'file')}, {shown(sum(each.bytes for each in found))}"
    if not found:
        say(f"nothing in {there} is unneeded")
        return
    if dry_run:
        _list([each.path for each in found])
        say(f"would delete {what}")
        return
    if last:
        _ask(f"delete {what}, the weights of runs that ended among them?", yes)
    take_away(found)
    say(f"deleted {what}")


def _of_study(name: str, store: "Store", trust: bool) -> "list[RunFolder]":
    """The runs of a study that a store has, of every profile, universe and further seed."""
    from assay.claims.further import every_run
    from assay.cli.trust import asks_before_code
    from assay.study import load_study

    asks_before_code(trust)
    there = set(store.ids())
    return [store.run(run) for run in every_run(load_study(name), store) if run in there]


def _ask(question: str, yes: bool) -> None:
    """See that it is wanted.

    Raises:
        ConfigError: if it is not, or there is nobody to ask.
    """
    if yes:
        return
    if not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
        raise ConfigError(f"{question} There is nobody to ask: give --yes")
    from rich.prompt import Confirm

    from assay.cli.show.tables import error_console

    try:
        wanted = Confirm.ask(question.capitalize(), console=error_console(), default=False)
    except EOFError:
        wanted = False
    if not wanted:
        raise ConfigError("nothing was deleted")


def _list(paths: "Sequence[Path]") -> None:
    """One a line; of many the first."""
    for path in paths[:_LISTED]:
        tell(path)
    if len(paths) > _LISTED:
        tell(f"and {len(paths) - _LISTED:,} more")
