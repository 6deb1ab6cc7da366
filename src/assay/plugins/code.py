"""What of the user's runs because something names it, to be asked about before it does."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from assay.config import RunConfig
from assay.consent import Code
from assay.errors import PluginError
from assay.plugins.sources import Sources, find_sources


def named(target: str, folder: str) -> Code:
    """What `module:attribute` names.

    Raises:
        PluginError: if there is no such module.
    """
    try:
        sources = find_sources(target.partition(":")[0], folder)
    except PluginError as error:
        raise PluginError(f"{target}: {error}") from error.__cause__
    return code_in(sources, target, folder)


def code_in(sources: Sources, target: str, folder: str) -> Code:
    """What `module:attribute` names, whose sources are these."""
    return Code(target, str(Path(folder).resolve()), sources.files, sources.sha256)


def code_of(configs: Iterable[RunConfig]) -> Iterator[Code]:
    """What runs with these resolved configurations execute of the user's, each once.

    Raises:
        PluginError: if an own module is not there.
    """
    seen = set()
    for config in configs:
        source = json.dumps(config.source_sha256, sort_keys=True)
        key = (config.folder, *config.plugins, config.command_line, source)
        if key not in seen:
            seen.add(key)
            yield from (named(target, config.folder) for target in config.plugins)
            if config.command_line:
                yield _command(config, source)


def _command(config: RunConfig, source: str) -> Code:
    sha256 = hashlib.sha256(f"{config.command_line}\0{source}".encode()).hexdigest()
    files = ", ".join(config.source_sha256)
    return Code(config.command_line, str(Path(config.folder).resolve()), files, sha256)
