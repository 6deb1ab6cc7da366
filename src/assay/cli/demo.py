"""`assay demo`: from nothing to verdicts and a page in less than a minute."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from assay.cli.browse import show_page
from assay.cli.follow import follow_campaign, run_options
from assay.cli.options import (
    BEGIN,
    StoreOption,
    WorkersOption,
    app,
    examples,
    say,
)
from assay.cli.show.tables import tell
from assay.shell import command

STUDY = "demo"


@app.command(
    group=BEGIN, help_epilogue=examples("assay demo", "assay demo --no-open --store /tmp/demo")
)
def demo(
    *,
    open: Annotated[bool, Parameter(help="Open the report, if there is a screen.")] = True,
    workers: WorkersOption = None,
    store: StoreOption = "store",
) -> None:
    """Train an LSTM and an RNN for a few seconds each, and see what becomes of two claims."""
    from assay.api import Study
    from assay.cli.show.claims import print_claims

    study = Study(STUDY, store)
    say(f"{study.title}: seeds are trained until both claims are decided, in {Path(store)}")
    again = command("demo", store=study.store.option)
    claims = command("claims", STUDY, store=study.store.option)
    follow_campaign(study.campaign(), run_options(workers), again, claims)
    print_claims(study.claim_rows(), as_json=False)
    page = study.report()
    tell(f"\n{page}")
    if open and sys.stdout.isatty():
        show_page(page)
    say(
        f"runs are kept in {Path(store)}; what the study asks: "
        f"{command('show', STUDY, store=study.store.option)}; a study of your own: "
        f"{command('init')}"
    )
