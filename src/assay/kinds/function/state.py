"""What a function saves, as bytes, and back: plain values and arrays, and never a pickle.

A pickle runs code when it is read, and a store may come from somebody else. So a state is written
as what it is: its structure as JSON, and the bytes of its arrays beside it. Reading it makes
numbers, texts, lists and arrays, and calls nothing.
"""

import math
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from assay.errors import TrainingError

_ALLOWED = (
    "numbers, texts, bytes, lists, tuples, dictionaries, NumPy and JAX arrays and PyTorch tensors"
)
# Of a structure that was made up, sizes and names of types may be anything.
_UNREADABLE = (
    SafetensorError,
    LookupError,
    TypeError,
    AttributeError,
    RuntimeError,
    OverflowError,
    MemoryError,
)
_PLAIN = (bool, int, str, type(None))


def encode(**parts: Any) -> tuple[bytes, dict[str, Any]]:
    """The arrays of some states, as safetensors, and their structures, as JSON allows it.

    Raises:
        TrainingError: naming what of them cannot be saved.
    """
    writer = _Writer()
    try:
        structures = {name: writer.write(part, name) for name, part in parts.items()}
    except RecursionError:
        raise TrainingError("run.save: the state holds itself") from None
    return save(writer.blobs), structures


def decode(content: bytes, structures: Mapping[str, Any]) -> dict[str, Any]:
    """The states that `encode` was given; arrays are copies of their own.

    Raises:
        ValueError: if they are none.
    """
    try:
        blobs = {name: found.tobytes() for name, found in load(content).items()}
        return {name: _read(part, blobs) for name, part in structures.items()}
    except _UNREADABLE as error:
        raise ValueError(str(error)) from None


class _Writer:
    """Gathers the bytes of arrays while a structure is made."""

    def __init__(self) -> None:
        self.blobs: dict[str, NDArray[np.uint8]] = {}

    def write(self, value: Any, where: str) -> Any:
        """A value as JSON; `where` it is goes into the message about one that cannot be saved."""
        if type(value) in _PLAIN:
            return value
        if type(value) is float:
            return value if math.isfinite(value) else {"float": str(value)}
        if type(value) is bytes:
            return {"bytes": self._blob(value)}
        if type(value) in (list, tuple):
            parts = [self.write(each, f"{where}[{at}]") for at, each in enumerate(value)]
            return parts if type(value) is list else {"tuple": parts}
        if isinstance(value, dict):
            return {
                "dict": [
                    [self.write(key, f"a key of {where}"), self.write(each, f"{where}[{key!r}]")]
                    for key, each in value.items()
                ]
            }
        found = self._array(value)
        if found is None:
            raise TrainingError(
                f"run.save: {where} is a {type(value).__name__}, and what can be saved are "
                f"{_ALLOWED}: save what it is made of"
            )
        return found

    def _array(self, value: Any) -> dict[str, Any] | None:
        torch, jax = sys.modules.get("torch"), sys.modules.get("jax")
        if torch is not None and isinstance(value, torch.Tensor):
            flat = value.detach().cpu().contiguous().reshape(-1).view(torch.uint8)
            name = str(value.dtype).removeprefix("torch.")
            return self._described("torch", flat.numpy().tobytes(), name, value.shape)
        if jax is not None and isinstance(value, jax.Array):
            if jax.dtypes.issubdtype(value.dtype, jax.dtypes.extended):
                return None  # a key that is no array: jax.random.key_data makes it one
            return self._described(
                "jax", np.asarray(value).tobytes(), value.dtype.name, value.shape
            )
        if type(value) is not np.ndarray and not isinstance(value, np.generic):
            return None
        if value.dtype.hasobject or np.dtype(value.dtype.str) != value.dtype:
            return None
        order: Any = "F" if value.flags.f_contiguous and not value.flags.c_contiguous else "C"
        kind = "numpy" if isinstance(value, np.ndarray) else "number"
        found = self._described(kind, value.tobytes(order), value.dtype.str, value.shape)
        return found | {"order": order}

    def _described(
        self, kind: str, content: bytes, dtype: str, shape: tuple[int, ...]
    ) -> dict[str, Any]:
        return {kind: self._blob(content), "dtype": dtype, "shape": list(shape)}

    def _blob(self, content: bytes) -> str:
        name = str(len(self.blobs))
        self.blobs[name] = np.frombuffer(content, np.uint8)
        return name


def _read(value: Any, blobs: Mapping[str, bytes]) -> Any:
    if type(value) in _PLAIN or type(value) is float:
        return value
    if type(value) is list:
        return [_read(each, blobs) for each in value]
    match value:
        case {"float": str(text)}:
            return float(text)
        case {"bytes": str(name)}:
            return blobs[name]
        case {"tuple": list(found)}:
            return tuple(_read(each, blobs) for each in found)
        case {"dict": list(found)}:
            return {_read(key, blobs): _read(each, blobs) for key, each in found}
        case {"torch": str(name), "dtype": str(dtype), "shape": list(shape)}:
            return _tensor(blobs[name], dtype, shape)
        case {"jax": str(name), "dtype": str(dtype), "shape": list(shape)}:
            jnp = import_module("jax.numpy")
            return jnp.asarray(np.frombuffer(blobs[name], jnp.dtype(dtype)).reshape(shape))
        case {"numpy": str(name), "dtype": str(dtype), "shape": list(shape), "order": order}:
            return np.frombuffer(blobs[name], dtype).reshape(shape, order=order).copy(order)
        case {"number": str(name), "dtype": str(dtype)}:
            return np.frombuffer(blobs[name], dtype)[0]
    raise ValueError(f"{value!r:.60} is nothing that is saved")


def _tensor(content: bytes, dtype: str, shape: list[int]) -> Any:
    torch = import_module("torch")
    kind = getattr(torch, dtype)
    if not isinstance(kind, torch.dtype):
        raise ValueError(f"{dtype} is no type of a tensor")
    if not content:  # of which a shape may still claim gigabytes
        return torch.zeros(0, dtype=kind).reshape(shape)
    return torch.frombuffer(bytearray(content), dtype=torch.uint8).view(kind).reshape(shape)
