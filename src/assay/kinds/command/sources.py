"""Whether the sources of a command are those that its run was planned with."""

import os

from assay.errors import PluginError
from assay.kinds.command.config import CommandConfig
from assay.plugins import restamped, script_sha256, script_stamps


class Sources:
    """The sources of a run, as they are when it begins.

    Raises:
        PluginError: if one is not what the run was planned with.
    """

    def __init__(self, config: CommandConfig) -> None:
        self._config = config
        self._stamps = script_stamps(config.source_sha256, config.folder)
        for name, planned in config.source_sha256.items():
            found = script_sha256(name, config.folder)
            if found != planned:
                raise PluginError(
                    f"{name} is not what this run was planned with: it, or a module that it "
                    f"imports, has changed, so that the SHA-256 is {found[:16]}… and source_sha256 "
                    f"of the run is {planned[:16]}…: put it back, or run the study again, which "
                    "makes it a new run"
                )

    def changed(self) -> str:
        """Which files have changed since, as a sentence; empty if none."""
        files = [os.path.relpath(path, self._config.folder) for path in restamped(self._stamps)]
        if not files:
            return ""
        return (
            f"{', '.join(files)} changed while the command ran, so that its numbers may be of "
            "neither version"
        )
