"""An own class or function, with the options that a configuration gives it."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from assay.config import NOWHERE, RunConfig, Scalar
from assay.consent import require
from assay.errors import ConfigError, PluginError
from assay.plugins.code import code_in
from assay.plugins.faults import FAULTS, prints_to_stderr, told
from assay.plugins.importing import import_sources
from assay.plugins.sources import find_sources


@dataclass(frozen=True)
class Plugin:
    """An attribute of an own module.

    Attributes:
        target: `module:attribute`.
        folder: where the module is looked up first.
        key: the field of a configuration that names it, such as `cell`; its options are the field
            `cell_options`.
        options: keyword arguments, beside those that assay gives.
        sha256: the hash that its sources must have; None if any will do.
    """

    target: str
    folder: str = "."
    key: str = "plugin"
    options: Mapping[str, Scalar] = field(default_factory=dict)
    sha256: str | None = None

    @classmethod
    def of(cls, config: RunConfig, key: str) -> "Plugin":
        """What the field `key` of a configuration names.

        Raises:
            PluginError: of a run in evidence, which holds no code.
        """
        target: str = getattr(config, key)
        if config.folder == NOWHERE:
            raise PluginError(f"{target}: evidence holds no code")
        options: dict[str, Scalar] = getattr(config, f"{key}_options")
        return cls(target, config.folder, key, options, config.source_sha256.get(target))

    def load(self) -> Callable[..., Any]:
        """The class or function.

        Raises:
            PluginError: if the module or the attribute is missing, fails on import, is no callable,
                or is not what was hashed.
            TrustError: if nobody allowed it.
        """
        module_name, _, attribute = self.target.partition(":")
        try:
            sources = find_sources(module_name, self.folder)
        except PluginError as error:
            raise PluginError(f"{self.target}: {error}") from error.__cause__
        # A run of the version before has the hash of the module's own file alone.
        if self.sha256 and self.sha256 not in (sources.sha256, sources.file_sha256):
            raise PluginError(
                f"{self.target} is not what this run was planned with: {sources.files} in "
                f"{sources.folder} has changed, so that the SHA-256 is {sources.sha256[:16]}… and "
                f"source_sha256 of the run is {self.sha256[:16]}…: put it back, or run the study "
                "again, which trains it as a new run"
            )
        require([code_in(sources, self.target, self.folder)])
        try:
            with prints_to_stderr():
                found: Any = import_sources(sources)
                for name in attribute.split("."):
                    found = getattr(found, name)
        except FAULTS as error:
            raise PluginError(
                f"{self.target} cannot be loaded from {self.folder}: {told(error)}"
            ) from error
        if not callable(found):
            raise PluginError(
                f"{self.target} is a {type(found).__name__}, and should be a class or function"
            )
        return found  # type: ignore[no-any-return]

    def bind(self, **given: Any) -> Callable[[], Any]:
        """The call with these arguments and the options, which fit its signature.

        Raises:
            PluginError: if it cannot be loaded, or an argument does not fit.
            ConfigError: if an option has the name of one of the arguments.
        """
        taken = sorted(given.keys() & self.options.keys())
        if taken:
            raise ConfigError(
                f"{self.key}_options.{taken[0]}: {self.target} is given {', '.join(given)} by "
                "assay, and allowed are other names"
            )
        function = self.load()
        arguments = {**given, **self.options}
        try:
            inspect.signature(function).bind(**arguments)
        except (TypeError, ValueError) as error:
            called = f"called with {', '.join(arguments) or 'no arguments'}"
            raise PluginError(f"{self.target}: {error} (it is {called})") from None
        return partial(function, **arguments)

    def make(self, **given: Any) -> Any:
        """What the call gives.

        Raises:
            PluginError: as `bind`, or if the call fails.
            ConfigError: as `bind`.
        """
        call = self.bind(**given)
        try:
            with prints_to_stderr():
                return call()
        except FAULTS as error:
            raise PluginError(f"{self.target} cannot be built: {told(error)}") from error
