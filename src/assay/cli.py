"""The command line: thin over the API, with heavy imports inside the commands."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import cyclopts
from cyclopts import App, Parameter
from pydantic import ValidationError

from assay.config import MemoryConfig, Scalar, first_problem
from assay.errors import AssayError, ConfigError, Interrupted, TrainingError

if TYPE_CHECKING:
    from assay.config import RunConfig
    from assay.execution.runner import Result

app = App(name="assay", help="Puts the claims of a deep-learning report on trial.")
train = App(name="train", help="Train one run without a study.")
app.command(train)

StudyName = Annotated[str, Parameter(help="A study file, or the name of a shipped study.")]
StoreOption = Annotated[str, Parameter(name="--store", help="Folder of the runs.")]
ProfileOption = Annotated[str, Parameter(name="--profile", help="How much of the study.")]
OnlyOption = Annotated[
    str | None, Parameter(name="--only", help="Experiments whose names match, such as 'fig*'.")
]
WorkersOption = Annotated[
    int | None, Parameter(name="--workers", help="Processes; by default one a core.")
]
CheckpointOption = Annotated[
    float | None,
    Parameter(name="--checkpoint-seconds", help="Seconds between checkpoints; 20 if not given."),
]
JsonOption = Annotated[bool, Parameter(name="--json", negative="", help="Print JSON.")]


@app.command
def plan(
    study: StudyName,
    /,
    *,
    profile: ProfileOption = "quick",
    only: OnlyOption = None,
    workers: WorkersOption = None,
    store: StoreOption = "store",
    json: JsonOption = False,
) -> None:
    """Show the runs of a study, what is done, and how long the rest will take here."""
    from assay.api import Study
    from assay.listing import print_plan

    print_plan(Study(study, store).plan(profile, only), _workers(workers), as_json=json)


@app.command
def run(
    study: StudyName,
    /,
    *,
    profile: ProfileOption = "quick",
    only: OnlyOption = None,
    workers: WorkersOption = None,
    store: StoreOption = "store",
    checkpoint_seconds: CheckpointOption = None,
) -> None:
    """Train what is missing of a study; what is finished is never trained again."""
    from assay.api import Study, train_all

    opened = Study(study, store)
    planned = opened.plan(profile, only)
    missing = [item.config for item in planned if not item.complete]
    if len(missing) < len(planned):
        _say(f"{len(planned) - len(missing)} of {len(planned)} runs are done already")
    count = _workers(workers)
    chosen = f" --only '{only}'" if only else ""
    again = f"'assay run {study} --profile {profile}{chosen} --store {store}'"
    _train(
        missing,
        lambda watch: train_all(missing, opened.store, count, watch, checkpoint_seconds),
        count,
        again,
    )


@train.command
def memory(
    *,
    config: Annotated[MemoryConfig, Parameter(name="*")] = MemoryConfig(),  # noqa: B008
    store: StoreOption = "store",
    checkpoint_seconds: CheckpointOption = None,
) -> None:
    """Train one recurrent network on a sequence task."""
    from assay.api import train_all
    from assay.plugins import resolve
    from assay.store import Store

    options = {
        key: {name: _literal(value) for name, value in getattr(config, key).items()}
        for key in ("task_options", "cell_options")
    }
    resolved = resolve(config.replace("assay train memory", **options))
    _train(
        [resolved],
        lambda watch: train_all([resolved], Store(store), 1, watch, checkpoint_seconds),
        1,
        "the same command",
    )
    print(resolved.run_id)


@app.command
def status(*, store: StoreOption = "store", json: JsonOption = False) -> None:
    """List the runs of a store and how far each is."""
    from assay.listing import print_status
    from assay.store import Store

    print_status(Store(store), as_json=json)


@app.command
def predict(
    run: Annotated[str, Parameter(help="A run's id, its beginning, or its folder.")],
    digits: Annotated[str, Parameter(help="The digits before the last one.")],
    /,
    *,
    store: StoreOption = "store",
    json: JsonOption = False,
) -> None:
    """Let a trained network predict the digit that follows."""
    from assay.api import Run
    from assay.listing import print_prediction

    print_prediction(digits, Run(run, store).predict(digits), as_json=json)


@app.command
def report(
    study: StudyName,
    /,
    *,
    profile: ProfileOption = "quick",
    format: Annotated[Literal["html", "json"], Parameter(help="What to write.")] = "html",
    out: Annotated[Path | None, Parameter(help="Folder; by default reports/STUDY.")] = None,
    store: StoreOption = "store",
) -> None:
    """Write the report of a study from the runs in the store."""
    from assay.api import Study

    print(Study(study, store).report(profile, format, out))


@app.command
def doctor(*, store: StoreOption = "store", json: JsonOption = False) -> None:
    """Check the installation, the machine and the store."""
    from assay.listing import print_doctor
    from assay.store import Store

    if not print_doctor(Store(store), as_json=json):
        raise TrainingError("something is wrong: see above")


def main() -> None:
    """Entry point of the command `assay`."""
    sys.exit(call(sys.argv[1:]))


def call(arguments: list[str]) -> int:
    """Run a command and return its exit code; what a user can put right is one sentence."""
    try:
        app(arguments, exit_on_error=False, print_error=False, result_action="return_none")
    except cyclopts.CycloptsError as error:
        cause = error.__cause__
        if isinstance(cause, ValidationError):
            _say(f"error: {first_problem(cause, MemoryConfig, as_text=True)}")
        else:
            _say(f"error: {error}")
        return 2
    except AssayError as error:
        _say(str(error) if isinstance(error, Interrupted) else f"error: {error}")
        return error.exit_code
    except KeyboardInterrupt:
        _say("interrupted")
        return Interrupted.exit_code
    except BrokenPipeError:
        return 0
    return 0


def _train(
    configs: "list[RunConfig]",
    start: "Callable[[Callable[[Any], None]], list[Result]]",
    workers: int,
    again: str,
) -> None:
    """Train with a progress display, and turn the results into an exit code."""
    from assay.progress import Progress, error_console

    if not configs:
        return
    console = error_console()
    progress = Progress(configs, workers, console)
    with progress.shown():
        results = start(progress.see)
    failed = [result for result in results if result.status == "failed"]
    for result in failed:
        console.print(f"run {result.run_id} failed: {result.message}", markup=False)
    if any(result.status == "stopped" for result in results) or len(results) < len(configs):
        raise Interrupted(f"interrupted; everything is saved, and {again} goes on from here")
    if failed:
        raise TrainingError(
            f"{len(failed)} of {len(configs)} runs failed; {again} tries them again"
        )


def _workers(asked: int | None) -> int:
    from assay.execution.local import default_workers

    if asked is not None and asked < 1:
        raise ConfigError(f"--workers = {asked}: should be 1 or more")
    return asked or default_workers()


def _literal(text: Scalar) -> Scalar:
    """A number or truth value given as text on the command line."""
    try:
        value = json.loads(str(text))
    except ValueError:
        return text
    return value if isinstance(value, bool | int | float) else text


def _say(text: str) -> None:
    print(text, file=sys.stderr)
