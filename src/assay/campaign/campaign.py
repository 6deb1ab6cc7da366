"""Training that looks at the verdicts whenever a run ends, and begins the run that is worth most.

That is the one likely to bring verdicts soonest for its time (`assay.claims.choice`), over all
workers: none is idle while a claim is open, so that a seed may be begun which those under way make
needless. What nobody needs any more when all claims are decided is saved and stopped.

Nothing is kept but runs and declarations, so that the same call goes on after any end of this one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from assay.campaign.limits import Clock, Limits
from assay.claims.ahead import Runs, ahead
from assay.claims.choice import choose
from assay.claims.declarations import declare_if_possible
from assay.claims.outlook import seconds_by_arm
from assay.claims.snapshot import Snapshot
from assay.claims.standing import Standing, standings
from assay.config import RunConfig, kind_named
from assay.consent import require
from assay.errors import StudyError
from assay.execution.events import Elsewhere, Event, Result, Update
from assay.execution.executor import Executor, OpenSession, RunOptions
from assay.execution.pace import work
from assay.execution.start import interrupts, open_session
from assay.plugins import code_of
from assay.store import Store
from assay.study import Arm, StudyPlan
from assay.study.plan import NUMBERS_ONLY

Why = Literal["decided", "left", "budget", "stopped"]


@dataclass(frozen=True)
class CampaignEnd:
    """How a campaign ended.

    Attributes:
        why: all claims are `decided`; those `left` can get no further; the `budget` is spent; or it
            was `stopped`.
        standings: where each claim stands.
        results: how each run that was taken up ended, in order of ending.
        seconds: core-seconds spent.
    """

    why: Why
    standings: list[Standing]
    results: list[Result]
    seconds: float

    @property
    def open(self) -> list[Standing]:
        """The claims that are not decided."""
        return [each for each in self.standings if not each.decided]


class Campaign:
    """Training until claims are decided.

    Raises:
        AssayError: if the profile gives no verdict, nothing matches `only`, or the store cannot be
            read.
    """

    def __init__(
        self,
        study: StudyPlan,
        profile: str | None,
        store: Store,
        limits: Limits | None = None,
        only: str | None = None,
    ) -> None:
        self.study, self.store = study, store
        self.profile = deciding_profile(study, profile)
        self._limits = limits or Limits()
        self._arms = {arm.key: arm for arm in study.arms(self.profile, only) if arm.seeds}
        self._snapshot = Snapshot(study, self.profile, store)
        self._session: OpenSession | None = None
        self._asked: Literal["", "stop", "now"] = ""
        self._under_way: set[str] = set()
        self._elsewhere: set[str] = set()
        self._failed: set[str] = set()
        self._cores: dict[str, int] = {}
        self._clock = Clock(self._limits.budget, lambda: self._end("budget"))
        self._why: Why = "stopped"
        self.standings: list[Standing] = []

    @property
    def configs(self) -> Sequence[RunConfig]:
        """The runs that were begun."""
        return self._session.configs if self._session else ()

    @property
    def workers(self) -> int:
        """How many runs are trained side by side."""
        return self._session.workers if self._session else 0

    @property
    def spent(self) -> float:
        """Core-seconds that were spent so far."""
        return self._clock.spent

    def run(
        self,
        watch: Callable[[Event], None] = lambda event: None,
        look: Callable[[list[Standing]], None] = lambda standings: None,
        tell: Callable[[str], None] = lambda text: None,
        options: RunOptions | None = None,
        executor: Executor | None = None,
    ) -> CampaignEnd:
        """Train to the end; in the main thread Ctrl-C saves and stops, a second one stops at once.

        Args:
            watch: called with every event of a run.
            look: called with where the claims stand, at first and whenever a run ended.
            tell: called with a sentence, if the store's log of declarations cannot be used, and
                with one for whatever of the data may not be as it was meant.
            options: how runs are trained.
            executor: where, if not on this machine.
        """
        require(code_of(arm.config for arm in self._arms.values()))
        self.store.prepare()
        if notice := declare_if_possible(self.study, self.store):
            tell(notice)
        self._look(look)
        likely = [arm.run(arm.first_seed) for arm in self._arms.values()] if self._open else []
        with open_session(likely, self.store, options, executor, tell) as session:
            self._session = session
            if self._asked:
                session.stop(now=self._asked == "now")
            with interrupts(session), self._clock:
                self._fill()
                for event in session.events():
                    watch(event)
                    self._take(event)
                    if isinstance(event, Result):
                        self._look(look)
                    if not isinstance(event, Update):
                        self._fill()
                results = session.results()
        return CampaignEnd(self._why, self.standings, results, self.spent)

    def stop(self, *, now: bool = False) -> None:
        """Ask for an end, as `Session.stop` does; from any thread, at any time."""
        self._asked = "now" if now else self._asked or "stop"
        if self._session:
            self._session.stop(now=now)

    @property
    def _open(self) -> bool:
        return any(each.open for each in self.standings)

    def _take(self, event: Event) -> None:
        """Follow which runs are under way here, and which elsewhere."""
        run = event.run_id
        if isinstance(event, Update):
            if run in self._elsewhere:
                self._elsewhere.remove(run)
                self._clock.begin(run, self._cores[run])
            return
        self._clock.end(run)
        if isinstance(event, Elsewhere):
            self._elsewhere.add(run)
            return
        self._elsewhere.discard(run)
        self._under_way.discard(run)
        if event.status == "failed":
            self._failed.add(run)

    def _look(self, look: Callable[[list[Standing]], None]) -> None:
        """See what the runs that ended say of the claims."""
        self._snapshot = self._snapshot.again()
        status = self._snapshot.status
        ended = {run for run, how in status.items() if how in ("finished", "diverged")}
        self._runs = Runs(
            lambda config: config.run_id in ended,
            self._under_way,
            self._failed,
            _costs(self.study.arms(self.profile), self._snapshot),
        )
        self.standings = standings(
            self._snapshot.verdicts,
            self.study.file.most,
            self._arms,
            self._runs,
            self._limits.most_seeds,
        )
        look(self.standings)

    def _fill(self) -> None:
        """Begin runs until every worker has one, or end the session where none is left to begin."""
        assert self._session is not None
        if self._asked:
            return
        if not self._open:
            self._end("decided" if all(each.decided for each in self.standings) else "left")
            return
        while len(self._under_way - self._elsewhere) < self._session.workers:
            chosen = self._choose()
            if chosen is None:
                break
            self._cores[chosen.run_id] = kind_named(chosen.kind).cores(chosen)
            self._under_way.add(chosen.run_id)
            self._clock.begin(chosen.run_id, self._cores[chosen.run_id])
            self._session.add([chosen])
        if not self._under_way:
            self._end("left")

    def _choose(self) -> RunConfig | None:
        open_ = [
            ahead(each.verdict, self._arms, self._runs, self._limits.most_seeds)
            for each in self.standings
            if each.open
        ]
        return choose(open_, self.study.file.most, self._runs, self._limits.most_seeds)

    def _end(self, why: Why) -> None:
        """Save and stop what is under way: nobody needs it, or it may take no longer."""
        if self._session and self._why == "stopped":
            self._why = why
            self._session.stop()


def deciding_profile(study: StudyPlan, profile: str | None) -> str:
    """The profile whose claims are to be decided: the first that is not `quick`, if none is named.

    Raises:
        StudyError: if it is `quick`, or there is no other.
    """
    deciding = study.deciding_profile
    if NUMBERS_ONLY in (profile, deciding):
        others = deciding != NUMBERS_ONLY
        allowed = f"name another, such as {deciding}" if others else f"{study.path} has no other"
        raise StudyError(f"profile {NUMBERS_ONLY} gives numbers and no verdict: {allowed}")
    if profile is None:
        return deciding
    study.profile(profile)
    return profile


def _costs(arms: Sequence[Arm], snapshot: Snapshot) -> Callable[[str], float]:
    """Core-seconds of a run of each arm: as its runs took, or by its size if there are none."""
    known = seconds_by_arm(snapshot.records_by_arm)
    sizes = {arm.key: work(arm.config) for arm in arms}
    paces = sorted(
        seconds / sizes[arm] for arm in sizes if (seconds := known(arm)) is not None and seconds > 0
    )
    pace = paces[len(paces) // 2] if paces else 1.0
    cores = {arm.key: kind_named(arm.config.kind).cores(arm.config) for arm in arms}
    return lambda arm: cores[arm] * (known(arm) or pace * sizes[arm])
