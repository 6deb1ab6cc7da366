"""`assay train KIND`: one run without a study; the flags are the fields of the kind's settings."""

import inspect
from typing import TYPE_CHECKING, Annotated, Any, get_origin

from cyclopts import Parameter

from assay.cli.options import CheckpointOption, StoreOption, TrackOption, examples, train
from assay.cli.run import train_one
from assay.text import parse_json

if TYPE_CHECKING:
    from assay.config import RunConfig

_EXAMPLES = {
    "memory": ("--cell lstm --length 8 --hidden-size 64 --epochs 10",),
    "gan": ("--network dcgan --epochs 5", "--task images --data my_images --image-size 32"),
    "classifier": ("--epochs 3",),
    "command": ("--command 'python train.py {seed}' --metrics m.jsonl",),
    "function": ("--train mine:train --values.rate 0.1",),
}


def register_kinds() -> None:
    """Give `assay train` a command for each kind, with a flag for each field of its settings.

    This is done when the command is called, since it imports what packages of others bring.
    """
    from assay.config import kind_named, kind_names

    for name in kind_names():
        if name not in train:
            ways = _EXAMPLES.get(name, ())
            epilogue = examples(*(f"assay train {name} {each}" for each in ways)) if ways else None
            train.command(_command(kind_named(name).config), name=name, help_epilogue=epilogue)


def _command(settings: "type[RunConfig]") -> Any:
    def command(
        store: str = "store",
        checkpoint_seconds: float | None = None,
        track: list[str] | None = None,
        **given: Any,
    ) -> None:
        kind = settings.model_fields["kind"].default
        values = {name: _value(value) for name, value in given.items()}
        config = settings.parse(values, f"assay train {kind}")
        train_one(config, store, checkpoint_seconds, track)

    flags = {name: _flag(settings, name) for name in settings.model_fields if name != "kind"}
    shared = {
        "store": (StoreOption, "store"),
        "checkpoint_seconds": (CheckpointOption, None),
        "track": (TrackOption, None),
    }
    parameters = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=type_)
        for name, (type_, default) in (flags | shared).items()
    ]
    command.__doc__ = inspect.getdoc(settings)
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {each.name: each.annotation for each in parameters}
    return command


def _flag(settings: "type[RunConfig]", name: str) -> tuple[Any, Any]:
    """The type of a field as a flag, and its default."""
    field = settings.model_fields[name]
    # The values of options may be of several types: each is read as the number or word that it is.
    annotation: Any = dict[str, str] if get_origin(field.annotation) is dict else field.annotation
    shown = not name.endswith("_sha256")  # what assay fills in is no help to anybody
    return Annotated[annotation, Parameter(help=field.description, show=shown)], field.default


def _value(given: Any) -> Any:
    if isinstance(given, dict):
        return {name: _scalar(text) for name, text in given.items()}
    return given


def _scalar(text: str) -> bool | int | float | str:
    """A number or truth value given as text; text in JSON's quotes stays text."""
    try:
        value = parse_json(text)
    except ValueError:
        return text
    return value if isinstance(value, bool | int | float | str) else text
