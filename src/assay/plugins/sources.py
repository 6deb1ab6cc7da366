"""The files of an own module: it, and the modules beside it that it imports, with one hash.

Imports are read from the source, wherever in it they stand, and followed. Not seen are modules that
are imported by a name which is made while the code runs, and files that it opens.
"""

import ast
import hashlib
import importlib.util
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec
from pathlib import Path

from assay.errors import PluginError
from assay.plugins.faults import FAULTS, prints_to_stderr, told

# assay itself imports these, and an own file of such a name stands in nobody's way.
_DEPENDENCIES = frozenset(
    {
        "assay",
        "cyclopts",
        "filelock",
        "jinja2",
        "markupsafe",
        "matplotlib",
        "numpy",
        "PIL",
        "platformdirs",
        "pyarrow",
        "pydantic",
        "rich",
        "safetensors",
        "scipy",
        "torch",
    }
)
_INSTALLED = frozenset({"site-packages", "dist-packages"})


@dataclass(frozen=True)
class Module:
    """A module's file and its content; of a folder without `__init__.py` the folder, and nothing.

    `name` is the dotted name by which modules in the same folder import it.
    """

    name: str
    path: Path
    content: bytes

    @property
    def is_package(self) -> bool:
        """Whether other modules may be below it."""
        return self.path.name == "__init__.py" or self.is_folder

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder without `__init__.py`."""
        return self.path.suffix == "" and not self.content

    @property
    def sha256(self) -> str:
        """The hash of its content."""
        return hashlib.sha256(self.content).hexdigest()

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax; nothing of a file that is no Python source, which says so when it is run."""
        try:
            return ast.parse(self.content)
        except (SyntaxError, ValueError):
            return ast.Module([], [])


@dataclass(frozen=True)
class Sources:
    """An own module and the modules in `folder` that it imports, as they were when they were read.

    `installed` is for a module of an installed package, which is imported as any other.
    """

    name: str
    folder: Path
    modules: dict[str, Module]
    installed: bool = False

    @property
    def file_sha256(self) -> str:
        """The hash of the module's own file."""
        return self.modules[self.name].sha256

    @cached_property
    def sha256(self) -> str:
        """The hash of all files: that of the module's own where it imports no other."""
        others = [
            module
            for name, module in sorted(self.modules.items())
            if name != self.name and (module.tree.body or module.path.suffix != ".py")
        ]
        others = [module for module in others if not module.is_folder]
        if not others:
            return self.file_sha256
        lines = [
            f"{module.name}\0{module.sha256}\n" for module in (self.modules[self.name], *others)
        ]
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    @property
    def files(self) -> str:
        """The names of its files, the module's own first."""
        paths = [self.modules[self.name], *(self.modules[name] for name in sorted(self.modules))]
        shown = [
            module.path.relative_to(self.folder).as_posix()
            if module.path.is_relative_to(self.folder)
            else str(module.path)
            for module in paths
            if not module.is_folder
        ]
        return ", ".join(dict.fromkeys(shown))


def find_sources(name: str, folder: str) -> Sources:
    """The sources of the module `name`, looked up in `folder` first and then where Python looks.

    Raises:
        PluginError: if there is none, or its file has the name of one of Python's own modules.
    """
    root = Path(folder).absolute()
    top = name.partition(".")[0]
    if _is_there(top, root):
        if top in _reserved():
            whose = "that assay needs" if top in _DEPENDENCIES else "of Python's own"
            raise PluginError(
                f"{top} is a module {whose}, and {_shown(folder)} holds another of that name: "
                "rename the file"
            )
        return _gather(name, root, folder)
    try:
        with prints_to_stderr():
            spec = _installed(name)
    except FAULTS as error:
        if not isinstance(error, ModuleNotFoundError | ValueError):
            raise PluginError(f"{name} cannot be found: {told(error)}") from error
        spec = None
    origin = None if spec is None or spec.origin is None else Path(spec.origin)
    if origin is None or not origin.is_file():
        raise _missing(name, folder)
    if top in _reserved() or _INSTALLED.intersection(origin.parts):
        module = Module(name, origin, origin.read_bytes())
        return Sources(name, origin.parent, {name: module}, installed=True)
    depth = name.count(".") + (origin.name == "__init__.py")
    return _gather(name, origin.parents[depth], folder)


