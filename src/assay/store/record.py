"""How a run ended, as record.json has it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assay.config import first_problem
from assay.errors import StoreError

Status = Literal["finished", "diverged", "failed", "unfinished"]

UTC_TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)$"
"""A moment as assay writes it: ISO 8601, UTC."""


class LogDigest(BaseModel):
    """The length of a run's metrics.jsonl, and its hash."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bytes: int = Field(ge=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class Record(BaseModel):
    """How a run ended. Written last, so its presence says that the rest is complete.

    `seconds` is all training that is part of the run; `started` is when the attempt that ended it
    began, both times in UTC. `alarms` says what went wrong in a training that ran to its end,
    `traceback` where a failed one raised.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    status: Literal["finished", "diverged", "failed"]
    message: str = ""
    updates: int = Field(ge=0)
    seconds: float = Field(ge=0)
    started: str = Field(pattern=UTC_TIME)
    ended: str = Field(pattern=UTC_TIME)
    compute_path: dict[str, str | int]
    versions: dict[str, str]
    machine: dict[str, str | int]
    metrics: LogDigest
    notices: list[str] = []
    alarms: list[str] = []
    traceback: str = ""


def read_record(content: bytes, where: str) -> Record:
    """A record from the bytes of its file; `where` is the file, for the message.

    Raises:
        StoreError: naming the field that is missing, unknown, or not what it should be.
    """
    try:
        return Record.model_validate_json(content)
    except ValidationError as error:
        problem = first_problem(error, Record)
        raise StoreError(f"{where} is damaged, or of a later version of assay: {problem}") from None
