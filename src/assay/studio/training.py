"""Runs that are started and stopped from the page, one session at a time."""

import threading
from dataclasses import dataclass

from assay.errors import AssayError, ConfigError
from assay.execution.events import Result
from assay.execution.executor import RunOptions, Session
from assay.studio.shown import Shown


@dataclass(frozen=True)
class State:
    """What is trained: whether anything is, and how it went.

    Attributes:
        message: the last sentence there was.
    """

    active: bool
    study: str
    ended: int
    planned: int
    message: str


class Training:
    """The one session of a studio."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        self._lock = threading.Lock()
        self._session: Session | None = None
        self._thread: threading.Thread | None = None
        self._state = State(False, "", 0, 0, "")

    @property
    def state(self) -> State:
        """How far it is."""
        return self._state

    def start(self, name: str, profile: str, workers: int | None) -> State:
        """Train what is missing of a study, where nothing is trained yet.

        Raises:
            ConfigError: if something is.
            AssayError: if the study cannot be opened or trained.
        """
        with self._lock:
            if self._state.active:
                raise ConfigError("a training is under way: stop it, or wait until it has ended")
            with self._shown.lock:
                study = self._shown.study(name)
                options = RunOptions(workers=workers)
                session = study.start(self._shown.profile_of(study, profile), None, options)
            self._session = session
            self._state = State(True, name, 0, len(session.configs), "")
            self._thread = threading.Thread(target=self._follow, args=(session, name), daemon=True)
            self._thread.start()
            return self._state

    def stop(self) -> State:
        """Ask what is trained to save and stop; started again, it goes on from there."""
        with self._lock:
            if self._session is not None:
                self._session.stop()
        return self._state

    def close(self) -> None:
        """Stop, and wait until all is saved."""
        self.stop()
        if self._thread is not None:
            self._thread.join()

    def _follow(self, session: Session, name: str) -> None:
        ended, planned, message = 0, len(session.configs), ""
        try:
            with session:
                for event in session.events():
                    if isinstance(event, Result):
                        ended += event.status in ("finished", "diverged")
                        message = event.message or message
                        self._state = State(True, name, ended, planned, message)
        except AssayError as error:
            message = str(error)
        finally:
            self._session = None
            self._state = State(False, name, ended, planned, message)
