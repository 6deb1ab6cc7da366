"""What is asked of a table of results."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import ValidationError

from assay.config import first_problem
from assay.errors import ConfigError
from assay.outcomes.reading import FORMS, At
from assay.statements import STATEMENTS
from assay.study.file import Kind, Part

Choice = Mapping[str, str]
"""Columns and the value that a row has in each, as text."""


SHARES = "share"
"""The unit of a metric from 0 to 1."""


@dataclass(frozen=True)
class Question:
    """A claim about two arms of a table, or about one and a threshold.

    Attributes:
        metric: the column that is compared.
        of: which rows are the arm that the claim is about.
        against: which are the other arm; None with a threshold.
        test: the statement, as a part of a study's claim has it; a name of `STATEMENTS`.
        margin: the smallest difference that counts, in the unit of the metric; of `faster` a ratio.
        threshold: of `above` and `below`.
        solved: the value from which a run is solved; then shares of solved runs are compared.
        limit: the value that no run can be better than.
        kind: what is asked of the runs; None: `solved` where that is given, and else most of them.
        at: how a run with several rows is read, such as `last`, `best` or `first time above 0.9`.
        seed: the column of seeds; None: found by its name.
        step: the column of steps; None: found by its name.
        by: columns each of whose values is judged on its own.
        most: the share of runs that has to be exceeded.
        alpha: the mean share of verdicts that may be false.
        unit: the unit of the metric, for words; that of `SHARES` is told in per cent.
    """

    metric: str
    of: Choice
    against: Choice | None = None
    test: str = "greater"
    margin: float = 0.0
    threshold: float | None = None
    solved: float | None = None
    limit: float | None = None
    kind: Kind | None = None
    at: str = "last"
    seed: str | None = None
    step: str | None = None
    by: tuple[str, ...] = ()
    most: float = 0.5
    alpha: float = 0.05
    unit: str = ""
    reading: At = field(init=False)

    def __post_init__(self) -> None:
        """See that it can be asked.

        Raises:
            ConfigError: naming the flag, its value and what is allowed.
        """
        try:
            object.__setattr__(self, "reading", At.of(self.at))
        except ValueError:
            raise ConfigError(f"at = {self.at!r}: should be {_forms()}") from None
        for name, share in (("most", self.most), ("alpha", self.alpha)):
            if not 0 < share < 1:
                raise ConfigError(f"{name} = {share:g}: should be between 0 and 1")
        if self.reading.is_time != STATEMENTS[self.test].of_times if self.test in STATEMENTS else 0:
            raise ConfigError(
                f"at = {self.at!r} and test = {self.test!r}: a first time goes with 'faster', and "
                "other readings with other tests"
            )
        self.part()

    def part(self) -> Part:
        """The statement that is put on trial.

        Raises:
            ConfigError: if it does not say what its test needs.
        """
        arm = {"experiment": "of"}
        ordered = STATEMENTS[self.test].arms is not None if self.test in STATEMENTS else False
        if ordered:
            raise ConfigError(
                f"test = {self.test!r} is about several arms in order: write a study for it"
            )
        margin = self.margin
        if self.test == "faster" and margin == 0:
            margin = 1.0
        table = {
            "sentence": self.sentence,
            "metric": self.metric,
            "kind": self.kind or ("majority" if self.solved is None else "solved"),
            "test": self.test,
            "of": arm,
            "against": None if self.against is None else {"experiment": "against"},
            "threshold": self.threshold,
            "solved": self.solved,
            "limit": self.limit,
            "margin": margin,
            "unit": self.unit,
        }
        try:
            return Part.model_validate(table)
        except ValidationError as error:
            raise ConfigError(first_problem(error, Part)) from None

    @property
    def arms(self) -> list[tuple[str, Choice]]:
        """The arms by their name, that which the claim is about first."""
        chosen = [self.of] if self.against is None else [self.of, self.against]
        return [(named(choice), choice) for choice in chosen]

    @property
    def sentence(self) -> str:
        """The claim in words."""
        what, of = self.metric, named(self.of)
        if self.threshold is not None:
            return f"The {what} of {of} is {self.test} {self.threshold:g}."
        other = named(self.against or {})
        if self.test == "faster":
            return f"{of} gets to {self.at.removeprefix('first time ')} sooner than {other}."
        if self.test == "equivalent":
            return f"The {what} of {of} and of {other} are the same."
        return f"The {what} of {of} is {self.test} than that of {other}."


def named(choice: Choice) -> str:
    """An arm by what makes it one."""
    return ", ".join(f"{column}={value}" for column, value in choice.items()) or "all rows"


def chosen(texts: Mapping[str, str] | list[str] | None, flag: str) -> dict[str, str]:
    """Which rows are an arm, from texts such as `model=lstm`.

    Raises:
        ConfigError: if one has no `=`.
    """
    if texts is None or isinstance(texts, Mapping):
        return dict(texts or {})
    found: dict[str, str] = {}
    for text in texts:
        column, equals, value = text.partition("=")
        if not equals or not column.strip():
            raise ConfigError(f"{flag} {text}: should be COLUMN=VALUE, such as model=lstm")
        name, wanted = column.strip(), value.strip()
        if found.setdefault(name, wanted) != wanted:
            raise ConfigError(
                f"{flag} {text}: no row has {name}={found[name]} as well: several columns choose "
                "rows that have each of their values"
            )
    return found


def _forms() -> str:
    return FORMS.replace("{ update = N }", "update N")
