"""Own modules, made of exactly the bytes that were hashed.

Each set of sources is a package of its own, under a name that holds its hash: two studies with a
`cells.py` each do not meet, an edited file is another module, and `sys.path` stays as it is.
Inside, `import helper` means the helper beside the module, wherever in it the import stands: own
modules have an `__import__` that looks there first.
"""

import builtins
import functools
import hashlib
import importlib
import itertools
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from assay.plugins.faults import PREFIX
from assay.plugins.sources import Module, Sources, find_module, is_local

_packages: dict[str, Sources] = {}
_generations = itertools.count()
_generation = next(_generations)


def import_sources(sources: Sources) -> ModuleType:
    """The module that sources describe, executed unless it is there already."""
    if sources.installed:
        return importlib.import_module(sources.name)
    root = _root(sources)
    if root not in _packages:
        _install()
        _packages[root] = sources
        package = ModuleType(root)
        package.__path__ = [str(sources.folder)]
        sys.modules[root] = package
    return importlib.import_module(f"{root}.{sources.name}")


def start_afresh() -> None:
    """Let own modules be executed anew when they are next loaded, as in another process."""
    global _generation
    _generation = next(_generations)


def is_own(value: object) -> bool:
    """Whether the class of a value is defined in an own module."""
    return type(value).__module__.startswith(PREFIX)


def _root(sources: Sources) -> str:
    text = f"{sources.folder}\0{sources.name}\0{sources.sha256}\0{_generation}"
    return PREFIX + hashlib.sha256(text.encode()).hexdigest()[:16]


class _Finder(MetaPathFinder):
    """Finds the modules of own packages, and nothing else."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        root, _, name = fullname.partition(".")
        sources = _packages.get(root)
        if sources is None or not name:
            return None
        module = sources.modules.get(name) or find_module(name, sources.folder)
        if module is None or module.path.suffix not in (".py", ""):
            return None
        if module.is_folder:
            spec = ModuleSpec(fullname, None, is_package=True)
            spec.submodule_search_locations = [str(module.path)]
            return spec
        spec = ModuleSpec(
            fullname,
            _Loader(module, _builtins(root, sources)),
            origin=str(module.path),
            is_package=module.is_package,
        )
        spec.has_location = True  # so that `__file__` is set
        if module.is_package:
            spec.submodule_search_locations = [str(module.path.parent)]
        return spec


class _Loader(Loader):
    """Executes the bytes that were read when the module was hashed."""

    def __init__(self, module: Module, namespace: Mapping[str, Any]) -> None:
        self._module, self._namespace = module, namespace

    def exec_module(self, module: ModuleType) -> None:
        code = compile(self._module.content, str(self._module.path), "exec", dont_inherit=True)
        module.__dict__["__builtins__"] = self._namespace
        exec(code, module.__dict__)


def _builtins(root: str, sources: Sources) -> dict[str, Any]:
    return {**vars(builtins), "__import__": _import(root, sources)}


def _import(root: str, sources: Sources) -> Callable[..., ModuleType]:
    local = functools.cache(partial(is_local, folder=sources.folder))

    def own_import(
        name: str,
        globals: Mapping[str, Any] | None = None,
        locals: Mapping[str, Any] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        top = name.partition(".")[0]
        if level or not local(top):
            return builtins.__import__(name, globals, locals, fromlist or (), level)
        found = builtins.__import__(f"{root}.{name}", globals, locals, fromlist or (), 0)
        # Without a `from`, an import statement takes the outermost package of the name.
        return found if fromlist else sys.modules[f"{root}.{top}"]

    return own_import


def _install() -> None:
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())  # before the finder that would read the file anew
