"""The settings of a command."""

import difflib
import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import shorten
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from assay.config import Scalar
from assay.kinds.command.pattern import Pattern
from assay.kinds.command.template import fill, placeholders, quoted, unused, words
from assay.kinds.own.config import OwnConfig
from assay.kinds.own.sizes import size

GIVEN = ("seed", "folder", "resume", "study", "data", "cores")
"""What a command line can name beside values: see `docs/how-to/own-script.md`."""

# What makes no other run: how long it may take, and how much memory.
_LIMITS = frozenset({"time_limit", "memory_limit", "grace"})
_LONGEST_LABEL = 80
_NOT_IN_LABEL = {"command", "values", "metrics", "pattern", "step"}


class CommandConfig(OwnConfig):
    """One run of a command line; settings of other names are values of the command's own."""

    not_identity: ClassVar[frozenset[str]] = OwnConfig.not_identity | _LIMITS

    kind: Literal["command"] = "command"
    command: str = Field(description="The command line, with {name} where a value belongs.")
    shell: bool = Field(default=False, description="Whether sh runs the line, pipes and all.")
    prefix: str = Field(default="", description="Words before the command, such as uv run.")
    python: str = Field(
        default="", description="What the word python runs at the beginning; assay's own if empty."
    )
    env: dict[str, str] = Field(default={}, description="Variables of its environment.")
    sources: list[str] = Field(
        default=[], description="Files that it depends on beside those named in the command."
    )
    cwd: Literal["study", "run"] = Field(
        default="study", description="Where it runs: in the folder of own files, or in its own."
    )
    metrics: str | None = Field(
        default=None, description="File of its numbers in its folder, or a pattern of paths."
    )
    step: str = Field(default="", description="What that file calls the step; found if empty.")
    pattern: list[str] = Field(
        default=[], description="What a line of its output looks like that tells numbers."
    )
    resumes: bool = Field(
        default=False, description="Whether it goes on, once stopped, from what it saved."
    )
    gpus: int = Field(default=0, ge=0, description="Devices that a run of it is given.")
    time_limit: float | None = Field(default=None, gt=0, description="Seconds that it may take.")
    memory_limit: str | None = Field(
        default=None, description="Memory of all its processes, such as 4 GB."
    )
    grace: float = Field(
        default=10.0, ge=0, le=600, description="Seconds from being asked to end to being ended."
    )

    @field_validator("pattern", mode="before", json_schema_input_type=str | list[str])
    @classmethod
    def _one_or_several(cls, pattern: Any) -> Any:
        return [pattern] if isinstance(pattern, str) else pattern

    @field_validator("pattern")
    @classmethod
    def _readable(cls, patterns: list[str]) -> list[str]:
        for each in patterns:
            Pattern(each)
        return patterns

    @field_validator("memory_limit")
    @classmethod
    def _size(cls, limit: str | None) -> str | None:
        if limit is not None:
            size(limit)
        return limit

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not words(self.command):
            raise ValueError(f"command = {self.command!r}: should be a command line")
        if self.metrics is None and not self.pattern:
            raise ValueError(
                "metrics or pattern is missing: say which file of its folder the command writes "
                "its numbers to, or what a line of its output looks like that tells them"
            )
        self._check_names()
        return self

    def _check_names(self) -> None:
        """See that each placeholder has a value, and each value a place."""
        allowed = [*self.values, *GIVEN]
        for text in self._texts:
            for name in placeholders(text):
                if name not in allowed or (name == "data" and self.data is None):
                    raise ValueError(
                        f"{{{name}}} in {text!r} has no value: there are {', '.join(allowed)}"
                    )
        for name in self.values:
            if name in GIVEN:
                raise ValueError(f"values.{name}: {{{name}}} is given by assay: rename the value")
        for name in unused(self.values, self._texts)[:1]:
            near = difflib.get_close_matches(name, type(self).model_fields, n=1)
            hint = f" (did you mean {near[0]}?)" if near else ""
            if name == "seeds":
                hint = " (how many seeds there are a profile says: [profiles.full])"
            raise ValueError(
                f"{name} is no setting of a command{hint}, and as a value of its own it has no "
                f"place: write {{{name}}} into the command"
            )

    @property
    def _texts(self) -> list[str]:
        """All texts in which values may stand."""
        return [self.command, self.prefix, *self.env.values(), *filter(None, [self.metrics])]

    @property
    def in_folder(self) -> bool:  # noqa: D102 - as in RunConfig
        return True

    def scripts(self, there: Callable[[str], bool]) -> list[str]:
        """The sources that it declares, and the files that are named in its command."""
        line = fill(self.command, quoted(self.values) if self.shell else self.values)
        return sorted({*self.sources, *(name for name in _paths(words(line)) if there(name))})

    @property
    def command_line(self) -> str:
        """With texts put in, which may be programs; a number or a truth value is no code."""
        texts = quoted({key: each for key, each in self.values.items() if isinstance(each, str)})
        environment = [
            f"{name}={shlex.quote(fill(value, texts))}" for name, value in self.env.items()
        ]
        before = [self.python and f"python={shlex.quote(self.python)}", fill(self.prefix, texts)]
        line = fill(self.command, texts)
        return " ".join(filter(None, [*environment, *before, f"sh: {line}" * self.shell or line]))

    @property
    def label(self) -> str:  # noqa: D102 - as in RunConfig
        line = " ".join(fill(self.command, {**self.values, "seed": self.seed}).split())
        told = "seed" in placeholders(self.command)
        whole = f"{line}{self.others(_NOT_IN_LABEL)}{'' if told else f' seed={self.seed}'}"
        if len(whole) <= _LONGEST_LABEL:
            return whole
        # By the beginning of its id it still differs from every other run.
        values = "".join(f" {name}={value}" for name, value in self.values.items())
        start = shorten(line, _LONGEST_LABEL // 3, placeholder=" …")
        return f"{start}{values} seed={self.seed} {self.run_id[:8]}"

    def filled(self, text: str, given: Mapping[str, Scalar]) -> str:
        """A text with its values, and those of `GIVEN`, put in."""
        return fill(text, {**self.values, **given})

    def arguments(self, given: Mapping[str, Scalar], python: str) -> list[str]:
        """The list of arguments that is run.

        Args:
            given: the values of `GIVEN`.
            python: what the word `python` at the beginning means, if no `prefix` and no shell
                decides that.
        """
        values = {**self.values, **given}
        own = {*self.source_sha256, *(f"./{each}" for each in self.source_sha256)}
        before = [fill(word, values) for word in words(self.prefix)]
        if self.shell:
            return [*before, "/bin/sh", "-c", fill(self.command, quoted(values))]
        line = [fill(word, values) for word in words(self.command)]
        if self.cwd == "run":
            line = [
                str(Path(self.folder, word).resolve()) if word in own else word for word in line
            ]
        if line[0] in ("python", "python3") and (self.python or not before):
            line[0] = self.python or python
        return [*before, *line]


def _paths(line: list[str]) -> list[str]:
    """What in a command line may be the path of a file: words, and what options are set to."""
    found = []
    for before, word in zip(["", *line], line, strict=False):
        found += [word, word.partition("=")[2]]
        if before == "-m":  # a module, as Python finds it
            path = word.replace(".", "/")
            found += [f"{path}.py", f"{path}/__main__.py", f"{path}/__init__.py"]
    return [path.removeprefix("./") for path in found if path]
