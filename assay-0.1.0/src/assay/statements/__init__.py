"""Statements: what a part of a claim may say of its runs, by the name that `test = "…"` gives it.

A statement is one class that knows what a part which makes it has to say, how it is tested, and the
words for what it asks and for what was found. A new one is a class in a file of this room, and a
name in `STATEMENTS`.
"""

from assay.statements.base import Statement
from assay.statements.comparison import Equivalent, Faster, Greater, Smaller
from assay.statements.threshold import Above, Below
from assay.statements.trend import Diminishing, Falling, Rising

STATEMENTS: dict[str, Statement] = {
    "greater": Greater(),
    "smaller": Smaller(),
    "faster": Faster(),
    "equivalent": Equivalent(),
    "above": Above(),
    "below": Below(),
    "rising": Rising(),
    "falling": Falling(),
    "diminishing": Diminishing(),
}
"""Every statement, by its name in a study file."""

__all__ = ["STATEMENTS", "Statement"]
