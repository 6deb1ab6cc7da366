"""The command that asks a network of the kind `memory`."""

from typing import Annotated

from cyclopts import Parameter

from assay.cli.options import (
    ASK,
    JsonOption,
    RunOrFile,
    StoreOption,
    TrustOption,
    app,
    examples,
)


@app.command(
    group=ASK,
    help_epilogue=examples("assay predict 4863 7373", "assay predict exports/lstm.onnx 7373"),
)
def predict(
    run: RunOrFile,
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
    from assay.inference.portable import Exported, is_exported
    from assay.inference.run import Run
    from assay.kinds.memory.trained import memory_config

    asks_before_code(trust)
    asked = Exported(run) if is_exported(run) else Run(run, store)
    answer = asked.predict(digits)
    print_prediction(digits, answer, memory_config(asked.config).task, as_json=json)
