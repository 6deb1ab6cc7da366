"""How a run ended, as record.json has it."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from assay.config import first_problem
from assay.errors import StoreError
from assay.store.durable import json_digest, to_json
from assay.text import parse_json

Status = Literal["finished", "diverged", "failed", "unfinished"]


def _moment(text: str) -> str:
    """See that there is such a day and hour."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("a day and an hour that there are") from None
    return text


UtcTime = Annotated[
    str,
    Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)$"),
    AfterValidator(_moment),
]
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
    `traceback` where a failed one raised. `numerics` is what else decides the last bits, beside the
    compute path and the versions: processor, instructions, libraries as they were built, data.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    status: Literal["finished", "diverged", "failed"]
    message: str = ""
    updates: int = Field(ge=0)
    seconds: float = Field(ge=0)
    started: UtcTime
    ended: UtcTime
    compute_path: dict[str, str | int]
    versions: dict[str, str]
    machine: dict[str, str | int]
    metrics: LogDigest
    notices: list[str] = []
    alarms: list[str] = []
    traceback: str = ""
    numerics: dict[str, str | int] = {}


def read_record(content: bytes, where: str) -> Record:
    """A record from the bytes of its file; `where` is the file, for the message.

    A file without a hash, as older versions and other programs write it, is as good as its fields.

    Raises:
        StoreError: if it is not what was written, or naming the field that is missing, unknown, or
            not what it should be.
    """
    try:
        found = parse_json(content)
        hashed = isinstance(found, dict) and "sha256" in found
        if hashed and found.pop("sha256") != json_digest(found):
            raise StoreError(f"{where} is damaged: its hash does not match")
    except ValueError:
        hashed = False
    try:
        # Of what is no JSON object, pydantic says why not.
        return Record.model_validate(found) if hashed else Record.model_validate_json(content)
    except ValidationError as error:
        problem = first_problem(error, Record)
        raise StoreError(f"{where} is damaged, or of a later version of assay: {problem}") from None


def write_record(record: Record) -> bytes:
    """The content of record.json: the record, and its hash."""
    fields = record.model_dump()
    return to_json({**fields, "sha256": json_digest(fields)})
