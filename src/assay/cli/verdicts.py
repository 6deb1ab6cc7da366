"""Commands that say what the runs of a study come to."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from assay.cli.opening import open_study, study_and_claims
from assay.cli.options import (
    LOOK,
    STORE,
    FromOption,
    JsonOption,
    ProfileOption,
    ProfileOrEvidence,
    RequireOption,
    StoreOption,
    StudyName,
    StudyOrEvidence,
    TrustOption,
    app,
    examples,
    say,
)
from assay.cli.show.busy import busy
from assay.cli.show.tables import tell
from assay.errors import ConfigError
from assay.shell import command


@app.command(
    group=LOOK,
    help_epilogue=examples(
        "assay claims my.toml",
        "assay claims my.toml C1",
        "assay claims my.toml --require C1=supported --require 'C2=supported,partly supported'",
        "assay claims --from results/cs324_a3",
    ),
)
def claims(
    *names: Annotated[
        str,
        Parameter(
            name="STUDY",
            help="A study file, or the name of a shipped study; with --from it may be left out. "
            "After it claims, to see these alone, with each of their parts.",
        ),
    ],
    profile: ProfileOrEvidence = None,
    require: RequireOption = None,
    store: StoreOption = "store",
    from_: FromOption = None,
    trust: TrustOption = False,
    json: JsonOption = False,
) -> None:
    """Give the verdict on each claim of a study, from the runs in the store.

    With --require and no --profile it is the first profile that gives verdicts.
    """
    from assay.cli.show.claims import print_claims, print_parts
    from assay.report.requirements import check_required, named, required

    deciding = require is not None
    study, chosen_ids = study_and_claims(names, from_)
    opened, chosen = open_study(study, profile, store, from_, trust=trust, deciding=deciding)
    if require and not opened.claims:
        raise ConfigError(f"--require {require[0]}: study {opened.name} has no claims")
    wanted = required(require or [], opened.claims)
    with busy("judging claims"):
        rows = opened.claim_rows(chosen)
    shown = named(chosen_ids, rows)
    print_claims(shown, as_json=json)
    if chosen_ids and not json:
        print_parts(shown)
    check_required(wanted, rows)


@app.command(
    group=LOOK,
    help_epilogue=examples(
        "assay report my.toml",
        "assay report --from results/cs324_a3 --out page",
        "assay report my.toml --open",
        "assay report my.toml --format pdf",
    ),
)
def report(
    study: StudyOrEvidence = None,
    /,
    *,
    profile: ProfileOrEvidence = None,
    format: Annotated[
        Literal["html", "md", "pdf", "json", "ipynb"], Parameter(help="What to write.")
    ] = "html",
    out: Annotated[Path | None, Parameter(help="Folder; by default reports/STUDY/PROFILE.")] = None,
    open: Annotated[
        bool, Parameter(help="Open what was written, if there is a screen.", negative="")
    ] = False,
    store: StoreOption = "store",
    from_: FromOption = None,
    trust: TrustOption = False,
) -> None:
    """Write the report of a study from the runs in the store."""
    from assay.cli.browse import show_page

    opened, chosen = open_study(study, profile, store, from_, trust=trust)
    with busy("writing the report"):
        written = opened.report(chosen, format, out)
    tell(written)
    if open:
        show_page(written)


@app.command(
    name="open",
    group=LOOK,
    help_epilogue=examples("assay open my.toml", "assay open --from results/cs324_a3"),
)
def open_page(
    study: StudyOrEvidence = None,
    /,
    *,
    profile: ProfileOrEvidence = None,
    store: StoreOption = "store",
    from_: FromOption = None,
    trust: TrustOption = False,
) -> None:
    """Open the report of a study that was written before, in the browser."""
    from assay.cli.browse import show_page

    opened, chosen = open_study(study, profile, store, from_, trust=trust)
    kept = [] if from_ is None else [from_ / "index.html"]
    page = next((each for each in (*kept, opened.page(chosen)) if each.is_file()), None)
    if page is None:
        given = {"profile": profile, "from": None if from_ is None else str(from_)}
        write = command("report", *([study] if study else []), **given, open=True)
        raise ConfigError(f"{opened.page(chosen)} is not there; to write and open it: {write}")
    tell(page)
    show_page(page)


@app.command(
    group=STORE,
    name=["archive", "evidence"],
    help_epilogue=examples("assay archive my.toml --profile full"),
)
def archive(
    study: StudyName,
    /,
    *,
    profile: ProfileOption = None,
    out: Annotated[Path | None, Parameter(help="Folder; by default results/STUDY.")] = None,
    store: StoreOption = "store",
    trust: TrustOption = False,
) -> None:
    """Keep the ended runs of a study in small files, to commit and to report from."""
    from assay.api import Study
    from assay.cli.trust import asks_before_code

    asks_before_code(trust)
    with busy("keeping runs"):
        target, kept = Study(study, store).keep(profile, out)
    say(f"added {kept.new}; {kept.there} of {kept.planned} runs are there")
    tell(target)
