"""The command line: thin over the API, with heavy imports inside the commands."""

import cyclopts

import assay.cli.begin
import assay.cli.compare
import assay.cli.complete
import assay.cli.demo
import assay.cli.images
import assay.cli.judge
import assay.cli.look
import assay.cli.predict
import assay.cli.run
import assay.cli.runs
import assay.cli.studio
import assay.cli.tidy
import assay.cli.verdicts
import assay.cli.verify  # noqa: F401 - registers its commands
from assay.cli.options import app, say
from assay.cli.train import register_kinds
from assay.cli.trust import asks_nothing
from assay.consent import use_gate
from assay.errors import AssayError, Interrupted, shown

_LONGEST = 200

__all__ = ["app", "call", "register_kinds"]


def call(arguments: list[str]) -> int:
    """Run a command and return its exit code; what a user can put right is one sentence."""
    asks_nothing()
    try:
        if arguments[:1] == ["train"]:
            register_kinds()
        app(arguments, exit_on_error=False, print_error=False, result_action="return_none")
    except cyclopts.CycloptsError as error:
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
    except OSError as error:  # a name that is too long, a disk that is full
        where = f"{shown(error.filename)[:_LONGEST]}: " if error.filename else ""
        say(f"error: {where}{error.strerror or error}")
        return AssayError.exit_code
    except MemoryError:
        say("error: this takes more memory than there is")
        return AssayError.exit_code
    finally:
        use_gate(None)
    return 0
