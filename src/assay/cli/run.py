"""Commands that plan and train."""

from typing import TYPE_CHECKING

from assay.cli.follow import flagged, follow_campaign, follow_session, note, run_options
from assay.cli.options import (
    RUN,
    AddressOption,
    BudgetOption,
    CheckpointOption,
    DryRunOption,
    ExecutorOption,
    JsonOption,
    MostSeedsOption,
    MultiverseOption,
    OnlyOption,
    ProfileOption,
    SeedsOption,
    SharedStoreOption,
    StoreOption,
    StudyName,
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
from assay.errors import ConfigError
from assay.shell import command

if TYPE_CHECKING:
    from assay.api import Study
    from assay.campaign import Campaign
    from assay.config import RunConfig
    from assay.execution.estimate import PlannedRun


@app.command(
    group=RUN,
    help_epilogue=examples(
        "assay plan my.toml",
        "assay plan cs324_a3 --profile full --only 'fig*'",
    ),
)
def plan(
    study: StudyName,
    /,
    *,
    profile: ProfileOption = None,
    only: OnlyOption = None,
    multiverse: MultiverseOption = False,
    seeds: SeedsOption = None,
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
    planned = _planned(opened, profile, only, multiverse, seeds)
    options = run_options(workers)
    found = opened.estimate(profile, only, options, measuring, multiverse=multiverse, seeds=seeds)
    for text in opened.notices(profile, only, multiverse=multiverse, seeds=seeds):
        note(text)
    outlooks = [] if multiverse else opened.outlooks(profile, found)
    print_plan(planned, found, outlooks, as_json=json)


@app.command(
    group=RUN,
    help_epilogue=examples(
        "assay run my.toml --until-decided --budget 6h",
        "assay run cs324_a3 --profile quick",
        "assay run my.toml --seeds 2 --dry-run",
        "assay run my.toml --executor dask --address tcp://10.0.0.1:8786",
    ),
)
def run(
    study: StudyName,
    /,
    *,
    profile: ProfileOption = None,
    only: OnlyOption = None,
    multiverse: MultiverseOption = False,
    seeds: SeedsOption = None,
    until_decided: UntilDecidedOption = False,
    budget: BudgetOption = None,
    most_seeds: MostSeedsOption = None,
    dry_run: DryRunOption = False,
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
    from assay.tracking.target import without_password

    _check_together(until_decided, multiverse, seeds, budget, most_seeds)
    asks_before_code(trust)
    opened = Study(study, store)
    options = run_options(workers, checkpoint_seconds)
    place = Place(executor, address, shared_store)
    shown = [without_password(each) for each in track or []]
    same = {**place.flags, "track": shown, "store": store}
    if until_decided:
        campaign = _campaign(opened, profile, only, budget, most_seeds)
        if dry_run:
            from assay.cli.show.outlook import print_outlooks

            print_outlooks(opened.outlooks(campaign.profile))
            say("nothing was trained")
            return
        most = None if most_seeds is None else str(most_seeds)
        asked = {"profile": profile, "only": only, "budget": budget, "most_seeds": most}
        again = command("run", study, until_decided=True, **asked, **same)
        claims = command("claims", study, profile=campaign.profile, store=store)
        with opened.tracking(track or [], campaign.profile, only, tell=note) as tracking:
            follow_campaign(campaign, options, again, claims, place.executor(), tracking.see)
        return
    planned = _planned(opened, profile, only, multiverse, seeds)
    if dry_run:
        from assay.cli.show.study import print_missing

        print_missing(planned)
        say("nothing was trained")
        return
    if done := sum(item.complete for item in planned):
        say(f"{done} of {len(planned)} runs are done already")
    many = None if seeds is None else str(seeds)
    what = {"multiverse": True} if multiverse else {"profile": profile, "seeds": many}
    again = command("run", study, **what, only=only, **same)
    with opened.tracking(
        track or [], profile, only, multiverse=multiverse, seeds=seeds, tell=note
    ) as tracking:
        session = opened.start(
            profile,
            only,
            options,
            multiverse=multiverse,
            seeds=seeds,
            executor=place.executor(),
            tell=note,
        )
        follow_session(session, again, tracking.see)
    if not only:
        then = {"profile": profile, "store": store}
        say(f"what they come to: {command('report', study, **then, open=True)}")


def train_one(
    config: "RunConfig", store: str, checkpoint_seconds: float | None, track: list[str] | None
) -> None:
    """Train one run, and print its id; code that the command itself names needs no other word."""
    from assay.cli.trust import asks_before_code
    from assay.execution.start import start
    from assay.plugins import resolve
    from assay.store import Store
    from assay.tracking.subjects import of_one
    from assay.tracking.tracking import Tracking

    asks_before_code(trust=True)
    resolved = resolve(config)
    options = run_options(1, checkpoint_seconds)
    there = Store(store)
    subjects = of_one(resolved, there)
    with Tracking(track or [], there, subjects.done, subjects.find, note) as tracking:
        session = start([resolved], there, options, tell=note)
        follow_session(session, see=tracking.see)
    tell(resolved.run_id)


def _check_together(
    until_decided: bool,
    multiverse: bool,
    seeds: int | None,
    budget: str | None,
    most_seeds: int | None,
) -> None:
    """See that options go together.

    Raises:
        ConfigError: naming those that do not.
    """
    if until_decided and multiverse:
        raise ConfigError("--multiverse and --until-decided: its universes decide no claim")
    if until_decided and seeds is not None:
        raise ConfigError(
            f"--seeds {seeds}: with --until-decided they are as many as claims need, at most those "
            "of --most-seeds"
        )
    for option, value in (("--budget", budget), ("--most-seeds", most_seeds)):
        if value is not None and not until_decided:
            raise ConfigError(f"{option} {value}: it goes with --until-decided")


def _planned(
    study: "Study", profile: str | None, only: str | None, multiverse: bool, seeds: int | None
) -> "list[PlannedRun]":
    try:
        return study.plan(profile, only, multiverse=multiverse, seeds=seeds)
    except ConfigError as error:
        raise flagged(error, "seeds") from None


def _campaign(
    study: "Study", profile: str | None, only: str | None, budget: str | None, most: int | None
) -> "Campaign":
    try:
        return study.campaign(profile, only, budget=budget, most_seeds=most)
    except ConfigError as error:
        raise flagged(error, "budget", "most_seeds") from None
