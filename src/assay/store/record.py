"""How a run ended, as record.json has it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Status = Literal["finished", "diverged", "failed", "unfinished"]


class Record(BaseModel):
    """How a run ended. Written last, so its presence says that the rest is complete.

    `seconds` is all training that is part of the run; `started` is when the attempt that ended it
    began, both times in UTC. `alarms` says what went wrong in a training that ran to its end,
    `traceback` where a failed one raised.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: Literal["finished", "diverged", "failed"]
    message: str = ""
    updates: int
    seconds: float
    started: str
    ended: str
    compute_path: dict[str, str | int]
    versions: dict[str, str]
    machine: dict[str, str | int]
    metrics: dict[str, str | int]
    notices: list[str] = []
    alarms: list[str] = []
    traceback: str = ""
