"""Commands that show studies: one in one look, for a paper, and those that there are."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

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
    UpdateOption,
    app,
    examples,
)
from assay.cli.show.busy import busy
from assay.cli.show.tables import tell
from assay.errors import ConfigError

if TYPE_CHECKING:
    from assay.inference.portable import Format


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
        "assay export 4863 --format onnx",
    ),
)
def export(
    name: Annotated[
        str | None,
        Parameter(
            name="STUDY or RUN",
            help="A study file, or the name of a shipped study, for its tables; with --from it may "
            "be left out. A run's id, its beginning, its folder, or last, for its network.",
        ),
    ] = None,
    /,
    *,
    format: Annotated[
        Literal["csv", "latex", "json", "safetensors", "onnx", "torch-export"],
        Parameter(help="Of a study's tables: csv, latex or json. Of a run's network: the others."),
    ] = "csv",
    profile: ProfileOrEvidence = None,
    update: UpdateOption = None,
    out: Annotated[
        Path | None,
        Parameter(
            help="Folder, by default exports/STUDY/PROFILE; of a network its file, by default "
            "exports/RUN with the format's ending."
        ),
    ] = None,
    store: StoreOption = "store",
    from_: FromOption = None,
    trust: TrustOption = False,
) -> None:
    """Write what a paper needs of a study, or the trained network of a run in one file.

    Of a study: tables, figures, and a paragraph on method; without --profile it is the first that
    gives verdicts. Of a run: weights (safetensors), or a program for any batch and length (onnx,
    torch-export); predict and sample read safetensors and onnx without the store.
    """
    match format:
        case "csv" | "latex" | "json":
            if update is not None:
                raise ConfigError(f"--update {update}: it goes with the network of a run")
            opened, chosen = open_study(name, profile, store, from_, trust=trust, deciding=True)
            with busy("writing tables and figures"):
                written = opened.export(format, chosen, out)
            tell(written)
        case _:
            tell(_network(name, format, profile, update, out, store, from_, trust))


def _network(
    run: str | None,
    format: "Format",
    profile: str | None,
    update: int | None,
    out: Path | None,
    store: str,
    evidence: Path | None,
    trust: bool,
) -> Path:
    from assay.cli.trust import asks_before_code
    from assay.inference.run import Run

    for option, value in (("--profile", profile), ("--from", evidence)):
        if value is not None:
            raise ConfigError(f"{option} {value}: --format {format} is of a run in a store")
    if run is None:
        raise ConfigError(f"--format {format}: give a RUN")
    asks_before_code(trust)
    with busy("writing the network"):
        return Run(run, store).export(format, out, update)


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
