"""The command `assay` itself, and the options that several of its commands share."""

import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Group, Parameter

from assay import __version__
from assay.cli.show.tables import tell

app = App(
    name="assay",
    version=__version__,
    help="Puts the claims of a deep-learning report on trial.",
)
# The topics of the help, in the order in which one meets them.
BEGIN, RUN, LOOK, ASK, STORE, MACHINE = (
    Group(name, sort_key=place)
    for place, name in enumerate(
        (
            "Begin",
            "Plan and train",
            "Verdicts and reports",
            "Ask a trained network",
            "Runs and stores",
            "This installation",
        )
    )
)
train = App(name="train", help="Train one run without a study.", group=RUN)
app.command(train)
for flag in (app["--help"], app["--version"]):
    flag.group = (MACHINE,)

StudyName = Annotated[str, Parameter(help="A study file, or the name of a shipped study.")]
StoreOption = Annotated[str, Parameter(name="--store", help="Folder of the runs.")]
ProfileOption = Annotated[
    str | None,
    Parameter(
        name="--profile",
        help="How much of the study; by default quick if it has it, or its first.",
    ),
]
StudyOrEvidence = Annotated[
    str | None,
    Parameter(help="A study file, or the name of a shipped study; with --from that of its runs."),
]
ProfileOrEvidence = Annotated[
    str | None,
    Parameter(
        name="--profile",
        help="How much of the study; by default as of run, or with --from that of its runs.",
    ),
]
FromOption = Annotated[
    Path | None,
    Parameter(name="--from", help="A folder of evidence, in place of the store."),
]
OnlyOption = Annotated[
    str | None, Parameter(name="--only", help="Experiments whose names match, such as 'fig*'.")
]
MultiverseOption = Annotated[
    bool,
    Parameter(
        name="--multiverse",
        negative="",
        help="The runs of the study's multiverse in place of a profile's.",
    ),
]
RequireOption = Annotated[
    list[str] | None,
    Parameter(
        name="--require",
        negative="",
        help="Exit 1 if a verdict is none of these, as C1=supported or 'C2=supported,open'; "
        "words alone are for every claim. May be given several times.",
    ),
]
UntilDecidedOption = Annotated[
    bool,
    Parameter(
        name="--until-decided",
        negative="",
        help="Add seeds, to arms of open claims only, until the claims are decided.",
    ),
]
BudgetOption = Annotated[
    str | None,
    Parameter(name="--budget", help="With --until-decided: the core-time to spend, such as 6h."),
]
MostSeedsOption = Annotated[
    int | None,
    Parameter(name="--most-seeds", help="With --until-decided: seeds of a claim; 60 if not given."),
]
SeedsOption = Annotated[
    int | None,
    Parameter(name="--seeds", help="Seeds of each arm, in place of the profile's number."),
]
DryRunOption = Annotated[
    bool, Parameter(name="--dry-run", negative="", help="Say what would be done, and do nothing.")
]
WorkersOption = Annotated[
    int | None, Parameter(name="--workers", help="Processes; by default one per core.")
]
ExecutorOption = Annotated[
    Literal["local", "dask"],
    Parameter(name="--executor", help="Where runs are trained: here, or on a Dask cluster."),
]
AddressOption = Annotated[
    str | None,
    Parameter(
        name="--address",
        help="With --executor dask: of the scheduler, such as tcp://10.0.0.1:8786; if not given, "
        "processes of this machine.",
    ),
]
SharedStoreOption = Annotated[
    bool,
    Parameter(
        name="--shared-store",
        negative="--no-shared-store",
        help="With --executor dask: whether the workers see the store; if not, they send runs "
        "back when they have ended, without weights.",
    ),
]
CheckpointOption = Annotated[
    float | None,
    Parameter(name="--checkpoint-seconds", help="Seconds between checkpoints; 20 if not given."),
]
TrackOption = Annotated[
    list[str] | None,
    Parameter(
        name="--track",
        negative="",
        help="Bring the runs to a tracker while they train: tensorboard:FOLDER, "
        "mlflow:sqlite:///FILE or mlflow:http://ADDRESS; may be given several times.",
    ),
]
TrustOption = Annotated[
    bool,
    Parameter(
        name="--trust", negative="", help="Run the code that is named here, without being asked."
    ),
]
JsonOption = Annotated[bool, Parameter(name="--json", negative="", help="Print JSON.")]
RunName = Annotated[
    str, Parameter(help="A run's id, its beginning, its folder, or last: the one written to last.")
]
RunOrFile = Annotated[
    str,
    Parameter(help="A run's id, its beginning, its folder, or last; or a file that was exported."),
]
UpdateOption = Annotated[
    int | None,
    Parameter(name="--update", help="The generator as it was after so many updates."),
]
OutOption = Annotated[Path, Parameter(name=["--out", "-o"], help="File to write.")]


def examples(*commands: str) -> str:
    """The end of a command's help: commands to copy, each with what it is for after a `#`."""
    return "Examples:\n\n" + "\n\n".join(f"`{each}`" for each in commands)


def say(text: str) -> None:
    """A line for the person at the terminal, apart from what a program reads."""
    tell(text, file=sys.stderr)
