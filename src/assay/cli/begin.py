"""Commands to begin with: a study file to change, and a demonstration."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from assay.cli.options import (
    BEGIN,
    app,
    examples,
    say,
)
from assay.cli.show.tables import tell
from assay.errors import ConfigError
from assay.shell import command


@app.command(
    group=BEGIN,
    help_epilogue=examples(
        "assay init --kind command",
        "assay init cells.toml --kind memory --title 'Does a GRU remember longer?'",
        "assay init --kind command --script my_training.py",
        "assay init --kind results",
    ),
)
def init(
    file: Annotated[
        Path | None, Parameter(help="The study file to write; study.toml if not given.")
    ] = None,
    /,
    *,
    kind: Annotated[
        str | None,
        Parameter(help="What is put on trial: command, function, memory, gan, or results."),
    ] = None,
    title: Annotated[str | None, Parameter(help="The study's title.")] = None,
    script: Annotated[
        Path | None, Parameter(help="Your script; without one an example is written beside.")
    ] = None,
    force: Annotated[
        bool, Parameter(negative="", help="Write over files that are there already.")
    ] = False,
) -> None:
    """Write a study file to change, with comments; on a terminal it asks what is not given."""
    from assay.study.new import new_files, write_new

    if kind is None:
        kind, title = _asked(title)
    files = new_files(kind, file, script, title)
    write_new(files, force=force)
    for path in files:
        tell(path)
    for line in _next(kind, str(next(iter(files)))):
        say(line)


_ABOUT = {
    "command": "a training script, or any other command line",
    "function": "a Python function",
    "memory": "recurrent networks, trained by assay",
    "gan": "generative adversarial networks, trained by assay",
    "results": "a table of results that you have",
}


def _asked(title: str | None) -> tuple[str, str | None]:
    """Kind and title, as they are answered on the terminal.

    Raises:
        ConfigError: if there is nobody to ask.
    """
    kinds = list(_ABOUT)
    if not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
        raise ConfigError(f"--kind is missing, and there is nobody to ask: {', '.join(kinds)}")
    from rich.prompt import Prompt

    from assay.cli.show.tables import error_console
    from assay.study.new import TITLES

    console = error_console()
    for name, about in _ABOUT.items():
        console.print(f"  {name:9}{about}")
    try:
        kind = Prompt.ask("What do you put on trial?", choices=kinds, console=console)
        if title is None and TITLES[kind]:
            title = Prompt.ask("Its title", default=TITLES[kind], console=console)
    except EOFError:
        raise ConfigError("no answer, so nothing was written") from None
    return kind, title


def _next(kind: str, path: str) -> list[str]:
    """What to type next."""
    if kind == "results":
        asked = {"of": "model=lstm", "against": "model=rnn", "margin": "0.05"}
        return [
            "an example of a table; with your own numbers in it:",
            f"  {command('judge', path, metric='accuracy', **asked, by='task')}",
        ]
    return [
        f"what it takes:  {command('plan', path)}",
        f"to train:       {command('run', path, until_decided=True)}",
        f"the verdicts:   {command('claims', path)}",
    ]
