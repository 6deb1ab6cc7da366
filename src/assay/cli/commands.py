"""Commands on studies and runs."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from assay.cli.options import (
    CheckpointOption,
    FromOption,
    JsonOption,
    MultiverseOption,
    OnlyOption,
    ProfileOption,
    ProfileOrEvidence,
    RunName,
    StoreOption,
    StudyName,
    StudyOrEvidence,
    WorkersOption,
    app,
    say,
)
from assay.errors import ConfigError, Interrupted, TrainingError
from assay.shell import command

if TYPE_CHECKING:
    from assay.api import Study
    from assay.config import RunConfig
    from assay.execution.events import Result


@app.command
def plan(
    study: StudyName,
    /,
    *,
    profile: ProfileOption = "quick",
    only: OnlyOption = None,
    multiverse: MultiverseOption = False,
    workers: WorkersOption = None,
    store: StoreOption = "store",
    json: JsonOption = False,
) -> None:
    """Show the runs of a study, what is done, and how long the rest will take here."""
    from assay.api import Study
    from assay.cli.show.study import print_plan

    opened = Study(study, store)
    planned = opened.plan(profile, only, multiverse=multiverse)
    outlooks = [] if multiverse else opened.outlooks(profile)
    print_plan(planned, outlooks, _workers(workers), as_json=json)


@app.command
def run(
    study: StudyName,
    /,
    *,
    profile: ProfileOption = "quick",
    only: OnlyOption = None,
    multiverse: MultiverseOption = False,
    workers: WorkersOption = None,
    store: StoreOption = "store",
    checkpoint_seconds: CheckpointOption = None,
) -> None:
    """Train what is missing of a study; what is finished is never trained again."""
    from assay.api import Study, train_all

    opened = Study(study, store)
    planned = opened.plan(profile, only, multiverse=multiverse)
    missing = [item.config for item in planned if not item.complete]
    if len(missing) < len(planned):
        say(f"{len(planned) - len(missing)} of {len(planned)} runs are done already")
    count = _workers(workers)
    what: dict[str, str | bool] = {"multiverse": True} if multiverse else {"profile": profile}
    again = command("run", study, **what, only=only, store=store)
    _train(
        missing,
        lambda watch: train_all(missing, opened.store, count, watch, checkpoint_seconds),
        count,
        again,
    )


@app.command
def status(*, store: StoreOption = "store", json: JsonOption = False) -> None:
    """List the runs of a store and how far each is."""
    from assay.cli.show.store import print_status
    from assay.store import Store

    print_status(Store(store), as_json=json)


@app.command
def predict(
    run: RunName,
    digits: Annotated[str, Parameter(help="The digits before the last one.")],
    /,
    *,
    store: StoreOption = "store",
    json: JsonOption = False,
) -> None:
    """Let a trained network predict the digit that follows."""
    from assay.cli.show.answers import print_prediction
    from assay.inference.run import Run

    print_prediction(digits, Run(run, store).predict(digits), as_json=json)


@app.command
def claims(
    study: StudyOrEvidence = None,
    /,
    *,
    profile: ProfileOrEvidence = None,
    store: StoreOption = "store",
    from_: FromOption = None,
    json: JsonOption = False,
) -> None:
    """Give the verdict on each claim of a study, from the runs in the store."""
    from assay.cli.show.study import print_claims

    opened, chosen = _opened(study, profile, store, from_)
    print_claims(opened.verdicts(chosen), as_json=json)


@app.command
def report(
    study: StudyOrEvidence = None,
    /,
    *,
    profile: ProfileOrEvidence = None,
    format: Annotated[Literal["html", "json", "ipynb"], Parameter(help="What to write.")] = "html",
    out: Annotated[Path | None, Parameter(help="Folder; by default reports/STUDY.")] = None,
    store: StoreOption = "store",
    from_: FromOption = None,
) -> None:
    """Write the report of a study from the runs in the store."""
    opened, chosen = _opened(study, profile, store, from_)
    print(opened.report(chosen, format, out))


@app.command(name=["archive", "evidence"])
def archive(
    study: StudyName,
    /,
    *,
    profile: ProfileOption = "quick",
    out: Annotated[Path | None, Parameter(help="Folder; by default results/STUDY.")] = None,
    store: StoreOption = "store",
) -> None:
    """Keep the ended runs of a study in small files, to commit and to report from."""
    from assay.api import Study

    target, kept = Study(study, store).keep(profile, out)
    say(f"added {kept.new}; {kept.there} of {kept.planned} runs are there")
    print(target)


@app.command
def doctor(*, store: StoreOption = "store", json: JsonOption = False) -> None:
    """Check the installation, the machine and the store."""
    from assay.cli.show.store import print_doctor
    from assay.store import Store

    if not print_doctor(Store(store), as_json=json):
        raise TrainingError("something is wrong: see above")


def _opened(
    study: str | None, profile: str | None, store: str, evidence: Path | None
) -> "tuple[Study, str]":
    """A study with its store, or with the evidence of it, and the profile that is meant."""
    from assay.api import DEFAULT_PROFILE, Study

    if evidence is not None:
        from assay.store.archive import Archive

        found = Archive(evidence)
        return Study(study or found.study, found), profile or found.profile
    if study is None:
        raise ConfigError("give a STUDY, or --from and a folder of evidence")
    return Study(study, store), profile or DEFAULT_PROFILE


def train_one(config: "RunConfig", store: str, checkpoint_seconds: float | None) -> None:
    """Train one run, and print its id."""
    from assay.api import train_all
    from assay.plugins import resolve
    from assay.store import Store

    resolved = resolve(config)
    _train(
        [resolved],
        lambda watch: train_all([resolved], Store(store), 1, watch, checkpoint_seconds),
        1,
    )
    print(resolved.run_id)


def _train(
    configs: "list[RunConfig]",
    start: "Callable[[Callable[[Any], None]], list[Result]]",
    workers: int,
    again: str = "",
) -> None:
    """Train with a progress display, and turn the results into an exit code."""
    from assay.execution.local import start_server

    if not configs:
        return
    start_server()  # before the imports below, which take as long
    from assay.cli.show.progress import Progress
    from assay.cli.show.tables import error_console

    progress = Progress(configs, workers, error_console())
    with progress.shown():
        results = start(progress.see)
    shown = again and f": {again}"
    failed = [result for result in results if result.status == "failed"]
    if any(result.status == "stopped" for result in results) or len(results) < len(configs):
        raise Interrupted(
            f"interrupted; everything is saved, and the same command goes on from here{shown}"
        )
    if failed:
        raise TrainingError(
            f"{len(failed)} of {len(configs)} runs failed; the same command tries them again{shown}"
        )


def _workers(asked: int | None) -> int:
    from assay.execution.local import default_workers

    if asked is not None and asked < 1:
        raise ConfigError(f"--workers = {asked}: should be 1 or more")
    return asked or default_workers()
