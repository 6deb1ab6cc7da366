"""The command that asks a network of the kind `memory`."""

from typing import Annotated

from cyclopts import Parameter

from assay.cli.options import (
    ASK,
    JsonOption,
    RunName,
    StoreOption,
    TrustOption,
    app,
    examples,
)


@app.command(group=ASK, help_epilogue=examples("assay predict 4863 7373"))
def predict(
    run: RunName,
    digits: Annotated[str, Parameter(help="The digits before the last one.")],
    /,
    *,
    store: StoreOption = "store",
    trust: TrustOption = False,
    json: JsonOption = False,
) -> None:
    """Let a trained network answer a string of digits."""
    from assay.cli.show.answers import print_prediction
    from assay.cli.trust import asks_before_code
    from assay.inference.run import Run

    asks_before_code(trust)
    asked = Run(run, store)
    print_prediction(digits, asked.predict(digits), asked.task, as_json=json)
