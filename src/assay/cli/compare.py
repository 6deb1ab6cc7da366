"""The command that says where two runs part, or those of two machines."""

from typing import Annotated

from cyclopts import Parameter

from assay.cli.options import (
    STORE,
    JsonOption,
    StoreOption,
    app,
    examples,
)
from assay.errors import NotEqual

Compared = Annotated[
    str,
    Parameter(
        help="A run's id, its beginning, its folder or its file in evidence; or a store, or a "
        "folder of evidence, whose runs are compared by their ids."
    ),
]


@app.command(
    group=STORE,
    help_epilogue=examples(
        "assay compare 40735c1b 5d0e9f21",
        "assay compare store results/cs324_a3",
        "assay compare here/store there/store --json",
    ),
)
def compare(
    a: Compared, b: Compared, /, *, store: StoreOption = "store", json: JsonOption = False
) -> None:
    """Say where two runs part: settings, environment, the first row of their logs, weights.

    Exit code 0 if they are equal, whatever their environments are, and 1 if they differ.
    """
    from assay.cli.show.compare import print_comparisons
    from assay.store import Store
    from assay.store.comparing import side

    found = Store(store)
    if not print_comparisons(side(a, found), side(b, found), as_json=json):
        raise NotEqual(f"{a} and {b} differ: see above")
