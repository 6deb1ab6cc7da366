"""Runs that are calls of a Python function."""

from collections.abc import Sequence

from assay.config import Ending
from assay.config.kind import Stop, Watch
from assay.errors import AssayError
from assay.kinds.function.config import FunctionConfig
from assay.kinds.own.kind import OwnKind
from assay.store import RunFolder

_OPTIMIZERS = "torch._dynamo"
"""What PyTorch's optimizers import when one is made, which takes longer than PyTorch itself."""


class FunctionKind(OwnKind):
    """Any function of the user's, called in a process of its own."""

    name = "function"
    config = FunctionConfig
    preload = "assay.kinds.function.run"
    own_process = True

    def preloads(self, config: FunctionConfig) -> Sequence[str]:
        """With it the large libraries that the function imports."""
        from assay.kinds.function.libraries import libraries

        try:
            names = libraries(config)
        except AssayError:  # told when the run is checked
            names = ()
        return [self.preload, *names, *(_OPTIMIZERS for name in names if name == "torch")]

    def execute(  # noqa: D102 - as in Kind
        self,
        config: FunctionConfig,
        folder: RunFolder,
        watch: Watch,
        stop: Stop,
        checkpoint_seconds: float,
    ) -> Ending:
        from assay.kinds.function.run import execute

        return execute(config, folder, watch, stop, checkpoint_seconds)

    def check(self, config: FunctionConfig) -> None:
        """See that the function loads, and takes the values.

        Raises:
            PluginError: if not.
        """
        from assay.kinds.function.target import load

        load(config)


KIND = FunctionKind()
