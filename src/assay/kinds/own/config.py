"""The settings of what the user brings: some of assay's, and values of its own."""

from typing import Any, ClassVar

from pydantic import Field, model_validator

from assay.config import RunConfig, Scalar


class OwnConfig(RunConfig):
    """A run with values of the user's own.

    Every setting that is none of these is such a value, such as `learning_rate`, and stands in
    `values`.
    """

    # What makes no other run: where it is, how progress is counted, and what it is asked for.
    not_identity: ClassVar[frozenset[str]] = frozenset({"folder", "data", "updates", "expects"})

    values: dict[str, Scalar] = Field(
        default={}, description="Values of its own, by the names it has for them."
    )
    cores: int = Field(default=1, ge=1, description="Cores that a run of it uses.")
    updates: int | str | None = Field(
        default=None, description="How many steps it logs at most, or which value says so."
    )
    expects: list[str] = Field(
        default=[], description="Numbers that it has to log; those that claims read are added."
    )

    @model_validator(mode="before")
    @classmethod
    def _own_values(cls, fields: Any) -> Any:
        """Put settings of other names among the values."""
        others = {name: fields[name] for name in fields if name not in cls.model_fields}
        if not others:
            return fields
        known = {name: value for name, value in fields.items() if name not in others}
        return {**known, "values": {**fields.get("values", {}), **others}}

    @model_validator(mode="after")
    def _countable(self) -> "OwnConfig":
        if isinstance(self.updates, int) and self.updates < 1:
            raise ValueError(f"updates = {self.updates}: should be 1 or more")
        if isinstance(self.updates, str) and type(self.values.get(self.updates)) is not int:
            raise ValueError(
                f"updates = {self.updates!r}: should be a number, or a value that is a whole number"
            )
        return self

    @property
    def steps(self) -> int | None:
        """How many steps it logs at most; None where nobody knows."""
        if isinstance(self.updates, str):
            return int(self.values[self.updates])
        return self.updates
