"""The native kernel of the LSTM: whether it is there, and what it can do on this processor.

`native/` at the root of the repository holds its source, which installing assay compiles where
there is a C++ compiler. Where it is absent, `why_not` says so and the cell takes its other paths.
`native_lstm` calls it.
"""

import ctypes
from functools import cache
from pathlib import Path
from typing import Literal

Form = Literal["standard", "as_reported"]
Precision = Literal["float32", "bfloat16"]

# The numbers of these are those of native/lstm.h.
LEVELS = ("portable", "avx2", "avx512", "avx512_bf16")
FORMS = ("standard", "as_reported")
PRECISIONS = ("float32", "bfloat16")

_INTEGERS = ("T", "N", "D", "H", "first", "last", "form", "precision", "level")
_INPUTS = ("x", "h0", "c0", "W_x", "W_h", "b", "h", "last_c", "tape", "workspace")
_GRADIENTS = ("dh", "last_dh", "last_dc", "dx", "dh0", "dc0", "dW_x", "dW_h", "db")


class Call(ctypes.Structure):
    """AssayLstm of native/lstm.h."""

    _fields_ = [(name, ctypes.c_int64) for name in _INTEGERS] + [
        (name, ctypes.c_void_p) for name in _INPUTS + _GRADIENTS
    ]


def available() -> bool:
    """Whether the kernel is there."""
    return isinstance(_library(), ctypes.CDLL)


def why_not() -> str | None:
    """Why the kernel is not there, in one clause; None if it is."""
    found = _library()
    return found if isinstance(found, str) else None


def levels() -> tuple[str, ...]:
    """The SIMD levels that this processor has, the best one last; none without the kernel."""
    found = _library()
    return () if isinstance(found, str) else _levels(found)


def simd() -> str | None:
    """The SIMD level that the kernel takes: the best that this processor has."""
    return levels()[-1] if available() else None


def kernel(precision: Precision = "float32") -> str:
    """The name of this path in a run's record."""
    return f"assay.native.{simd()}" + (".bf16" if precision == "bfloat16" else "")


def fma_peak(precision: Precision = "float32") -> float:
    """GFLOP/s of one core in multiply-adds of registers, the limit of the kernel.

    Raises:
        RuntimeError: if the kernel is not there.
    """
    found = library()
    level = LEVELS.index(levels()[-1])
    return float(found.assay_fma_peak(level, PRECISIONS.index(precision)))


def library() -> ctypes.CDLL:
    """The loaded kernel.

    Raises:
        RuntimeError: if it is not there.
    """
    found = _library()
    if isinstance(found, str):
        raise RuntimeError(f"the native kernel is not there: {found}")
    return found


@cache
def _levels(found: ctypes.CDLL) -> tuple[str, ...]:
    return tuple(name for index, name in enumerate(LEVELS) if found.assay_has_level(index))


@cache
def _library() -> ctypes.CDLL | str:
    """The library, or why it cannot be had."""
    path = Path(__file__).with_name("liblstm.so")
    if not path.exists():
        return "it was not built: install a C++ compiler (g++ or clang++), then assay again"
    try:
        found = ctypes.CDLL(str(path))
        for name in ("assay_has_level", "assay_tape_floats", "assay_workspace_bytes"):
            getattr(found, name).restype = ctypes.c_int64
        for name in ("assay_lstm_forward", "assay_lstm_backward"):
            getattr(found, name).restype = None
        found.assay_has_level.argtypes = [ctypes.c_int64]
        found.assay_fma_peak.argtypes = [ctypes.c_int64, ctypes.c_int64]
        found.assay_fma_peak.restype = ctypes.c_double
    except (OSError, AttributeError) as error:
        return f"{path.name} cannot be loaded: {error}"
    return found
