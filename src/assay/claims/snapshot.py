"""What a store holds of a study's profile at one moment, each thing read at most once.

Tables, claims, figures, reports and the command line are views of it. What takes long is worked out
once on this machine: it is kept by a hash of the runs, the study and assay itself.
"""

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, TypeVar

from pydantic import TypeAdapter

from assay.claims.evidence import ArmRuns, gather
from assay.claims.further import extended
from assay.claims.multiverse import Curve, curves
from assay.claims.universes import universe_runs
from assay.claims.verdicts import ClaimVerdict, verdicts
from assay.config import kind_named, package_of
from assay.store import Record, Store
from assay.store.cache import code_sha256, remembered
from assay.store.log import Log
from assay.store.look import Look, without_collecting
from assay.study import Arm, StudyPlan

T = TypeVar("T")


class Snapshot:
    """A study's runs in a store: how far each is, its log, and what they come to.

    Nothing of it is written to the store.

    Raises:
        StoreError: from any attribute, if a run that it reads is damaged.
    """

    def __init__(
        self, study: StudyPlan, profile: str, store: Store, earlier: "Snapshot | None" = None
    ) -> None:
        self.study, self.profile, self.store = study, profile, store
        self.arms: list[Arm] = extended(study.arms(profile), store)
        self._look = Look(store, self._every_id)
        self._stamps = self._stamp(self._look)
        self._known: dict[str, Any] = {}
        self._kept = {} if earlier is None else earlier._logs_as_of(self._stamps)

    def again(self) -> "Snapshot":
        """What the store holds now; the logs of runs that had ended are not read again."""
        return Snapshot(self.study, self.profile, self.store, self)

    @property
    def current(self) -> bool:
        """Whether the runs, and the own files that they name, are still the same."""
        now = extended(self.study.arms(self.profile), self.store)
        return self.arms == now and self._unchanged()

    @cached_property
    def status(self) -> dict[str, str]:
        """How far each run of the profile is, by its id."""
        return {run_id: self._look.progress[run_id] for run_id in self._ids}

    @cached_property
    def records(self) -> list[Record]:
        """How its runs that ended for good did."""
        ended = [key for key, status in self.status.items() if status in ("finished", "diverged")]
        return [found for key in ended if (found := self.store.run(key).record())]

    @cached_property
    def records_by_arm(self) -> dict[str, list[Record]]:
        """The records of the runs of each arm that ended, by its key."""
        return {
            arm.key: [
                record
                for run_id in arm.run_ids
                if self.status[run_id] in ("finished", "diverged")
                if (record := self.store.run(run_id).record()) is not None
            ]
            for arm in self.arms
        }

    @cached_property
    def runs(self) -> dict[str, ArmRuns]:
        """The logs of its runs that ended, by their arm's key."""
        with without_collecting():
            return gather(self.arms, self.store, self._kept)

    @cached_property
    def verdicts(self) -> list[ClaimVerdict]:
        """The verdict on each claim."""
        return verdicts(self.study, self.profile, self.runs, self.store)

    @cached_property
    def curves(self) -> list[Curve]:
        """Each claim over its multiverse."""
        return curves(self.study, self.store)

    def remembered(self, what: str, kind: type[T], make: Callable[[], T]) -> T:
        """A dataclass that follows from all this, by its name: as it was worked out before.

        It is kept as JSON.
        """

        def found() -> T:
            form = TypeAdapter(kind)
            return form.validate_python(
                remembered(
                    f"{what}\0{self._key}",
                    lambda: form.dump_python(make(), mode="json"),
                    self._unchanged,
                )
            )

        return self.once(what, found)

    def once(self, what: str, make: Callable[[], T]) -> T:
        """A value that follows from all this, by its name, made the first time it is asked for."""
        if what not in self._known:
            self._known[what] = make()
        found: T = self._known[what]
        return found

    @cached_property
    def _ids(self) -> list[str]:
        return list(dict.fromkeys(run_id for arm in self.arms for run_id in arm.run_ids))

    @cached_property
    def _every_id(self) -> list[str]:
        """With those of its multiverse."""
        if self.study.file.multiverse is None:
            return self._ids
        universes = [run.run_id for _, run in universe_runs(self.study)]
        return list(dict.fromkeys([*self._ids, *universes]))

    @cached_property
    def _key(self) -> str:
        runs = self._look.fingerprints
        study = [self.study.file.model_dump(mode="json"), self.study.own_code, self._others()]
        named = [self.study.name, str(self.study.path), str(self.store), self.profile]
        return json.dumps([named, study, self._ids, runs, self._declared()])

    def _stamp(self, look: Look) -> dict[str, object]:
        """What changes with any of this, by run; by other names of declarations and own code."""
        return {**look.stamps, "": self._declared(), "own code": self.study.own_code}

    def _logs_as_of(self, stamps: Mapping[str, object]) -> dict[str, Log]:
        """The logs that were read of runs that have not changed since, by run."""
        read: dict[str, ArmRuns] = self.__dict__.get("runs", {})
        logs = {
            found.arm.run_ids[seed - found.arm.first_seed]: log
            for found in read.values()
            for seed, log in zip(found.seeds, found.logs, strict=True)
        }
        return {key: log for key, log in logs.items() if stamps.get(key) == self._stamps[key]}

    def _others(self) -> dict[str, str]:
        """The code of other packages that says what its runs come to, by kind."""
        return {
            name: code_sha256(type(kind_named(name)).__module__)
            for name in self.study.kinds
            if package_of(name)
        }

    def _declared(self) -> str:
        """What the log of declarations holds."""
        try:
            return self.store.declaration_log.read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            return type(error).__name__

    def _unchanged(self) -> bool:
        return self._stamp(Look(self.store, self._every_id)) == self._stamps
