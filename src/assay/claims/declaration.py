"""A line of the log of declarations."""

import hashlib
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from assay.store.record import UtcTime

SCHEMA = 1


class Declaration(BaseModel):
    """A line of the log.

    Attributes:
        declaration: the hash of what is asked.
        at: when, in UTC.
        study: the study's name, for a reader.
        claim: the claim's id in it, for a reader.
        seen: the seeds of each of its arms that there were runs of, by the hash of the training.
        sha256: the hash of the rest of the line; lines of the versions before have none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    schema_version: int = Field(ge=1, le=SCHEMA)
    declaration: str = Field(pattern="^[0-9a-f]{16}$")
    at: UtcTime
    study: str
    claim: str
    seen: dict[str, list[int]]
    sha256: str = ""

    @model_validator(mode="after")
    def _as_written(self) -> Self:
        if self.sha256 and self.sha256 != self._digest():
            raise ValueError("it was altered, since its sha256 is not that of the rest")
        return self

    def signed(self) -> "Declaration":
        """The same with its hash."""
        return self.model_copy(update={"sha256": self._digest()})

    def line(self) -> bytes:
        """As the log has it."""
        return self.model_dump_json(exclude_defaults=True).encode() + b"\n"

    def _digest(self) -> str:
        return hashlib.sha256(self.model_dump_json(exclude={"sha256"}).encode()).hexdigest()
