"""What lines of output look like that tell numbers: `epoch {step} | val acc {accuracy}`."""

import math
import re

STEP = "step"
_NAME = re.compile(r"\{([A-Za-z_][\w./-]*)\}")
_NUMBER = r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?(?i:nan|inf(?:inity)?)\b)"


class Pattern:
    """A line with names in braces, found anywhere in a line of output.

    Spaces stand for any number of them. The name `step` is that of the step, a whole number.

    Raises:
        ValueError: if it names no number, or one twice.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.names = _NAME.findall(text)
        if not [name for name in self.names if name != STEP]:
            raise ValueError(
                f"a line of output with names in braces for its numbers, such as "
                f"'epoch {{step}} accuracy {{accuracy}}': {text!r} names none"
            )
        if len(set(self.names)) < len(self.names):
            raise ValueError(f"{text!r} without a name that is there twice")
        literals = _NAME.split(text)[::2]
        if not all(literals[1:-1]):
            raise ValueError(f"{text!r} with something between two names")
        expression = _NUMBER.join(r"\s+".join(map(re.escape, _spaced(each))) for each in literals)
        begins = r"(?<![\w.])" if not literals[0] else ""
        self._expression = re.compile(begins + expression)
        self._fixed = max((part for each in literals for part in each.split()), key=len, default="")

    @property
    def has_step(self) -> bool:
        """Whether it tells the step."""
        return STEP in self.names

    def may_match(self, text: str) -> bool:
        """Whether a text of many lines may have one that matches: a quick look."""
        return self._fixed in text

    def find(self, line: str) -> dict[str, float | None] | None:
        """The numbers in a line, None for one that is not finite; None if it does not match."""
        found = self._expression.search(line)
        if found is None:
            return None
        return {
            name: value if math.isfinite(value := float(text)) else None
            for name, text in zip(self.names, found.groups(), strict=True)
        }


def _spaced(literal: str) -> list[str]:
    """A literal's parts between runs of spaces, an empty one where it begins or ends with one."""
    return re.split(r"\s+", literal)
