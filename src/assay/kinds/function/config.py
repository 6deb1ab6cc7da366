"""The settings of a function."""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from assay.config import is_plugin
from assay.kinds.own.config import OwnConfig


class FunctionConfig(OwnConfig):
    """One call of a Python function; settings of other names are what it is called with."""

    plugin_fields: ClassVar[tuple[str, ...]] = ("train",)

    kind: Literal["function"] = "function"
    train: str = Field(description="The function, module:function, called with a run and values.")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not is_plugin(self.train):
            raise ValueError(
                f"train = {self.train!r}: should be module:function, such as mine:train for "
                "'def train(run)' in mine.py"
            )
        if "run" in self.values:
            raise ValueError("values.run: run is what assay gives the function: rename the value")
        return self

    @property
    def label(self) -> str:  # noqa: D102 - as in RunConfig
        values = "".join(f" {name}={value}" for name, value in self.values.items())
        return f"{self.train}{values}{self.others({'train', 'values'})} seed={self.seed}"
