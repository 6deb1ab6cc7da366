"""The function that a run names, loaded from what was hashed, and whether it takes its values."""

import difflib
import inspect
from collections.abc import Callable
from typing import Any

from assay.errors import PluginError
from assay.kinds.function.config import FunctionConfig
from assay.plugins import Plugin


def load(config: FunctionConfig) -> Callable[..., Any]:
    """The function, which can be called with a run and the values.

    Raises:
        PluginError: if its module is not what the run was planned with or does not load, or the
            function does not take a run and these values.
    """
    target = config.train
    sha256 = config.source_sha256.get(target)
    function = Plugin(target, config.folder, "train", {}, sha256).load()
    try:
        signature = inspect.signature(function)
        signature.bind(None, **config.values)
    except (TypeError, ValueError) as error:
        raise PluginError(_misfit(target, function, config, error)) from None
    return function


def _misfit(
    target: str, function: Callable[..., Any], config: FunctionConfig, error: Exception
) -> str:
    """Why a function cannot be called with a run and its values."""
    try:
        names = list(inspect.signature(function).parameters)
    except ValueError:
        return f"{target}: {error}"
    if not names:
        return f"{target}() is called with a run, and takes none: def {function.__name__}(run)"
    first, *names = names
    takes = f"{target}({', '.join([first, *names])})"
    for name in config.values:
        if name not in names:
            near = difflib.get_close_matches(name, [*names, *type(config).model_fields], n=1)
            hint = f" (did you mean {near[0]}?)" if near else ""
            return f"{takes} is called with {name}, and takes none{hint}"
    return f"{takes}: {error}; it is called with {', '.join(['a run', *config.values])}"
