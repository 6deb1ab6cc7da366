"""`assay studio`: studies and runs in a browser."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from assay.cli.options import (
    LOOK,
    FromOption,
    StoreOption,
    TrustOption,
    app,
    examples,
    say,
)
from assay.cli.show.tables import tell
from assay.errors import StoreError, StudyError

if TYPE_CHECKING:
    from assay.studio.shown import Shown


@app.command(
    group=LOOK,
    help_epilogue=examples(
        "assay studio",
        "assay studio my.toml --edit",
        "assay studio --from results/cs324_a3 --port 8800",
    ),
)
def studio(
    what: Annotated[
        str | None,
        Parameter(help="A study file, a shipped study's name, or a run; by default all there are."),
    ] = None,
    /,
    *,
    store: StoreOption = "store",
    from_: FromOption = None,
    host: Annotated[
        str, Parameter(help="Address; one that others reach needs the token in what is printed.")
    ] = "127.0.0.1",
    port: Annotated[int, Parameter(help="Port; 0 takes a free one.")] = 0,
    open: Annotated[bool, Parameter(name="--open", negative="", help="Open a browser.")] = False,
    edit: Annotated[
        bool, Parameter(name="--edit", negative="", help="Runs may be started and stopped there.")
    ] = False,
    trust: TrustOption = False,
) -> None:
    """Look at studies and runs in a browser, on this machine; Ctrl-C ends it."""
    from assay.studio.serve import serve

    shown = _shown(what, store, from_, edit=edit, trust=trust)

    def ready(address: str) -> None:
        tell(address)
        sys.stdout.flush()  # whoever started it waits for the address
        say(
            "Ctrl-C ends it"
            + ("" if edit else "; it is read-only, and --edit lets runs be started")
        )
        if open:
            import webbrowser

            webbrowser.open(address)

    serve(shown, host, port, ready)


def _shown(
    what: str | None, store: str, evidence: Path | None, *, edit: bool, trust: bool
) -> "Shown":
    """What is to be looked at.

    Raises:
        StoreError: if there is no such run or store.
        StudyError: if evidence and edit are asked for together.
    """
    from assay.cli.show.studies import own_studies
    from assay.cli.trust import asks_before_code, runs_no_code
    from assay.store import Store
    from assay.studio.shown import Shown
    from assay.study import shipped_studies

    if evidence is not None:
        from assay.store.archive import Archive

        if edit:
            raise StudyError("--edit: nothing is trained into evidence, which --from reads")
        runs_no_code("evidence is read, and nothing of it runs")
        found = Archive(evidence)
        return Shown(found, [what or found.study], profile=found.profile)
    if trust:
        asks_before_code(trust)
    names, run = [*shipped_studies(), *own_studies()], ""
    if what is not None and (what in shipped_studies() or what.endswith(".toml")):
        names = [what]
    elif what is not None:
        folder = Store(store).find(what)
        if folder.path.parent.resolve() != Path(store).resolve():
            store = str(folder.path.parent)
        run = folder.run_id
    elif store != "store" and not Path(store).is_dir():
        raise StoreError(f"--store {store}: there is no such folder")
    return Shown(Store(store), names, run=run, edit=edit)
