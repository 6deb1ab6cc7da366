"""The native kernel: whether it is there, and what it can do on this processor.

`native/` at the root of the repository holds its source, which installing assay compiles where
there is a C++ compiler. Where it is absent, `why_not` says so and models take their other paths.
`native_lstm` and `native_linear` call it.
"""

import ctypes
import hashlib
import threading
from functools import cache
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor

Form = Literal["standard", "as_reported"]
Precision = Literal["float32", "bfloat16"]
Activation = Literal["identity", "leaky_relu", "tanh"]

# The numbers of these are those of the headers in native/.
LEVELS = ("portable", "avx2", "avx512", "avx512_bf16")
FORMS = ("standard", "as_reported")
PRECISIONS = ("float32", "bfloat16")
_PATH = Path(__file__).with_name("libnative.so")
ACTIVATIONS = ("identity", "leaky_relu", "tanh")

_SIZES = (
    "assay_has_level",
    "assay_tape_floats",
    "assay_workspace_bytes",
    "assay_linear_workspace_bytes",
)
_CALLS = (
    "assay_lstm_forward",
    "assay_lstm_backward",
    "assay_linear_forward",
    "assay_linear_backward",
)


def fields(*, integers: str, doubles: str = "", pointers: str) -> list[tuple[str, type]]:
    """The fields of a structure of the kernel's interface, in this order, from their names."""
    kinds = {ctypes.c_int64: integers, ctypes.c_double: doubles, ctypes.c_void_p: pointers}
    return [(name, kind) for kind, names in kinds.items() for name in names.split()]


def address(tensor: Tensor | None) -> int | None:
    """Where a tensor's numbers are, for a structure's field."""
    return None if tensor is None else tensor.data_ptr()


def workspace(size: int) -> int:
    """The address of this thread's own memory of at least `size` bytes; kept for its next call."""
    if getattr(_own, "workspace", None) is None or _own.workspace.numel() < size:
        _own.workspace = torch.empty(size, dtype=torch.uint8)
    found: int = _own.workspace.data_ptr()
    return found


_own = threading.local()


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


def level_number(level: str | None = None) -> int:
    """The number by which the kernel knows a SIMD level; of the best one if none is given.

    Raises:
        RuntimeError: if the kernel is not there.
        ValueError: if this processor does not have it.
    """
    found = _levels(library())
    if level is None:
        return LEVELS.index(found[-1])
    if level not in found:
        raise ValueError(f"level = {level!r}: this processor has {', '.join(found)}")
    return LEVELS.index(level)


def kernel(precision: Precision = "float32") -> str:
    """The name of this path in a run's record."""
    return f"assay.native.{simd()}" + (".bf16" if precision == "bfloat16" else "")


def fma_peak(precision: Precision = "float32") -> float:
    """GFLOP/s of one core in multiply-adds of registers, the limit of the kernel.

    Raises:
        RuntimeError: if the kernel is not there.
    """
    return float(library().assay_fma_peak(level_number(), PRECISIONS.index(precision)))


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
def build() -> str:
    """A hash of the kernel as it was compiled here; empty without it."""
    return hashlib.sha256(_PATH.read_bytes()).hexdigest()[:16] if available() else ""


@cache
def _levels(found: ctypes.CDLL) -> tuple[str, ...]:
    return tuple(name for index, name in enumerate(LEVELS) if found.assay_has_level(index))


@cache
def _library() -> ctypes.CDLL | str:
    """The library, or why it cannot be had."""
    if not _PATH.exists():
        return "it was not built: install a C++ compiler (g++ or clang++), then assay again"
    try:
        found = ctypes.CDLL(str(_PATH))
        for name in _SIZES:
            getattr(found, name).restype = ctypes.c_int64
        for name in _CALLS:
            getattr(found, name).restype = None
        found.assay_has_level.argtypes = [ctypes.c_int64]
        found.assay_fma_peak.argtypes = [ctypes.c_int64, ctypes.c_int64]
        found.assay_fma_peak.restype = ctypes.c_double
    except (OSError, AttributeError) as error:
        return f"{_PATH.name} cannot be loaded: {error}"
    return found
