"""What assay relies on in a kind of experiment."""

import json
import math
from collections.abc import Mapping
from pathlib import Path

from matplotlib.figure import Figure

from assay.claims.evidence import ArmRuns
from assay.config import Ending, FigureSettings, Kind, Progress, RunConfig
from assay.config.registry import attribute
from assay.store import Store
from assay.store.log import Log
from assay.store.reading import read_log
from assay.study import Arm

_NEVER = 1e9
"""Seconds between checkpoints, so that stopping alone saves one."""
_MOST_STOPS = 1_000


def check_kind(kind: Kind, config: RunConfig, folder: Path) -> None:
    """Hold a kind against what assay relies on, with runs of one configuration.

    The configuration is executed three times: twice to its end, and once stopped again and again
    and taken up. One that takes a second or less is best.

    Args:
        kind: the kind.
        config: one of its configurations, which can run here.
        folder: an empty folder for the runs.

    Raises:
        AssertionError: naming what does not hold.
        AssayError: if the configuration cannot be used.
    """
    _check_settings(kind, config)
    ending = _execute(kind, config, Store(folder / "whole"))
    assert ending.status == "finished", f"it ended {ending.status}: {ending.message}"
    _execute(kind, config, Store(folder / "again"))
    written = _written(config, Store(folder / "whole"))
    assert written == _written(config, Store(folder / "again")), (
        "two runs of one configuration log different bytes: every random number has to come from "
        "the seed, and no time, path or process number belongs into the log"
    )
    stops = 0
    while _execute(kind, config, Store(folder / "parts"), stopping=True).status == "stopped":
        stops += 1
        assert stops < _MOST_STOPS, "stopped again and again, it never gets to its end"
    assert stops, "it never asks whether to stop, so it cannot be interrupted"
    assert written == _written(config, Store(folder / "parts")), (
        "stopped and taken up again, it logs other bytes than in one go"
    )
    log = read_log(written, "metrics.jsonl")
    _check_log(kind, config, log)
    _check_figures(kind, config, log)


def _check_settings(kind: Kind, config: RunConfig) -> None:
    assert isinstance(config, kind.config), f"{config!r} is no {kind.config.__name__}"
    assert config.kind == kind.name, f"the configuration says kind = {config.kind!r}"
    stored = json.loads(json.dumps(config.model_dump()))
    assert kind.config.parse(stored, "a stored configuration") == config, (
        "written as JSON and read again, the configuration is another one"
    )
    assert config.label, "its label is empty"
    for name, field in kind.config.model_fields.items():
        assert name == "kind" or field.description, f"its setting {name} has no description"
    updates = kind.updates(config)
    assert updates is None or updates >= 1, "it makes no update"
    assert 0 < kind.work(config) < math.inf, "its work is not a finite number above 0"
    other = config.model_copy(update={"seed": config.seed + 1})
    assert kind.pace(config) == kind.pace(other), "its pace depends on the seed"
    for name in kind.answers:
        assert name in kind.outcomes, f"its table shows {name}, which is no outcome of it"
    for name in kind.budget:
        assert name in kind.config.model_fields, f"its budget has {name}, which is no setting of it"
    for name in kind.default_figures:
        assert name in kind.figures, f"its default figure {name} is no figure of it"
    kind.check(config)


def _execute(kind: Kind, config: RunConfig, store: Store, *, stopping: bool = False) -> Ending:
    folder = store.create(config)
    looks: list[Progress] = []
    asked = 0

    def stop() -> bool:
        # Not the first time: what asks before it works would never get on.
        nonlocal asked
        asked += 1
        return stopping and asked > 1

    ending = kind.execute(config, folder, looks.append, stop, _NEVER)
    for look in looks:
        assert look.updates == kind.updates(config), (
            f"it tells of {look.updates} updates, and its kind of {kind.updates(config)}"
        )
        most = look.update if look.updates is None else look.updates
        assert 0 <= look.update <= most, f"it tells of update {look.update}"
    return ending


def _written(config: RunConfig, store: Store) -> bytes:
    return (store.folder(config).path / "metrics.jsonl").read_bytes()


def _check_log(kind: Kind, config: RunConfig, log: Log) -> None:
    promised, found = kind.logged(config), _logged(log)
    for name, moments in promised.items():
        assert name in found, f"{name} is promised, and was never logged"
        if isinstance(moments, frozenset):
            assert found[name] == moments, (
                f"{name} is promised at updates {sorted(moments)}, and was logged at "
                f"{sorted(found[name])}"
            )
    for name, outcome in kind.outcomes.items():
        if all(each in promised for each in outcome.reads):
            _check_range(name, outcome.of(log, None).value, outcome.low, outcome.high)


def _check_figures(kind: Kind, config: RunConfig, log: Log) -> None:
    """Draw the run in each way that needs no more of it than its log."""
    arm = Arm("checked", "", {}, config, 1, config, first_seed=config.seed)
    runs = ArmRuns(arm, [config.seed], [log], [])
    for name, figure in kind.figures.items():
        settings = [] if figure.settings is FigureSettings else [figure.settings()]
        try:
            draw = attribute(figure.draw)
            if figure.from_store or figure.across:
                continue
            drawn = draw([runs], *settings)
        except Exception as error:
            raise AssertionError(
                f"its figure {name} cannot be drawn: {type(error).__name__}: {error}"
            ) from error
        assert isinstance(drawn, Figure), (
            f"its figure {name} is a {type(drawn).__name__}, and should be a Matplotlib figure"
        )


def _check_range(name: str, value: float | None, low: float | None, high: float | None) -> None:
    if value is None:
        return
    assert isinstance(value, float), f"outcome {name} is a {type(value).__name__}: {value!r}"
    assert low is None or value >= low, f"outcome {name} is {value}, below its least, {low}"
    assert high is None or value <= high, f"outcome {name} is {value}, above its most, {high}"


def _logged(log: Log) -> dict[str, set[int]]:
    """At which updates each number was logged."""
    found: dict[str, set[int]] = {}

    def see(prefix: str, measures: Mapping[str, object], update: int) -> None:
        for name in measures:
            found.setdefault(f"{prefix}{name}", set()).add(update)

    for epoch in log.epochs:
        see("training.", epoch.training, epoch.update)
        see("validation.", epoch.validation, epoch.update)
    for check in log.checks:
        see("check.", check.measures, check.update)
    for line in log.numbers:
        see("", line.numbers, line.update)
    for probe in log.probes:
        for name, value in probe.found.items():
            see(f"{probe.name}.", {name: value}, probe.update)
            if isinstance(value, Mapping):
                see(f"{probe.name}.{name}.", value, probe.update)
    return found
