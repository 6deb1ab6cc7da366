"""Commands on studies and runs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from assay.cli.follow import flagged, follow_campaign, follow_session, note, run_options
from assay.cli.opening import open_study, study_and_claims
from assay.cli.options import (
    AddressOption,
    BudgetOption,
    CheckpointOption,
    ExecutorOption,
    FromOption,
    JsonOption,
    MostSeedsOption,
    MultiverseOption,
    OnlyOption,
    ProfileOption,
    ProfileOrEvidence,
    RequireOption,
    RunName,
    SharedStoreOption,
    StoreOption,
    StudyName,
    StudyOrEvidence,
    TrackOption,
    TrustOption,
    UntilDecidedOption,
    WorkersOption,
    app,
    examples,
    say,
)
from assay.cli.place import Place
from assay.cli.show.tables import tell
from assay.errors import ConfigError, TrainingError
from assay.shell import command

if TYPE_CHECKING:
    from assay.api import Study
    from assay.campaign import Campaign
    from assay.config import RunConfig


RunState = Literal["finished", "diverged", "failed", "unfinished", "damaged"]


@app.command(
    help_epilogue=examples(
        "assay plan my.toml",
        "assay plan cs324_a3 --profile full --only 'fig*'",
    )
)
def plan(
    study: StudyName,
    /,
    *,
    profile: ProfileOption = None,
    only: OnlyOption = None,
    multiverse: MultiverseOption = False,
    workers: WorkersOption = None,
    store: StoreOption = "store",
    trust: TrustOption = False,
    json: JsonOption = False,
) -> None:
    """Show the runs of a study, what is done, and how long the rest will take here."""
    from assay.api import Study
    from assay.cli.show.study import measuring, print_plan
    from assay.cli.trust import asks_before_code

    asks_before_code(trust)
    opened = Study(study, store)
    planned = opened.plan(profile, only, multiverse=multiverse)
    found = opened.estimate(profile, only, run_options(workers), measuring, multiverse=multiverse)
    for text in opened.notices(profile, only, multiverse=multiverse):
        note(text)
    outlooks = [] if multiverse else opened.outlooks(profile, found)
    print_plan(planned, found, outlooks, as_json=json)


@app.command(
    help_epilogue=examples(
        "assay run my.toml --until-decided --budget 6h",
        "assay run cs324_a3 --profile quick",
        "assay run my.toml --executor dask --address tcp://10.0.0.1:8786",
    )
)
def run(
    study: StudyName,
    /,
    *,
    profile: ProfileOption = None,
    only: OnlyOption = None,
    multiverse: MultiverseOption = False,
    until_decided: UntilDecidedOption = False,
    budget: BudgetOption = None,
    most_seeds: MostSeedsOption = None,
    workers: WorkersOption = None,
    executor: ExecutorOption = "local",
    address: AddressOption = None,
    shared_store: SharedStoreOption = True,
    store: StoreOption = "store",
    checkpoint_seconds: CheckpointOption = None,
    track: TrackOption = None,
    trust: TrustOption = False,
) -> None:
    """Train what is missing of a study; what is finished is never trained again."""
    from assay.api import Study
    from assay.cli.trust import asks_before_code

    _check_together(until_decided, multiverse, budget, most_seeds)
    asks_before_code(trust)
    opened = Study(study, store)
    options = run_options(workers, checkpoint_seconds)
    place = Place(executor, address, shared_store)
    if until_decided:
        campaign = _campaign(opened, profile, only, budget, most_seeds)
        seeds = None if most_seeds is None else str(most_seeds)
        asked: dict[str, str | bool | None] = {"profile": profile, "only": only}
        asked |= {"budget": budget, "most_seeds": seeds, **place.flags}
        again = command("run", study, until_decided=True, **asked, track=track, store=store)
        claims = command("claims", study, profile=campaign.profile, store=store)
        with opened.tracking(track or [], campaign.profile, only, tell=note) as tracking:
            follow_campaign(campaign, options, again, claims, place.executor(), tracking.see)
        return
    planned = opened.plan(profile, only, multiverse=multiverse)
    if done := sum(item.complete for item in planned):
        say(f"{done} of {len(planned)} runs are done already")
    what: dict[str, str | bool | None] = {"profile": profile}
    if multiverse:
        what = {"multiverse": True}
    again = command("run", study, **what, only=only, **place.flags, track=track, store=store)
    with opened.tracking(track or [], profile, only, multiverse=multiverse, tell=note) as tracking:
        session = opened.start(
            profile, only, options, multiverse=multiverse, executor=place.executor(), tell=note
        )
        follow_session(session, again, tracking.see)


@app.command(
    help_epilogue=examples(
        "assay status",
        "assay status --state failed --state unfinished",
        "assay status --match 'lstm*seed=3' --store other --json",
    )
)
def status(
    *,
    state: Annotated[
        list[RunState] | None,
        Parameter(name="--state", negative="", help="Runs that are so far. May be repeated."),
    ] = None,
    match: Annotated[
        str | None,
        Parameter(name="--match", help="Runs whose id or description holds this, * for anything."),
    ] = None,
    store: StoreOption = "store",
    json: JsonOption = False,
) -> None:
    """List the runs of a store and how far each is."""
    from assay.cli.show.status import print_status
    from assay.store import Store

    print_status(Store(store), state or (), match, as_json=json)


@app.command
def predict(
    run: RunName,
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
    from assay.inference.run import Run

    asks_before_code(trust)
    asked = Run(run, store)
    print_prediction(digits, asked.predict(digits), asked.task, as_json=json)


@app.command(
    help_epilogue=examples(
        "assay claims my.toml",
        "assay claims my.toml C1",
        "assay claims my.toml --require C1=supported --require 'C2=supported,partly supported'",
        "assay claims --from results/cs324_a3",
    )
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
    rows = opened.claim_rows(chosen)
    shown = named(chosen_ids, rows)
    print_claims(shown, as_json=json)
    if chosen_ids and not json:
        print_parts(shown)
    check_required(wanted, rows)


@app.command(
    help_epilogue=examples(
        "assay report my.toml",
        "assay report --from results/cs324_a3 --out page",
        "assay report my.toml --open",
        "assay report my.toml --format pdf",
    )
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
    written = opened.report(chosen, format, out)
    tell(written)
    if open:
        show_page(written)


@app.command(
    name=["archive", "evidence"], help_epilogue=examples("assay archive my.toml --profile full")
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
    target, kept = Study(study, store).keep(profile, out)
    say(f"added {kept.new}; {kept.there} of {kept.planned} runs are there")
    tell(target)


@app.command
def doctor(*, store: StoreOption = "store", json: JsonOption = False) -> None:
    """Check the installation, the machine and the store."""
    from assay.cli.show.doctor import print_doctor
    from assay.store import Store

    if not print_doctor(Store(store), as_json=json):
        raise TrainingError("something is wrong: see above")


def train_one(config: "RunConfig", store: str, checkpoint_seconds: float | None) -> None:
    """Train one run, and print its id; code that the command itself names needs no other word."""
    from assay.cli.trust import asks_before_code
    from assay.execution.start import start
    from assay.plugins import resolve
    from assay.store import Store

    asks_before_code(trust=True)
    resolved = resolve(config)
    options = run_options(1, checkpoint_seconds)
    follow_session(start([resolved], Store(store), options, tell=note))
    tell(resolved.run_id)


def _check_together(
    until_decided: bool, multiverse: bool, budget: str | None, most_seeds: int | None
) -> None:
    """See that options go together.

    Raises:
        ConfigError: naming those that do not.
    """
    if until_decided and multiverse:
        raise ConfigError("--multiverse and --until-decided: its universes decide no claim")
    for option, value in (("--budget", budget), ("--most-seeds", most_seeds)):
        if value is not None and not until_decided:
            raise ConfigError(f"{option} {value}: it goes with --until-decided")


def _campaign(
    study: "Study", profile: str | None, only: str | None, budget: str | None, most: int | None
) -> "Campaign":
    try:
        return study.campaign(profile, only, budget=budget, most_seeds=most)
    except ConfigError as error:
        raise flagged(error, "budget", "most_seeds") from None
