"""The command that writes what a shell needs to complete commands and flags."""

from typing import Annotated, Literal

from cyclopts import Parameter

from assay.cli.options import MACHINE, app, examples


@app.command(
    group=MACHINE,
    help_epilogue=examples(
        "assay completion bash", "assay completion zsh", "assay completion fish"
    ),
)
def completion(
    shell: Annotated[Literal["bash", "zsh", "fish"], Parameter(help="The shell.")], /
) -> None:
    """Print what a shell needs to complete commands and flags, to keep where it looks for that.

    That is ~/.local/share/bash-completion/completions/assay for bash, a file _assay in a folder of
    fpath for zsh, and ~/.config/fish/completions/assay.fish for fish.
    """
    from assay.cli.train import register_kinds

    register_kinds()
    print(app.generate_completion(shell=shell))
