"""Ways to draw of the user's own: a function in a module beside the study."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from assay.errors import PluginError
from assay.plugins import Plugin


def own_drawing(target: str, folder: str, options: Mapping[str, Any]) -> Callable[..., Any]:
    """The function that `module:function` names, which takes axes, rows and these options.

    Raises:
        PluginError: if it cannot be loaded or called like that.
    """
    draw = Plugin(target, folder, "kind").load()
    try:
        inspect.signature(draw).bind(None, [], **options)
    except (TypeError, ValueError) as error:
        given = ", ".join(["axes", "rows", *options])
        raise PluginError(f"{target}: {error} (it is called with {given})") from None
    return draw
