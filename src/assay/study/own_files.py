"""The hashes of a study's own files, where the files are not at hand."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.config import NOWHERE, RunConfig
from assay.errors import StudyError


@dataclass(frozen=True)
class OwnFiles:
    """The hashes of what a study's runs name: own data by path, own modules by what they give.

    Both are named from the study's folder: `a/cells:Cell` is that of an experiment with
    `folder = "a"`.
    """

    data: Mapping[str, str]
    source: Mapping[str, str]

    @classmethod
    def of(cls, configs: Iterable[RunConfig], base: Path) -> "OwnFiles":
        """Those in resolved configurations of a study in the folder `base`."""
        data: dict[str, str] = {}
        source: dict[str, str] = {}
        for config in configs:
            if config.data is not None and config.data_sha256 is not None:
                data[_from(base, config, config.data)] = config.data_sha256
            source |= {_from(base, config, name): of for name, of in config.source_sha256.items()}
        return cls(data, source)

    def fill_in(self, config: RunConfig, base: Path) -> RunConfig:
        """What `resolve` does with the files at hand, for a study in the folder `base`.

        Raises:
            StudyError: if it names one whose hash is not known.
        """
        changes: dict[str, Any] = {}
        try:
            if config.data is not None:
                changes["data_sha256"] = self.data[_from(base, config, config.data)]
            scripts = config.scripts(lambda name: _from(base, config, name) in self.source)
            if named := [*config.plugins, *scripts]:
                changes["source_sha256"] = {
                    name: self.source[_from(base, config, name)] for name in named
                }
        except KeyError as error:
            raise StudyError(f"{error.args[0]}: the archive does not say which it was") from None
        return config.model_copy(update={**changes, "folder": NOWHERE if changes else "."})


def _from(base: Path, config: RunConfig, name: str) -> str:
    """What a configuration names, seen from a study's folder."""
    folder = os.path.relpath(Path(config.folder).resolve(), base.resolve())
    return name if folder == "." else f"{Path(folder).as_posix()}/{name}"
