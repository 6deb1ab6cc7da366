"""Commands that show studies: one in one look, for a paper, and those that there are."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from assay.cli.opening import open_study
from assay.cli.options import (
    BEGIN,
    LOOK,
    FromOption,
    JsonOption,
    ProfileOrEvidence,
    StoreOption,
    StudyOrEvidence,
    TrustOption,
    app,
    examples,
)
from assay.cli.show.tables import tell


@app.command(
    group=BEGIN,
    help_epilogue=examples("assay show cs324_a3", "assay show my.toml --profile quick"),
)
def show(
    study: StudyOrEvidence = None,
    /,
    *,
    profile: ProfileOrEvidence = None,
    store: StoreOption = "store",
    from_: FromOption = None,
    trust: TrustOption = False,
    json: JsonOption = False,
) -> None:
    """Show a study in one look: what it trains, its claims, and what would decide each.

    Nothing is trained or measured. Without --profile it is the first that gives verdicts.
    """
    from assay.cli.show.overview import print_overview

    opened, chosen = open_study(study, profile, store, from_, trust=trust, deciding=True)
    trained = None if from_ else store
    print_overview(opened.overview(chosen), opened.outlooks(chosen), trained, as_json=json)


@app.command(
    group=LOOK,
    help_epilogue=examples(
        "assay export my.toml --format latex",
        "assay export --from results/cs324_a3 --format csv --out tables",
    ),
)
def export(
    study: StudyOrEvidence = None,
    /,
    *,
    format: Annotated[Literal["csv", "latex", "json"], Parameter(help="Of the tables.")] = "csv",
    profile: ProfileOrEvidence = None,
    out: Annotated[Path | None, Parameter(help="Folder; by default exports/STUDY/PROFILE.")] = None,
    store: StoreOption = "store",
    from_: FromOption = None,
    trust: TrustOption = False,
) -> None:
    """Write what a paper needs of a study: tables, figures, and a paragraph on method.

    Without --profile it is the first that gives verdicts.
    """
    opened, chosen = open_study(study, profile, store, from_, trust=trust, deciding=True)
    tell(opened.export(format, chosen, out))


@app.command(
    group=BEGIN, help_epilogue=examples("assay studies", "assay studies --store other --json")
)
def studies(*, store: StoreOption = "store", json: JsonOption = False) -> None:
    """List the studies that come with assay, and the study files in this folder."""
    from assay.cli.show.studies import found_studies, print_studies

    print_studies(found_studies(store), as_json=json)


@app.command(group=BEGIN, help_epilogue=examples("assay schema"))
def schema() -> None:
    """Print the JSON Schema of study files, from which editors complete and check them."""
    from assay.cli.show.tables import print_json
    from assay.study.schema import study_schema

    print_json(study_schema())
