"""What stands in an exported file beside the weights: which run it was, and how it is asked."""

import json
from dataclasses import asdict, dataclass
from importlib import import_module
from typing import Any, Literal

from assay import __version__
from assay.config import RunConfig, load_config
from assay.errors import AssayError, ConfigError, DataError
from assay.kinds.gan.trained import generator_config
from assay.kinds.memory.trained import memory_config
from assay.text import parse_json

Format = Literal["safetensors", "onnx", "torch-export"]
SUFFIXES: dict[Format, str] = {
    "safetensors": ".safetensors",
    "onnx": ".onnx",
    "torch-export": ".pt2",
}

KEY = "assay"
"""Under which it stands in the metadata of a file."""

FORM = 1
"""The form of it; a later one is refused."""


@dataclass(frozen=True)
class Reads:
    """What a recurrent network reads and answers.

    Attributes:
        length: steps T that it was trained on.
        features: D of a step, once encoded.
        symbols: size of the alphabet; None for continuous inputs.
        classes: number of classes; None for a number.
        names: the classes' names; empty where they are the numbers.
    """

    length: int
    features: int
    symbols: int | None
    classes: int | None
    names: tuple[str, ...]


@dataclass(frozen=True)
class Draws:
    """What a generator draws.

    Attributes:
        shape: (C, H, W) of an image.
        classes: how many classes it is told; 0 of one that is told none.
    """

    shape: tuple[int, int, int]
    classes: int


@dataclass(frozen=True)
class About:
    """A network in a file.

    Attributes:
        config: of the run that it was.
        update: after so many updates.
        form: what goes in and comes out.
    """

    config: RunConfig
    update: int
    form: Reads | Draws

    def text(self) -> str:
        """As JSON."""
        return json.dumps(
            {
                "assay": __version__,
                "form": FORM,
                "run": self.config.run_id,
                "update": self.update,
                "config": self.config.model_dump(mode="json"),
                "network": asdict(self.form),
            }
        )

    @classmethod
    def of(cls, text: str | None, where: str) -> "About":
        """From the metadata of a file.

        Raises:
            DataError: if assay did not write it, a later version did, or it is damaged.
        """
        if text is None:
            raise DataError(f"{where}: no network that assay exported")
        try:
            found = parse_json(text)
            form, written = found["form"], found["assay"]
            if form != FORM:
                raise DataError(f"{where}: written by assay {written}, in a form that is unknown")
            config, network = load_config(found["config"], where), found["network"]
            if config.run_id != found["run"] or type(found["update"]) is not int:
                raise DataError(f"{where} is damaged: it is not what run {found['run']} was")
            if "shape" not in network:
                memory_config(config)
                names = tuple(map(str, network.pop("names")))
                return cls(config, found["update"], Reads(**_whole(network), names=names))
            generator_config(config)
            channels, height, width = map(int, network.pop("shape"))
            shape = channels, height, width
            return cls(config, found["update"], Draws(shape, **_whole(network)))
        except (ValueError, KeyError, TypeError, AttributeError, ConfigError) as error:
            if isinstance(error, AssayError):
                raise DataError(str(error)) from None
            raise DataError(f"{where} is damaged: its description cannot be read") from None


def named(about: About) -> str:
    """The cell, or the network that generates, by its name in the configuration."""
    if isinstance(about.form, Draws):
        return generator_config(about.config).network
    return memory_config(about.config).cell


def needs(module: str, what: str) -> None:
    """See that a package of the extra `onnx` is there.

    Raises:
        ConfigError: if it is not.
    """
    try:
        import_module(module)
    except ImportError:
        raise ConfigError(f"{what} needs {module}: pip install 'assay[onnx]'") from None


def _whole(values: dict[str, Any]) -> dict[str, Any]:
    for name, value in values.items():
        if value is not None and (type(value) is not int or not 0 <= value <= 1_000_000):
            raise ValueError(name)
    return values
