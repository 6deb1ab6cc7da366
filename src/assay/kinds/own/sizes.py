"""Amounts of memory and of output in words."""

import re

_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_FORM = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]?)(i?)b?", re.IGNORECASE)


def size(text: str) -> int:
    """Bytes from a text such as `4 GB`, `512MiB` or `1.5g`.

    Raises:
        ValueError: if it says no amount above 0.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None or not float(found[1]):
        raise ValueError("an amount of memory, such as 4 GB or 512 MiB")
    unit = _UNITS[found[2].lower()]
    binary = {10**3: 2**10, 10**6: 2**20, 10**9: 2**30, 10**12: 2**40}
    return int(float(found[1]) * (binary.get(unit, unit) if found[3] else unit))


def shown(count: int) -> str:
    """Bytes as `4.2 GB`."""
    for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if count >= unit:
            return f"{count / unit:.3g} {name}"
    return f"{count} bytes"