def imported_files(script: Path, root: Path) -> list[Path]:
    """The files of the modules below `root` that a Python script there imports.

    The script is a file, so that its name need not be one that can be imported.

    Raises:
        OSError: if it cannot be read.
    """
    name = ".".join(script.relative_to(root).with_suffix("").parts)
    modules = {name: Module(name, script, script.read_bytes())}
    _follow(modules, root)
    return [each.path for each in modules.values() if not each.is_folder and each.content]


def is_local(top: str, folder: Path) -> bool:
    """Whether code in `folder` that imports `top` means a module there.

    Python's own modules and those that assay needs are never taken from there. A folder without
    `__init__.py` counts if it holds modules and nothing installed has its name.
    """
    return top not in _reserved() and _is_there(top, folder)


def find_module(name: str, folder: Path) -> Module | None:
    """The module of a dotted name below `folder`, or None."""
    base = folder.joinpath(*name.split("."))
    for path in (
        base / "__init__.py",
        *(base.with_name(base.name + suffix) for suffix in (".py", *EXTENSION_SUFFIXES)),
    ):
        if path.is_file():
            return Module(name, path, path.read_bytes())
    return Module(name, base, b"") if base.is_dir() and any(base.rglob("*.py")) else None


def _is_there(top: str, folder: Path) -> bool:
    found = find_module(top, folder)
    if found is None or not found.is_folder:
        return found is not None
    try:
        spec = importlib.util.find_spec(top)  # of a top-level name: nothing is imported for it
    except ValueError:
        return False
    return spec is None or spec.origin is None


def _installed(name: str) -> ModuleSpec | None:
    """Where Python looks for a module; its packages are not imported for it, as code of theirs."""
    spec, path = None, None
    parts = name.split(".")
    for end in range(1, len(parts) + 1):
        part = ".".join(parts[:end])
        found = (finder.find_spec(part, path) for finder in sys.meta_path)
        spec = next((each for each in found if each is not None), None)
        path = None if spec is None else spec.submodule_search_locations
        if path is None:
            return spec if end == len(parts) else None
    return spec


def _reserved() -> frozenset[str]:
    return sys.stdlib_module_names | _DEPENDENCIES


def _gather(name: str, root: Path, folder: str) -> Sources:
    modules: dict[str, Module] = {}
    _add(name, root, modules)
    if name not in modules or modules[name].is_folder:
        raise _missing(name, folder)
    _follow(modules, root)
    return Sources(name, root, modules)


def _follow(modules: dict[str, Module], root: Path) -> None:
    """Add what they import, and what that imports."""
    todo, seen = list(modules), set(modules)
    while todo:
        for imported in _imports(modules[todo.pop()], root):
            _add(imported, root, modules)
        todo += sorted(modules.keys() - seen)
        seen |= modules.keys()


def _add(name: str, root: Path, modules: dict[str, Module]) -> None:
    """Add a module with the packages that it is in, as far as they are there."""
    parts = name.split(".")
    for end in range(1, len(parts) + 1):
        part = ".".join(parts[:end])
        found = modules.get(part) or find_module(part, root)
        if found is None:
            return
        modules[part] = found


def _imports(module: Module, root: Path) -> Iterator[str]:
    """Dotted names below `root` that a module may import; the last part may be no module."""
    inside = module.name.split(".")
    package = inside if module.is_package else inside[:-1]
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if is_local(_top(each.name), root))
        elif isinstance(node, ast.ImportFrom):
            base = node.module.split(".") if node.module else []
            if node.level > len(package) + 1:
                continue
            if node.level:
                base = [*package[: len(package) + 1 - node.level], *base]
            elif not is_local(base[0], root):
                continue
            names = [".".join([*base, each.name]) for each in node.names]
            yield from (name for name in [".".join(base), *names] if name)


def _top(name: str) -> str:
    return name.partition(".")[0]


def _missing(name: str, folder: str) -> PluginError:
    return PluginError(f"there is no module {name!r} in {_shown(folder)}")


def _shown(folder: str) -> str:
    return "the current folder" if folder == "." else folder
