"""A function of the user's in Python code, and the configurations of its runs."""

import functools
import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assay.errors import PluginError
from assay.kinds.function.config import FunctionConfig


class function:  # noqa: N801 - a decorator
    """A function that runs of the kind `function` call; a decorator, which leaves it callable.

    Example:
        >>> import assay
        >>> @assay.function
        ... def train(run, rate): ...
        >>> train.config(rate=0.1, seed=3)  # doctest: +SKIP
    """

    def __init__(self, train: Callable[..., Any]) -> None:
        functools.update_wrapper(self, train)
        self._train = train

    def __call__(self, *arguments: Any, **values: Any) -> Any:
        """Call the function as it is."""
        return self._train(*arguments, **values)

    def config(self, **settings: Any) -> FunctionConfig:
        """One run of it: its values by name, and settings such as `seed`.

        Raises:
            PluginError: if the function is not at the top of a file, where workers find it.
            ConfigError: if a setting is wrong.
        """
        name, folder = _module(self._train)
        target = f"{name}:{self._train.__qualname__}"
        return FunctionConfig(**{"train": target, "folder": str(folder), **settings})


def _module(train: Callable[..., Any]) -> tuple[str, Path]:
    """The name of a function's module, and the folder from which that is imported.

    Raises:
        PluginError: if workers cannot import it.
    """
    called = getattr(train, "__qualname__", repr(train))
    try:
        path = Path(inspect.getsourcefile(train) or "").resolve()
    except TypeError:
        path = Path()
    in_main = train.__module__ == "__main__"
    name = path.stem if in_main else train.__module__
    typed = in_main and getattr(sys.modules["__main__"], "__file__", None) is None
    if not path.is_file() or typed:
        raise PluginError(
            f"{called} was typed in and has no file, where workers could load it from: put it into "
            f"one, such as {called}.py (%%writefile {called}.py above the cell), and import it"
        )
    if "<locals>" in called:
        raise PluginError(
            f"{called} in {path} is made within another function: move it to the top of the file, "
            "where workers find it"
        )
    return name, path.parents[name.count(".") + (path.name == "__init__.py" and not in_main)]
