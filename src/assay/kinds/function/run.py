"""A call of a function, from its run's folder to how it ended."""

import contextlib
import io
import shutil
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from assay.config import Ending
from assay.config.kind import Stop, Watch
from assay.errors import TrainingError
from assay.kinds.function import generators
from assay.kinds.function.config import FunctionConfig
from assay.kinds.function.given import FunctionRun, Host, Stopped
from assay.kinds.function.keeping import Keeping
from assay.kinds.function.libraries import libraries
from assay.kinds.function.target import load
from assay.kinds.own.output import OUTPUT, Kept
from assay.kinds.own.words import resumed, untold
from assay.plugins import place
from assay.store import RunFolder


def execute(
    config: FunctionConfig, folder: RunFolder, watch: Watch, stop: Stop, checkpoint_seconds: float
) -> Ending:
    """Call a function with a run and its values, from where that stands.

    Raises:
        PluginError: if its module is not what the run was planned with, or does not load.
        Exception: what the function raises.
    """
    with _kept(folder):
        for name in libraries(config):
            with contextlib.suppress(ImportError):  # which the function may catch, or tell
                import_module(name)
        generators.begin(config.seed)
        function = load(config)
        generators.begin(config.seed)  # whatever the module drew while it was loaded
        log = folder.log("metrics")
        try:
            keeping = Keeping(folder, log, checkpoint_seconds)
            host = Host(_work(folder), log, keeping, watch, stop)
            return _called(config, function, host, folder)
        finally:
            log.close()


def _called(config: FunctionConfig, function: Any, host: Host, folder: RunFolder) -> Ending:
    given, keeping = FunctionRun(config, host), host.keeping
    path: dict[str, str | int] = {
        "function": config.train,
        "bit_identity": "the function's promise",
        **_versions(libraries(config)),
    }
    message = ""
    try:
        function(given, **config.values)
    except Stopped:
        return Ending("stopped", folder.metrics().updates, keeping.seconds)
    except TrainingError as error:
        message = f"{error}{_at(error)}"
    log = folder.metrics()
    names = {name for line in log.numbers for name in line.numbers}
    if not message and not names:
        message = f"{config.train} returned and logged no number: run.log(step, name=number) does"
    elif not message and (missing := untold(config.expects, names)):
        message = f"{config.train} returned and {missing}"
    notices = [resumed(keeping.attempts, "function")] if keeping.attempts > 1 else []
    return Ending(
        "failed" if message else "finished",
        log.updates,
        keeping.seconds,
        message,
        [*keeping.notices, *notices],
        path,
    )


def _at(error: TrainingError) -> str:
    found = place(error)
    return f" ({found[0]}, line {found[1]})" if found else ""


def _work(folder: RunFolder) -> Any:
    """The run's own folder, emptied where there is nothing to go on from."""
    work = (folder.path / "work").absolute()
    if work.exists() and not any(folder.checkpoints.glob("*.json")):
        shutil.rmtree(work)
    work.mkdir(parents=True, exist_ok=True)
    return work


def _versions(names: tuple[str, ...]) -> dict[str, str]:
    """Those of libraries that every record does not have anyway."""
    loaded = {name: sys.modules.get(name) for name in names if name in ("jax", "pandas", "sklearn")}
    return {name: str(getattr(each, "__version__", "")) for name, each in loaded.items() if each}


@contextlib.contextmanager
def _kept(folder: RunFolder) -> Iterator[None]:
    """Have what is printed go to the run's folder, the beginning and the end of it."""
    kept = Kept(folder.path / OUTPUT)
    printed = _Printed(kept)
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            yield
    finally:
        kept.close()


class _Printed(io.TextIOBase):
    """A stream of text into what is kept."""

    encoding = "utf-8"

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._kept.write(text.encode("utf-8", "replace"))
        return len(text)
