"""Training followed on the terminal, and what its end comes to as an exit code."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from assay.cli.options import say
from assay.errors import ConfigError, Interrupted, TrainingError

if TYPE_CHECKING:
    from assay.campaign import Campaign
    from assay.execution.events import Event, Result
    from assay.execution.executor import Executor, RunOptions, Session


def note(text: str) -> None:
    """Something to know that stops nothing."""
    say(f"note: {text}")


def run_options(workers: int | None, checkpoint_seconds: float | None = None) -> "RunOptions":
    """How runs are trained, as the flags say.

    Raises:
        ConfigError: naming the flag that is out of range.
    """
    from assay.execution.executor import CHECKPOINT_SECONDS, RunOptions

    seconds = CHECKPOINT_SECONDS if checkpoint_seconds is None else checkpoint_seconds
    try:
        return RunOptions(workers, seconds)
    except ConfigError as error:
        raise flagged(error, "workers", "checkpoint_seconds") from None


def flagged(error: ConfigError, *names: str) -> ConfigError:
    """An error that begins with one of these names, which then is that of its flag."""
    name, equals, rest = str(error).partition(" = ")
    if name not in names:
        return error
    return ConfigError(f"--{name.replace('_', '-')}{equals}{rest}")


def follow_session(
    session: "Session", again: str = "", see: "Callable[[Event], None]" = lambda event: None
) -> None:
    """Show a session to its end, and give `see` what happens in it.

    Raises:
        Interrupted: if it was stopped.
        TrainingError: if a run failed.
    """
    from assay.cli.show.progress import Progress
    from assay.cli.show.tables import error_console
    from assay.execution.start import follow

    progress = Progress(session.configs, session.workers, error_console())
    with progress.shown():
        results = follow(session, _both(progress.see, see))
    every = len(session.configs)
    if len(results) < every or any(result.status == "stopped" for result in results):
        raise _interrupted(results, again)
    _raise_failed(results, every, again)


def follow_campaign(
    campaign: "Campaign",
    options: "RunOptions",
    again: str,
    claims: str,
    executor: "Executor | None" = None,
    see: "Callable[[Event], None]" = lambda event: None,
) -> None:
    """Show a campaign to its end, and say which claims are open and why.

    Raises:
        Interrupted: if it was stopped.
        TrainingError: if a run failed.
    """
    from assay.cli.show.campaign import CampaignProgress, ending
    from assay.cli.show.tables import error_console

    progress = CampaignProgress(campaign, error_console())
    with progress.shown():
        end = campaign.run(_both(progress.see, see), progress.look, note, options, executor)
    for line in ending(end):
        say(line)
    if end.why == "stopped":
        raise _interrupted(end.results, again)
    say(f"the verdicts: {claims}")
    _raise_failed(end.results, len(end.results), again)


def _both(
    first: "Callable[[Event], None]", second: "Callable[[Event], None]"
) -> "Callable[[Event], None]":
    def see(event: "Event") -> None:
        first(event)
        second(event)

    return see


def _interrupted(results: "Sequence[Result]", again: str) -> Interrupted:
    from assay.execution.executor import NOT_SAVED

    lost = any(result.message == NOT_SAVED for result in results)
    kept = "the last checkpoints are kept" if lost else "everything is saved"
    shown = again and f": {again}"
    return Interrupted(f"interrupted; {kept}, and the same command goes on from here{shown}")


def _raise_failed(results: "Sequence[Result]", every: int, again: str) -> None:
    shown = again and f": {again}"
    if failed := sum(result.status == "failed" for result in results):
        raise TrainingError(
            f"{failed} of {every} runs failed; the same command tries them again{shown}"
        )
