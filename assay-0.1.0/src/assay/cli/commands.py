"""Commands on studies and runs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

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
    from assay.execution.executor import RunOptions, Session


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
    from assay.cli.show.study import measuring, print_plan

    opened = Study(study, store)
    planned = opened.plan(profile, only, multiverse=multiverse)
    outlooks = [] if multiverse else opened.outlooks(profile)
    found = opened.estimate(profile, only, _options(workers), measuring, multiverse=multiverse)
    print_plan(planned, found, outlooks, as_json=json)


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
    from assay.api import Study

    opened = Study(study, store)
    planned = opened.plan(profile, only, multiverse=multiverse)
    if done := sum(item.complete for item in planned):
        say(f"{done} of {len(planned)} runs are done already")
    options = _options(workers, checkpoint_seconds)
    what: dict[str, str | bool] = {"multiverse": True} if multiverse else {"profile": profile}
    again = command("run", study, **what, only=only, store=store)
    _show(opened.start(profile, only, options, multiverse=multiverse), again)


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
    print_claims(opened.claim_rows(chosen), as_json=json)


@app.command
def report(
    study: StudyOrEvidence = None,
    /,
    *,
    profile: ProfileOrEvidence = None,
    format: Annotated[Literal["html", "json", "ipynb"], Parameter(help="What to write.")] = "html",
    out: Annotated[Path | None, Parameter(help="Folder; by default reports/STUDY/PROFILE.")] = None,
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
        return Study(study, found), profile or found.profile
    if study is None:
        raise ConfigError("give a STUDY, or --from and a folder of evidence")
    return Study(study, store), profile or DEFAULT_PROFILE


def train_one(config: "RunConfig", store: str, checkpoint_seconds: float | None) -> None:
    """Train one run, and print its id."""
    from assay.execution.start import start
    from assay.plugins import resolve
    from assay.store import Store

    resolved = resolve(config)
    _show(start([resolved], Store(store), _options(1, checkpoint_seconds)))
    print(resolved.run_id)


def _show(session: "Session", again: str = "") -> None:
    """Follow a session on the terminal, and turn its results into an exit code."""
    from assay.cli.show.progress import Progress
    from assay.cli.show.tables import error_console
    from assay.execution.executor import NOT_SAVED
    from assay.execution.start import follow

    progress = Progress(session.configs, session.workers, error_console())
    with progress.shown():
        results = follow(session, progress.see)
    every = len(session.configs)
    shown = again and f": {again}"
    if len(results) < every or any(result.status == "stopped" for result in results):
        lost = any(result.message == NOT_SAVED for result in results)
        kept = "the last checkpoints are kept" if lost else "everything is saved"
        raise Interrupted(f"interrupted; {kept}, and the same command goes on from here{shown}")
    if failed := sum(result.status == "failed" for result in results):
        raise TrainingError(
            f"{failed} of {every} runs failed; the same command tries them again{shown}"
        )


def _options(workers: int | None, checkpoint_seconds: float | None = None) -> "RunOptions":
    from assay.execution.executor import CHECKPOINT_SECONDS, RunOptions

    seconds = CHECKPOINT_SECONDS if checkpoint_seconds is None else checkpoint_seconds
    try:
        return RunOptions(workers, seconds)
    except ConfigError as error:
        raise ConfigError(f"--{str(error).replace('_', '-', 1)}") from None
