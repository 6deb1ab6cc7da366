"""How long claims may be trained for: in core-time, and in seeds."""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from assay.claims.outlook import MOST_SEEDS
from assay.errors import ConfigError


@dataclass(frozen=True)
class Limits:
    """How long to go on.

    Attributes:
        budget: core-seconds that may be spent; None: as many as it takes.
        most_seeds: how many seeds a claim may have.

    Raises:
        ConfigError: if one is out of range.
    """

    budget: float | None = None
    most_seeds: int = MOST_SEEDS

    def __post_init__(self) -> None:
        if self.budget is not None and not 0 < self.budget < float("inf"):
            raise ConfigError(f"budget = {self.budget:g} seconds: should be more than 0")
        if self.most_seeds < 1:
            raise ConfigError(f"most_seeds = {self.most_seeds}: should be 1 or more")


def budget_seconds(text: str) -> float:
    """A budget of core-time in seconds, from a text such as `6h`.

    Raises:
        ConfigError: if it is none.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd])", text.strip())
    if not found or not float(found[1]):
        raise ConfigError(
            f"budget = {text!r}: should be a number above 0 and its unit, s, m, h or d, such as "
            "45s, 90m, 6h or 2d"
        )
    return float(found[1]) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[found[2]]


class Clock:
    """Core-seconds that runs take, and what is done once a budget of them is spent."""

    def __init__(self, budget: float | None, spent_all: Callable[[], None]) -> None:
        self._budget, self._spent_all = budget, spent_all
        self._since: dict[str, float] = {}
        self._cores: dict[str, int] = {}
        self._ended = 0.0
        self._timer: threading.Timer | None = None

    @property
    def spent(self) -> float:
        """By all runs so far; from any thread."""
        now, since = time.monotonic(), self._since.copy()
        running = (self._cores[run] * (now - begun) for run, begun in since.items())
        return self._ended + sum(running)

    def begin(self, run: str, cores: int) -> None:
        """A run is being trained on so many cores; it may be told of again."""
        if run not in self._since:
            self._since[run], self._cores[run] = time.monotonic(), cores
            self._wind()

    def end(self, run: str) -> None:
        """A run is not trained any more."""
        if run in self._since:
            self._ended += self._cores[run] * (time.monotonic() - self._since.pop(run))
            self._wind()

    def _wind(self) -> None:
        """Set the timer to when the runs under way will have spent the budget."""
        self.__exit__()
        if self._budget is not None and self._since:
            busy = sum(self._cores[run] for run in self._since)
            left = max(0.0, self._budget - self.spent) / busy
            self._timer = threading.Timer(left, self._spent_all)
            self._timer.daemon = True
            self._timer.start()

    def __enter__(self) -> None:
        """Nothing runs yet."""

    def __exit__(self, *_: object) -> None:
        if self._timer is not None:
            self._timer.cancel()
