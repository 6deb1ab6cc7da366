"""Every setting of a run: frozen, validated, hashed.

A run's identity is the SHA-256 of its configuration in canonical JSON, with fields at their default
left out and a schema version in. A field added later with a default therefore keeps every old
identity. This module imports no PyTorch, so that plans and listings are instant.
"""

import difflib
import hashlib
import json
from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assay.errors import ConfigError

SCHEMA_VERSION = 1

Scalar = bool | int | float | str

BUILT_IN_TASKS = ("palindrome", "copy", "adding", "file")
BUILT_IN_CELLS = ("rnn", "lstm", "gru")


class RunConfig(BaseModel):
    """The settings that every run has, whatever it trains.

    `folder` is where own files and modules named by the configuration are looked up. It is not part
    of the identity: the content of those files is.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    not_identity: ClassVar[frozenset[str]] = frozenset({"folder"})

    kind: str
    seed: int = Field(default=0, ge=0, lt=2**63, description="Seed of every random stream.")
    batch_size: int = Field(default=128, ge=1, description="Examples per update.")
    learning_rate: float = Field(default=1e-3, gt=0, description="Step size of the optimizer.")
    epochs: int = Field(default=100, ge=1, description="Passes over the training data.")
    updates: int | None = Field(
        default=None, ge=1, description="Updates to train for, in place of a number of epochs."
    )
    folder: str = Field(default=".", description="Folder of own files and modules.")

    @classmethod
    def parse(cls, values: Mapping[str, Any], where: str) -> Self:
        """Validate `values`; `where` (a file and table, or a command) goes into the message.

        Raises:
            ConfigError: naming the key, the value and what is allowed.
        """
        try:
            return cls.model_validate(dict(values), strict=True)
        except ValidationError as error:
            raise ConfigError(f"{where}: {first_problem(error, cls)}") from None

    def replace(self, where: str = "configuration", **changes: Any) -> Self:
        """A validated copy with some fields changed."""
        return self.parse({**self.model_dump(), **changes}, where)

    def canonical(self) -> dict[str, Any]:
        """The fields that make the identity: those not at their default, and the kind."""
        fields = self.model_dump(exclude_defaults=True, exclude=set(self.not_identity))
        return {"schema_version": SCHEMA_VERSION, "kind": self.kind, **fields}

    @property
    def run_id(self) -> str:
        """First 16 hex digits of the SHA-256 of the canonical JSON."""
        text = json.dumps(self.canonical(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def label(self) -> str:
        """The run in a few words, for progress and listings."""
        raise NotImplementedError


class MemoryConfig(RunConfig):
    """One training of a recurrent network on a sequence task.

    The defaults are those of the report (section 2.2) where it names them.
    """

    not_identity: ClassVar[frozenset[str]] = frozenset({"folder", "data"})

    kind: Literal["memory"] = "memory"

    task: str = Field(
        default="palindrome",
        description="palindrome, copy, adding, file, or an own generator as module:attribute.",
    )
    length: int = Field(
        default=5, ge=2, le=100_000, description="Length T of the whole string, its label included."
    )
    encoding: Literal["scalar", "one_hot"] = Field(
        default="scalar", description="How a symbol enters the network."
    )
    data_size: int = Field(
        default=100_000, ge=10, le=10_000_000, description="Sequences, training and validation."
    )
    train_fraction: float = Field(
        default=0.8, gt=0, lt=1, description="Share of the sequences that trains."
    )
    data: str | None = Field(
        default=None, description="Parquet, CSV or NPZ file of the task 'file'."
    )
    data_sha256: str | None = Field(
        default=None, pattern="^[0-9a-f]{64}$", description="Hash of that file; filled in."
    )
    task_options: dict[str, Scalar] = Field(
        default={}, description="Keyword arguments of an own generator."
    )

    cell: str = Field(
        default="lstm", description="rnn, lstm, gru, or an own cell as module:attribute."
    )
    lstm_form: Literal["standard", "as_reported"] = Field(
        default="standard",
        description="Equation 6: h = o * tanh(c), or tanh(c * o) as the report prints it.",
    )
    hidden_size: int = Field(default=128, ge=1, le=16_384, description="Hidden units H.")
    initialisation: Literal["linear", "pytorch", "orthogonal", "chrono"] = Field(
        default="linear", description="How the weights of a built-in cell are drawn."
    )
    cell_options: dict[str, Scalar] = Field(
        default={}, description="Keyword arguments of an own cell."
    )

    loss: Literal["logits", "double_softmax"] = Field(
        default="logits",
        description="Cross-entropy of logits, or of softmax outputs (softmax applied twice).",
    )
    optimizer: Literal["rmsprop", "adam"] = Field(default="rmsprop", description="Update rule.")
    max_norm: float = Field(default=10.0, gt=0, description="Gradient norm is clipped at this.")

    source_sha256: dict[str, str] = Field(
        default={}, description="Hash of each own module's file; filled in."
    )

    @model_validator(mode="after")
    def _combination(self) -> Self:
        for key, value, built_in in (
            ("task", self.task, BUILT_IN_TASKS),
            ("cell", self.cell, BUILT_IN_CELLS),
        ):
            if value not in built_in and not is_plugin(value):
                allowed = ", ".join(built_in)
                raise ValueError(f"{key} = {value!r}: allowed are {allowed}, or module:attribute")
        if self.lstm_form != "standard" and self.cell != "lstm":
            raise ValueError(
                f"lstm_form = {self.lstm_form!r} is a form of the lstm, but cell = {self.cell!r}"
            )
        if self.initialisation != "linear" and is_plugin(self.cell):
            raise ValueError(
                f"initialisation = {self.initialisation!r} is for built-in cells; "
                f"{self.cell} draws its own weights"
            )
        if self.initialisation == "chrono" and self.cell == "rnn":
            raise ValueError(
                "initialisation = 'chrono' sets gate biases, and cell = 'rnn' has none"
            )
        if (self.data is not None or self.data_sha256 is not None) != (self.task == "file"):
            raise ValueError("data names the file of task = 'file': give both or neither")
        if self.task == "file" and self.length != type(self).model_fields["length"].default:
            raise ValueError("length comes from the data file: leave it out with task = 'file'")
        if self.task == "copy" and self.length < 3:
            raise ValueError(f"length = {self.length}: the copy task needs at least 3")
        if self.task == "adding" and self.loss != "logits":
            raise ValueError("loss = 'double_softmax' is for classification; adding is regression")
        if self.task == "adding" and self.encoding != "scalar":
            raise ValueError("encoding = 'one_hot' is for symbols; adding has continuous inputs")
        for key, options, target in (
            ("task_options", self.task_options, self.task),
            ("cell_options", self.cell_options, self.cell),
        ):
            if options and not is_plugin(target):
                raise ValueError(f"{key} is for an own module:attribute; {target!r} takes none")
        return self

    @property
    def label(self) -> str:  # noqa: D102 - as in RunConfig
        form = " (as reported)" if self.lstm_form == "as_reported" else ""
        what = "" if self.task == "palindrome" else f"{self.data or self.task} "
        size = "" if self.task == "file" else f"T={self.length} "
        return f"{self.cell}{form} {what}{size}lr={self.learning_rate:g} seed={self.seed}"


def is_plugin(name: str) -> bool:
    """Whether `name` has the form `module:attribute` of a thing that the user brings."""
    module, colon, attribute = name.partition(":")
    return bool(colon) and all(
        part.isidentifier() for part in [*module.split("."), *attribute.split(".")]
    )


def load_config(values: Mapping[str, Any], where: str) -> RunConfig:
    """The configuration of any kind from its stored fields.

    Raises:
        ConfigError: for an unknown kind or invalid fields.
    """
    kind = values.get("kind")
    if kind != "memory":
        raise ConfigError(f"{where}: kind = {kind!r}: allowed is 'memory'")
    return MemoryConfig.parse(values, where)


def first_problem(error: ValidationError, model: type[BaseModel], *, as_text: bool = False) -> str:
    """The first problem of a pydantic error as one clause: key, value, what is allowed.

    `as_text` shows the value as it was typed, without quotes.
    """
    problem = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        if len(problem["loc"]) > 1:
            return f"unknown key {key!r}"
        near = difflib.get_close_matches(key, model.model_fields, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        return f"unknown key {key!r}: {hint}allowed are {', '.join(sorted(model.model_fields))}"
    if problem["type"] == "missing":
        return f"{key} is missing"
    reason = problem["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    value = problem["input"] if as_text else repr(problem["input"])
    return f"{key} = {value}: should be {reason}" if key else reason
