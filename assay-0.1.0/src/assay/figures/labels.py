"""Names of arms and settings, as figures and reports print them."""

from typing import cast

from assay.config import MemoryConfig, Scalar
from assay.study import Arm

_CELLS = {
    "rnn": "RNN",
    "lstm": "LSTM",
    "gru": "GRU",
    "mingru": "minGRU",
    "lru": "LRU",
    "mlstm": "mLSTM",
}


def cell_name(cell: str) -> str:
    """A cell as papers write it."""
    return _CELLS.get(cell, cell)


def setting(key: str, value: Scalar | None) -> str:
    """A setting's value: learning rates as 1e-3, counts with separators."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if key == "learning_rate":
        return scientific(float(value))
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:g}" if isinstance(value, float) else str(value)


def scientific(value: float) -> str:
    """1e-3, 2.5e-4: no leading zeros in the exponent."""
    mantissa, exponent = f"{value:.6e}".split("e")
    digits = mantissa.rstrip("0").rstrip(".")
    return f"{digits}e{int(exponent)}"


def number(value: float) -> str:
    """Three significant digits, zeros among them: 0.500, 12.0, 98,700, 1.2e-6."""
    rounded = float(f"{value:.2e}")
    if 1e3 <= abs(rounded) < 1e9:
        text = f"{rounded:,.0f}"
    else:
        text = f"{rounded:#.3g}".rstrip(".")
        text = scientific(rounded) if "e" in text else text
    return text.replace("-", "−", 1) if rounded < 0 else text


def arm_label(arm: Arm) -> str:
    """Its experiment's title, and where on the grid it is."""
    point = ", ".join(f"{axis} = {setting(axis, value)}" for axis, value in arm.point.items())
    return f"{arm.title} · {point}" if point else arm.title


def horizon_label(arm: Arm) -> str:
    """The arm's title and its point without the length, words without their axis."""
    parts = [
        value if isinstance(value, str) else f"{axis} = {setting(axis, value)}"
        for axis, value in arm.point.items()
        if axis != "length"
    ]
    return ", ".join([arm.title, *parts])


def settings(arm: Arm) -> MemoryConfig:
    """The settings of an arm in a figure that recurrent networks alone have."""
    return cast(MemoryConfig, arm.config)
