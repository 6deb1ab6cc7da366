"""The command line: thin over the API, with heavy imports inside the commands."""

import cyclopts
from pydantic import ValidationError

import assay.cli.commands
import assay.cli.images  # noqa: F401 - registers its commands
from assay.cli.options import app, say
from assay.config import RunConfig, first_problem, kind_named, kind_names
from assay.errors import AssayError, Interrupted

__all__ = ["app", "call"]


def call(arguments: list[str]) -> int:
    """Run a command and return its exit code; what a user can put right is one sentence."""
    try:
        app(arguments, exit_on_error=False, print_error=False, result_action="return_none")
    except cyclopts.CycloptsError as error:
        cause = error.__cause__
        if isinstance(cause, ValidationError):
            say(f"error: {first_problem(cause, _config_of(arguments), as_text=True)}")
        else:
            say(f"error: {error}")
        return 2
    except AssayError as error:
        say(str(error) if isinstance(error, Interrupted) else f"error: {error}")
        return error.exit_code
    except KeyboardInterrupt:
        say("interrupted")
        return Interrupted.exit_code
    except BrokenPipeError:
        return 0
    return 0


def _config_of(arguments: list[str]) -> type[RunConfig]:
    """The settings that a `train` command was given."""
    kinds = kind_names()
    return kind_named(next(word for word in arguments if word in kinds)).config
