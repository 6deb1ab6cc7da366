"""What Python code, notebooks and the command line use: a Study.

Example:
    >>> from assay import Study
    >>> study = Study("cs324_a3", store="store")
    >>> study.run(profile="quick")  # doctest: +SKIP
    >>> study.figure("2", profile="quick")  # doctest: +SKIP
    >>> study.report(profile="quick")  # doctest: +SKIP

A script that calls `Study.run` needs the usual `if __name__ == "__main__":`, since runs are trained
in processes of their own.
"""

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from assay.config import RunConfig
from assay.consent import require
from assay.errors import ConfigError, Interrupted
from assay.execution.estimate import Estimate, PlannedRun, estimate
from assay.inference.run import Run
from assay.plugins import code_of, resolve
from assay.store import DEFAULT_STORE, Store
from assay.store.archive import Archive
from assay.store.look import Look
from assay.study import Arm, load_from
from assay.study.file import Claim, Figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

    from assay.campaign import Campaign, CampaignEnd
    from assay.claims.evidence import ClaimEvidence
    from assay.claims.outlook import Outlook
    from assay.claims.snapshot import Snapshot
    from assay.claims.standing import Standing
    from assay.claims.what_if import Supposed
    from assay.execution.events import Event, Result
    from assay.execution.executor import Executor, RunOptions, Session
    from assay.report.data.overview import Overview
    from assay.report.data.rows import ClaimRow
    from assay.report.keep import Kept
    from assay.report.pages.markdown import Markdown
    from assay.tracking.tracking import Tracking


def _warn(text: str) -> None:
    warnings.warn(text, stacklevel=3)


