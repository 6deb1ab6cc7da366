"""Commands on the runs of a store."""

from typing import Annotated, Literal

from cyclopts import Parameter

from assay.cli.options import STORE, JsonOption, RunName, StoreOption, app, examples
from assay.errors import ConfigError, TrainingError

RunState = Literal["finished", "diverged", "failed", "unfinished", "damaged"]


@app.command(
    group=STORE,
    help_epilogue=examples(
        "assay status",
        "assay status --state failed --state unfinished",
        "assay status --match 'lstm*seed=3' --store other --json",
    ),
)
def status(
    *,
    state: Annotated[
        list[RunState] | None,
        Parameter(name="--state", negative="", help="Runs that are so far. May be repeated."),
    ] = None,
    match: Annotated[
        str | None,
        Parameter(name="--match", help="Runs whose id or description holds this, * for anything."),
    ] = None,
    store: StoreOption = "store",
    json: JsonOption = False,
) -> None:
    """List the runs of a store and how far each is."""
    from assay.cli.show.status import print_status
    from assay.store import Store

    found = Store(store)
    if not found.root.is_dir():
        raise ConfigError(f"{found} is not there: no run was trained here yet, or it is elsewhere")
    print_status(found, state or (), match, as_json=json)


@app.command(group=STORE, help_epilogue=examples("assay watch 40735c1b"))
def watch(run: RunName, /, *, store: StoreOption = "store") -> None:
    """Follow the log of a run that another process trains, to its end.

    Exit code 0 if it finished, and 1 if it did not.
    """
    from assay.cli.show.watch import follow_log
    from assay.store import Store

    found = Store(store).find(run)
    ended = follow_log(found)
    if ended is None:
        raise TrainingError(f"run {found.run_id} is unfinished, and no process trains it")
    if ended.status != "finished":
        raise TrainingError(f"run {found.run_id} {ended.status}")
