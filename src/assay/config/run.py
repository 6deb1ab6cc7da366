"""The settings that every run has, whatever its kind: frozen, validated, hashed.

A run's identity is the SHA-256 of its configuration in canonical JSON, with fields at their default
left out and a schema version in. A field added later with a default therefore keeps every old
identity. This module imports no PyTorch, so that plans and listings are instant.
"""

import difflib
import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assay.errors import ConfigError

SCHEMA_VERSION = 1

NOWHERE = ""
"""The folder of a run in evidence, whose own files are nowhere at hand."""

Scalar = bool | int | float | str

_LONGEST = 200


class RunConfig(BaseModel):
    """The settings that every run has, whatever its kind.

    `folder` is where the own data and modules that the configuration names are looked up. Neither
    it nor the path of the data is part of the identity: their content is.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
    not_identity: ClassVar[frozenset[str]] = frozenset({"folder", "data"})
    plugin_fields: ClassVar[tuple[str, ...]] = ()

    kind: str
    seed: int = Field(default=0, ge=0, lt=2**63, description="Seed of every random stream.")
    folder: str = Field(default=".", description="Folder of own files and modules.")
    data: str | None = Field(default=None, description="Own data, a path below that folder.")
    data_sha256: str | None = Field(
        default=None, pattern="^[0-9a-f]{64}$", description="Hash of the own data; filled in."
    )
    source_sha256: dict[str, str] = Field(
        default={},
        description="Hash of each own module and of those beside it that it imports; filled in.",
    )

    def __init__(self, /, **fields: Any) -> None:
        """Validate the fields.

        Raises:
            ConfigError: naming the key, the value and what is allowed.
        """
        try:
            super().__init__(**fields)
        except ValidationError as error:
            raise ConfigError(first_problem(error, type(self))) from None

    @classmethod
    def parse(cls, values: Mapping[str, Any], where: str) -> Self:
        """Validate `values`; `where` (a file and table, or a command) goes into the message.

        Raises:
            ConfigError: naming the key, the value and what is allowed.
        """
        try:
            return cls(**values)
        except ConfigError as error:
            raise ConfigError(f"{where}: {error}") from None

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

    def identities(self) -> Callable[[int], str]:
        """The `run_id` of this configuration with any seed, by the seed; quick for many."""
        fields = self.model_copy(update={"seed": 1}).canonical()
        texts = {
            key: json.dumps({key: value}, sort_keys=True, separators=(",", ":"))[1:-1]
            for key, value in fields.items()
        }
        before = "".join(f"{texts[key]}," for key in sorted(fields) if key < "seed")
        after = "".join(f",{texts[key]}" for key in sorted(fields) if key > "seed")
        begun = hashlib.sha256(f'{{{before}"seed":'.encode())
        end = f"{after}}}".encode()

        def identity(seed: int) -> str:
            if seed == 0:  # the default, which is left out
                return self.model_copy(update={"seed": 0}).run_id
            found = begun.copy()
            found.update(b"%d" % seed + end)
            return found.hexdigest()[:16]

        return identity

    @property
    def plugins(self) -> list[str]:
        """The own modules that it names, each as `module:attribute`."""
        values = [getattr(self, field) for field in self.plugin_fields]
        return sorted(value for value in values if is_plugin(value))

    @property
    def in_folder(self) -> bool:
        """Whether it is run in its folder, which then matters though it may name nothing there."""
        return False

    @property
    def command_line(self) -> str:
        """The command line that a run starts, as far as its text decides it; empty if none."""
        return ""

    def scripts(self, there: Callable[[str], bool]) -> list[str]:
        """The own files that it names by their paths below its folder; `there` says which exist."""
        return []

    @property
    def label(self) -> str:
        """The run in a few words, for progress and listings; two different runs differ in it."""
        return f"{self.kind}{self.others(set())} seed={self.seed}"

    def others(self, said: set[str]) -> str:
        """What else makes the run what it is: the settings not at their default nor in `said`."""
        changed = self.canonical().items()
        unsaid = {"schema_version", "kind", "seed", *said}
        named = [text for key, value in changed if key not in unsaid for text in _told(key, value)]
        return "".join(f" {text}" for text in named)


def _told(key: str, value: Any) -> list[str]:
    """A setting as `key=value`; of a hash its beginning, of a table each of its entries."""
    if isinstance(value, Mapping):
        return [text for name, each in value.items() for text in _told(f"{key}.{name}", each)]
    if key.partition(".")[0].endswith("_sha256"):
        name = key.removeprefix("source_sha256.").replace("data_sha256", "data")
        return [f"{name}@{value[:8]}"]
    return [f"{key}={value}"]


def is_plugin(name: str) -> bool:
    """Whether `name` has the form `module:attribute` of a thing that the user brings."""
    module, colon, attribute = name.partition(":")
    return bool(colon) and all(
        part.isidentifier() for part in [*module.split("."), *attribute.split(".")]
    )


def built_in_or_plugin(key: str, value: str, built_in: tuple[str, ...]) -> None:
    """Refuse a value that is neither a built-in name nor an own `module:attribute`.

    Raises:
        ValueError: naming the key, the value and what is allowed.
    """
    if value not in built_in and not is_plugin(value):
        allowed = ", ".join(built_in)
        raise ValueError(f"{key} = {value!r}: allowed are {allowed}, or module:attribute")


def options_of_plugin(key: str, options: Mapping[str, Scalar], target: str) -> None:
    """Refuse options that no own module takes.

    Raises:
        ValueError: naming the key.
    """
    if options and not is_plugin(target):
        raise ValueError(f"{key} is for an own module:attribute; {target!r} takes none")


def first_problem(error: ValidationError, model: type[BaseModel]) -> str:
    """The first problem of a pydantic error as one clause: key, value, what is allowed."""
    problem = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        if len(problem["loc"]) > 1:
            return f"unknown key {key!r}"
        return unknown_key(key, model.model_fields)
    if problem["type"] == "missing":
        return f"{key} is missing"
    reason = problem["msg"].removeprefix("Value error, ")
    if not key:
        return reason
    if problem["type"] == "value_error":
        own = isinstance(problem["input"], dict)
        given = _shortened(problem["input"])
        return f"{key}: {reason}" if own else f"{key} = {given}: should be {reason}"
    _, should, what = reason.partition("should ")
    return f"{key} = {_shortened(problem['input'])}: {should}{what or reason}"


def _shortened(value: Any) -> str:
    """A value as a message has it, whatever was given."""
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def unknown_key(key: str, allowed: Collection[str]) -> str:
    """That a key is none of those allowed, as one clause."""
    near = difflib.get_close_matches(key, allowed, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"unknown key {key!r}: {hint}allowed are {', '.join(sorted(allowed))}"
