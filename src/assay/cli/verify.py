"""Commands that check: a store or evidence against its hashes, and the installation."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from assay.cli.options import (
    MACHINE,
    STORE,
    JsonOption,
    StoreOption,
    app,
    examples,
)
from assay.errors import TrainingError


@app.command(
    group=STORE,
    help_epilogue=examples(
        "assay verify", "assay verify results/cs324_a3", "assay verify store --repair"
    ),
)
def verify(
    folder: Annotated[Path, Parameter(help="A store, or a folder of evidence.")] = Path("store"),
    /,
    *,
    repair: Annotated[
        bool,
        Parameter(name="--repair", negative="", help="Move aside what is damaged."),
    ] = False,
    json: JsonOption = False,
) -> None:
    """See that every file of a store, or of evidence, is what was written; exit 1 if not."""
    from assay.cli.show.verify import print_verified

    if not print_verified(folder, repairs=repair, as_json=json):
        raise TrainingError(f"{folder} is damaged: see above, and 'assay verify --repair'")


@app.command(group=MACHINE, help_epilogue=examples("assay doctor --store other"))
def doctor(*, store: StoreOption = "store", json: JsonOption = False) -> None:
    """Check the installation, the machine and the store."""
    from assay.cli.show.doctor import print_doctor
    from assay.store import Store

    if not print_doctor(Store(store), as_json=json):
        raise TrainingError("something is wrong: see above")