class Study:
    """A study file or shipped study, and a store for its runs, or `Archive` of them to read.

    Where no profile is named, `first_profile` is meant.

    An archive holds its study file: by the study's name, or None, it is that.

    Raises:
        AssayError: from any method, in one sentence, for whatever the user can put right.
    """

    def __init__(
        self, name_or_path: str | None = None, store: str | Path | Store = DEFAULT_STORE
    ) -> None:
        from assay.claims.universes import multiverses

        self._study = load_from(name_or_path, store)
        multiverses(self._study)  # raises where one of its universes cannot be
        self.store = store if isinstance(store, Store) else Store(store)
        self._snapshots: dict[str, Snapshot] = {}

    @property
    def first_profile(self) -> str:
        """The profile that is meant where none is named: `quick` if there is one, or the first."""
        return self._study.first_profile

    @property
    def deciding_profile(self) -> str:
        """The first profile that gives verdicts; `quick` where there is no other."""
        return self._study.deciding_profile

    @property
    def name(self) -> str:
        """The study's name: its file's, without the ending."""
        return self._study.name

    @property
    def path(self) -> Path:
        """Its file."""
        return self._study.path

    @property
    def title(self) -> str:
        """What the study calls itself."""
        return self._study.file.title

    @property
    def claims(self) -> list[Claim]:
        """The claims that it puts on trial."""
        return self._study.claims

    def arms(
        self, profile: str | None = None, only: str | None = None, *, seeds: int | None = None
    ) -> list[Arm]:
        """The arms of a profile, of the experiments that match the pattern `only`.

        With `seeds`, each has so many in place of the profile's number.

        Raises:
            ConfigError: if that is below 1.
        """
        arms = self._study.arms(profile or self.first_profile, only)
        if seeds is None:
            return arms
        if seeds < 1:
            raise ConfigError(f"seeds = {seeds}: allowed is 1 or more")
        return [replace(arm, seeds=seeds) for arm in arms]

    def plan(
        self,
        profile: str | None = None,
        only: str | None = None,
        *,
        multiverse: bool = False,
        seeds: int | None = None,
    ) -> list[PlannedRun]:
        """Every run of a profile, or of the multiverse, once, and how far it is.

        The multiverse is the same in every profile. `seeds` are as of `arms`.

        Raises:
            ConfigError: if `seeds` is below 1, or given with the multiverse.
        """
        from assay.claims.universes import universe_runs

        if multiverse and seeds is not None:
            raise ConfigError(f"seeds = {seeds}: the study says how many a universe has")
        profile = profile or self.first_profile
        self._study.profile(profile)
        runs = (
            [(run.run_id, arm, run) for arm, run in universe_runs(self._study, only)]
            if multiverse
            else [
                (run_id, arm, run)
                for arm in self.arms(profile, only, seeds=seeds)
                for run_id, run in zip(arm.run_ids, arm.runs, strict=True)
            ]
        )
        planned: dict[str, tuple[Arm, RunConfig]] = {}
        for run_id, arm, run in runs:
            planned.setdefault(run_id, (arm, run))
        progress = Look(self.store, list(planned)).progress
        return [
            PlannedRun(arm, run, progress[run_id].replace("not started", "planned"))
            for run_id, (arm, run) in planned.items()
        ]

    def estimate(
        self,
        profile: str | None = None,
        only: str | None = None,
        options: "RunOptions | None" = None,
        tell: Callable[[int, int], None] = lambda number, of: None,
        *,
        multiverse: bool = False,
        seeds: int | None = None,
    ) -> Estimate:
        """How long what is missing takes on this machine, by arm and in all.

        What was not measured on this machine before is measured, which takes seconds: `tell` is
        called before each with its number and how many there are.
        """
        from assay.execution.local import default_workers

        workers = (options.workers if options else None) or default_workers()
        planned = self.plan(profile, only, multiverse=multiverse, seeds=seeds)
        return estimate(planned, workers, tell)

    def notices(
        self,
        profile: str | None = None,
        only: str | None = None,
        *,
        multiverse: bool = False,
        seeds: int | None = None,
    ) -> list[str]:
        """What of the data of missing runs may not be as it was meant, a sentence each."""
        from assay.execution.check import notices

        planned = self.plan(profile, only, multiverse=multiverse, seeds=seeds)
        return notices([run.config for run in planned if not run.complete])

    def start(
        self,
        profile: str | None = None,
        only: str | None = None,
        options: "RunOptions | None" = None,
        *,
        multiverse: bool = False,
        seeds: int | None = None,
        executor: "Executor | None" = None,
        tell: Callable[[str], None] = _warn,
    ) -> "Session":
        """Start training what is missing, the longest runs first, and return at once.

        The session tells what happens and is stopped by a call, from any thread. The claims are
        declared in the store before; `tell` is called with a sentence where that is not possible,
        and with one for whatever of the data may not be as it was meant.
        """
        from assay.claims.declarations import declare_if_possible
        from assay.execution.start import start

        planned = self.plan(profile, only, multiverse=multiverse, seeds=seeds)
        missing = [run.config for run in planned if not run.complete]
        require(code_of(missing))
        self.store.prepare()
        if notice := declare_if_possible(self._study, self.store):
            tell(notice)
        return start(missing, self.store, options, executor, tell)

    def run(
        self,
        profile: str | None = None,
        only: str | None = None,
        workers: int | None = None,
        watch: Callable[["Event"], None] = lambda event: None,
        *,
        options: "RunOptions | None" = None,
        multiverse: bool = False,
        seeds: int | None = None,
        executor: "Executor | None" = None,
        tell: Callable[[str], None] = _warn,
    ) -> list["Result"]:
        """Train what is missing, to the end; a failed run does not stop the others.

        `seeds` of each arm, in place of the profile's number.

        `workers` train side by side, by default as many as `options` say. `watch` is called with
        every event. Ctrl-C saves and stops, a second one stops at once.
        """
        from assay.execution.start import follow

        chosen = _with_workers(options, workers)
        started = self.start(
            profile,
            only,
            chosen,
            multiverse=multiverse,
            seeds=seeds,
            executor=executor,
            tell=tell,
        )
        return follow(started, watch)

    def decide(
        self,
        profile: str | None = None,
        only: str | None = None,
        workers: int | None = None,
        watch: Callable[["Event"], None] = lambda event: None,
        look: Callable[[list["Standing"]], None] = lambda standings: None,
        *,
        budget: str | float | None = None,
        most_seeds: int | None = None,
        options: "RunOptions | None" = None,
        executor: "Executor | None" = None,
        tell: Callable[[str], None] = _warn,
    ) -> "CampaignEnd":
        """Train seed by seed, for open claims only, until all that can be are decided.

        The first profile that is not `quick` is meant where none is named; its numbers of seeds
        play no part. `budget` is the core-time that may be spent, as `"6h"` or in seconds, and
        `most_seeds` how many seeds a claim may have, 60 if not given. Of what is left open the end
        says why. `watch` is called with every event of a run, `look` with where the claims stand,
        at first and whenever a run ended. Ctrl-C saves and stops, and the same call goes on.
        """
        campaign = self.campaign(profile, only, budget=budget, most_seeds=most_seeds)
        return campaign.run(watch, look, tell, _with_workers(options, workers), executor)

    def campaign(
        self,
        profile: str | None = None,
        only: str | None = None,
        *,
        budget: str | float | None = None,
        most_seeds: int | None = None,
    ) -> "Campaign":
        """What `decide` runs, for one who stops it from another thread or reads it meanwhile."""
        from assay.campaign import Campaign, Limits, budget_seconds
        from assay.claims.outlook import MOST_SEEDS

        seconds = budget_seconds(budget) if isinstance(budget, str) else budget
        limits = Limits(seconds, MOST_SEEDS if most_seeds is None else most_seeds)
        return Campaign(self._study, profile, self.store, limits, only)

    def verdicts(self, profile: str | None = None) -> list[dict[str, Any]]:
        """The verdict on each claim, a dictionary each, as `assay claims --json` has it."""
        from assay.report.data.plain import plain

        return [plain(row) for row in self.claim_rows(profile)]

    def claim_rows(self, profile: str | None = None) -> list["ClaimRow"]:
        """The verdict on each claim with its seeds, its evidence and a sentence.

        The profile `quick` passes none.
        """
        from assay.report.data.claims import claim_rows

        return claim_rows(self._snapshot(profile))

    def what_if(
        self, profile: str | None = None, *, alpha: float, margins: Mapping[tuple[str, int], float]
    ) -> list["Supposed"]:
        """What the claims would come to with another alpha, and of some other margins: no verdict.

        Nothing of it is declared or recorded. `margins` are of parts, by their claim's id
        and their number.
        """
        from assay.claims.what_if import what_if

        return what_if(self._snapshot(profile), alpha, margins)

    def overview(self, profile: str | None = None) -> "Overview":
        """The study in one look: what it says, trains and claims, and how far its runs are.

        Nothing is trained or measured for it.
        """
        from assay.report.data.overview import overview

        return overview(self._snapshot(profile))

    def outlooks(
        self, profile: str | None = None, found: "Estimate | None" = None
    ) -> list["Outlook"]:
        """How far each claim is from a verdict, and what that would take; known before any run.

        Runs take what those of their arm took, and where none has ended what an estimate `found`.
        Claims that were restated are left out.
        """
        from assay.claims.outlook import outlooks

        estimated = {each.arm.key: each.seconds_per_run for each in found.arms} if found else {}
        return outlooks(self._snapshot(profile), estimated)

    def evidence(self, profile: str | None = None) -> list["ClaimEvidence"]:
        """The numbers behind each claim, from the runs that ended."""
        from assay.claims.evidence import evidence

        return evidence(self._study, self._snapshot(profile).runs)

    def runs(self, profile: str | None = None, only: str | None = None) -> list[Run]:
        """The runs of a profile that ended, in the order of the plan, to be asked."""
        done = [planned.config for planned in self.plan(profile, only) if planned.complete]
        return [Run(config.run_id, self.store, config.folder) for config in done]

    def tracking(
        self,
        targets: Sequence[str],
        profile: str | None = None,
        only: str | None = None,
        *,
        multiverse: bool = False,
        seeds: int | None = None,
        tell: Callable[[str], None] = _warn,
    ) -> "Tracking":
        """Bring runs to trackers while they train, for the length of a `with` block.

        Give its `see` the events: `study.run(watch=tracking.see)`. Runs that ended before are
        brought as well, and none twice. A tracker is named as `tensorboard:FOLDER`,
        `mlflow:sqlite:///FILE` or `mlflow:http://ADDRESS`. Whatever one does harms no run; `tell`
        is called at the end with a sentence for each that has not all of them.
        """
        from assay.tracking.subjects import Subjects
        from assay.tracking.tracking import Tracking

        planned = self.plan(profile, only, multiverse=multiverse, seeds=seeds) if targets else []
        arms = self.arms(profile, only, seeds=seeds) if targets and not multiverse else []
        subjects = Subjects(self.name, self.store, arms, planned)
        return Tracking(targets, self.store, subjects.done, subjects.find, tell)

    @property
    def figures(self) -> list[Figure]:
        """The figures of its report."""
        return self._study.figures

    def figure(self, id: str, profile: str | None = None) -> "Drawing":
        """One figure of the report, from the runs that ended; the same object until one more is."""
        from assay.report.pages.write import study_figure

        return study_figure(self._snapshot(profile), id)

    def strip(self, profile: str | None = None) -> "Drawing":
        """The verdict strip: a row per claim, with its seeds, its evidence and the verdict."""
        from assay.report.pages.strip import study_strip

        return study_strip(self._snapshot(profile))

    def specification_curve(self, claim: str) -> "Drawing":
        """A claim's effect in every universe of its multiverse, in order of size."""
        from assay.report.pages.write import study_curve

        return study_curve(self._snapshot(None), claim)

    def table(self, profile: str | None = None) -> "Markdown":
        """What was trained and what it came to, as the report's tables; a notebook renders them."""
        from assay.report.data.gather import page_data
        from assay.report.pages.markdown import tables

        return tables(page_data(self._snapshot(profile)))

    def claim(self, id: str, profile: str | None = None) -> "Markdown":
        """A claim's verdict with its numbers, as the report has them; a notebook renders them."""
        from assay.report.data.gather import page_data
        from assay.report.pages.markdown import claim

        return claim(page_data(self._snapshot(profile)), id)

    def data(self, profile: str | None = None) -> dict[str, Any]:
        """Every number of the report, as `report.json` has them."""
        from assay.report.data.gather import report_data

        return report_data(self._snapshot(profile))

    def report(
        self,
        profile: str | None = None,
        format: Literal["html", "md", "pdf", "json", "ipynb"] = "html",
        folder: str | Path | None = None,
    ) -> Path:
        """Write the report into a folder, and return its file.

        The folder is `reports/<study>/<profile>` if none is given, where `<study>` is the way to
        the study file from here, or a shipped study's name.
        """
        from assay.report.pages.write import write_report

        profile = profile or self.first_profile
        target = self.page(profile).parent if folder is None else Path(folder)
        return write_report(self._snapshot(profile), target, format)

    def page(self, profile: str | None = None) -> Path:
        """Where its report is written if no folder is given, whether it is there or not."""
        return self._place("reports") / (profile or self.first_profile) / "index.html"

    def export(
        self,
        format: Literal["csv", "latex", "json"] = "csv",
        profile: str | None = None,
        folder: str | Path | None = None,
    ) -> Path:
        """Write what a paper needs into a folder, and return it: tables, figures, and a paragraph.

        The folder is `exports/<study>/<profile>` if none is given. Where no profile is named, the
        first that gives verdicts is meant.
        """
        from assay.report.export.write import write_export

        profile = profile or self.deciding_profile
        target = self._place("exports") / profile if folder is None else Path(folder)
        return write_export(self._snapshot(profile), format, target)

    def keep(
        self, profile: str | None = None, folder: str | Path | None = None
    ) -> tuple[Path, "Kept"]:
        """Add the ended runs of a profile to a folder of evidence (`results/<study>`)."""
        from assay.report.keep import keep

        target = self._place("results") if folder is None else Path(folder)
        profile = profile or self.first_profile
        return target, keep(self._study, profile, self.arms(profile), self.store, target)

    def _place(self, top: str) -> Path:
        kept = self.store.source if isinstance(self.store, Archive) else None
        return self._study.place(top, None if self._study.own is None else kept)

    def _snapshot(self, profile: str | None) -> "Snapshot":
        """What the store holds of a profile now; the same one as long as it holds the same."""
        from assay.claims.snapshot import Snapshot

        profile = profile or self.first_profile
        found = self._snapshots.get(profile)
        if found is None:
            found = self._snapshots[profile] = Snapshot(self._study, profile, self.store)
        elif not found.current:
            found = self._snapshots[profile] = found.again()
        return found


def _with_workers(options: "RunOptions | None", workers: int | None) -> "RunOptions":
    from assay.execution.executor import RunOptions

    chosen = options or RunOptions()
    return chosen if workers is None else replace(chosen, workers=workers)


def train(
    config: RunConfig,
    store: str | Path = DEFAULT_STORE,
    watch: Callable[["Event"], None] = lambda event: None,
    options: "RunOptions | None" = None,
    *,
    tell: Callable[[str], None] = _warn,
) -> "Result":
    """Train one run, from where it stands; `Run(result.run_id)` opens it.

    Raises:
        Interrupted: if it was stopped before it began.
    """
    from assay.execution.start import follow, start

    results = follow(start([resolve(config)], Store(store), options, tell=tell), watch)
    if not results:
        raise Interrupted("interrupted before the run began")
    return results[0]
