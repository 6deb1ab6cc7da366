"""Which libraries a function's modules import, as far as their sources say."""

import ast
from collections.abc import Iterator
from functools import lru_cache

from assay.kinds.function.config import FunctionConfig
from assay.plugins.sources import find_sources

_FORKED = ("jax", "numpy", "pandas", "scipy", "sklearn", "torch")
"""Those that take long to import, and of which a process may be forked that has them."""


def libraries(config: FunctionConfig) -> tuple[str, ...]:
    """Which of some large libraries the function's own modules import, wherever in them.

    Raises:
        PluginError: if its module is not there.
    """
    sha256 = config.source_sha256.get(config.train, "")
    return _libraries(config.train.partition(":")[0], config.folder, sha256)


@lru_cache(maxsize=64)
def _libraries(module: str, folder: str, sha256: str) -> tuple[str, ...]:
    """By the hash of the sources, so that the many runs of a study have it once."""
    sources = find_sources(module, folder)
    imported = {name for each in sources.modules.values() for name in _imported(each.tree)}
    return tuple(name for name in _FORKED if name in imported)


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name.partition(".")[0] for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]
