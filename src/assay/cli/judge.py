"""`assay judge`: a verdict on results that exist."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from assay.cli.options import (
    LOOK,
    JsonOption,
    app,
    examples,
    say,
)
from assay.errors import ConfigError

Choices = Annotated[
    list[str] | None,
    Parameter(negative="", help="Which rows, as COLUMN=VALUE; may be given several times."),
]


@app.command(
    group=LOOK,
    help_epilogue=examples(
        "assay judge results.csv --metric accuracy --of model=lstm --against model=rnn",
        "assay judge results.csv --metric error --of model=lstm --test below --threshold 0.1",
    ),
)
def judge(
    results: Annotated[
        str,
        Parameter(
            help="CSV, Parquet or JSON lines, a folder of them, - for standard input, or what a "
            "tracker wrote.",
            allow_leading_hyphen=True,
        ),
    ],
    /,
    *,
    metric: Annotated[str | None, Parameter(help="The column that is compared.")] = None,
    of: Choices = None,
    against: Choices = None,
    test: Annotated[
        str,
        Parameter(help="greater, smaller, faster, equivalent, above or below."),
    ] = "greater",
    margin: Annotated[float, Parameter(help="The smallest difference that counts.")] = 0.0,
    threshold: Annotated[float | None, Parameter(help="Of above and below.")] = None,
    solved: Annotated[
        float | None, Parameter(help="Compare the shares of runs that reach this.")
    ] = None,
    limit: Annotated[float | None, Parameter(help="The best value that there can be.")] = None,
    kind: Annotated[
        Literal["majority", "solved", "shift"] | None,
        Parameter(help="What is asked of the runs; by default whether most show it."),
    ] = None,
    at: Annotated[
        str,
        Parameter(
            help="Of a row per step: last, best, lowest, 'mean of last 5', 'update 500', "
            "'first time above 0.9'."
        ),
    ] = "last",
    seed: Annotated[str | None, Parameter(help="The column of seeds, if not found.")] = None,
    step: Annotated[str | None, Parameter(help="The column of steps, if not found.")] = None,
    by: Annotated[
        list[str] | None,
        Parameter(negative="", help="Judge each value of this column, and over all of them."),
    ] = None,
    most: Annotated[float, Parameter(help="The share of runs that has to be exceeded.")] = 0.5,
    alpha: Annotated[float, Parameter(help="Mean share of verdicts that may be false.")] = 0.05,
    unit: Annotated[
        str,
        Parameter(help="The metric's unit, for words: 'share' of 0 to 1 is told in per cent."),
    ] = "",
    list_: Annotated[
        bool, Parameter(name="--list", negative="", help="Only list what there is to ask for.")
    ] = False,
    html: Annotated[Path | None, Parameter(help="A page to write.")] = None,
    json: JsonOption = False,
) -> None:
    """Give the verdict on a claim from a table of results: a row per run, or a row per step."""
    from assay.cli.show.judge import print_columns, print_judgement
    from assay.readers.find import columns_in, read_results
    from assay.readers.names import listed

    if list_ or metric is None:
        there, source = columns_in(results)
        if not list_:
            raise ConfigError(f"--metric: a column of {results}: there are {listed([*there])}")
        print_columns(there, source, as_json=json)
        return
    from assay.judging.question import Question, chosen
    from assay.judging.verdict import judge_table
    from assay.readers.files import STDIN

    question = Question(
        metric,
        chosen(of, "--of"),
        chosen(against, "--against") if against else None,
        test,
        margin,
        threshold,
        solved,
        limit,
        kind,
        at,
        seed,
        step,
        tuple(by or ()),
        most,
        alpha,
        unit,
    )
    table, source = read_results(results, metric)
    where = "standard input" if results == STDIN else results
    found = judge_table(table, question, where, source)
    print_judgement(found, as_json=json)
    if html is not None:
        from assay.judging.page import write_page

        say(str(write_page(found, question, html)))
