"""The wire format of protocol buffers, as far as numbers in event files need it.

https://protobuf.dev/programming-guides/encoding/
"""

from collections.abc import Iterator

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5

Field = tuple[int, int, int | bytes]
"""Number, wire type, and the value: an integer of a varint, else the bytes."""


def fields(message: bytes) -> Iterator[Field]:
    """The fields of a message, in order.

    Raises:
        ValueError: if it is none.
    """
    at, end = 0, len(message)
    while at < end:
        key, at = _varint(message, at)
        wire = key & 7
        value: int | bytes
        if wire == VARINT:
            value, at = _varint(message, at)
        else:
            if wire == BYTES:
                size, at = _varint(message, at)
            elif wire in (FIXED64, FIXED32):
                size = 8 if wire == FIXED64 else 4
            else:
                raise ValueError(f"wire type {wire}")
            value, at = message[at : at + size], at + size
            if at > end:
                raise ValueError("it ends within a field")
        yield key >> 3, wire, value


def signed(value: int | bytes) -> int:
    """A varint as an int64.

    Raises:
        ValueError: if it is none.
    """
    if isinstance(value, bytes):
        raise ValueError("bytes, and no varint")
    return value - (1 << 64) if value >= 1 << 63 else value


def varints(content: bytes) -> Iterator[int]:
    """Packed varints.

    Raises:
        ValueError: if they are none.
    """
    at = 0
    while at < len(content):
        value, at = _varint(content, at)
        yield value


def _varint(content: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(content) and shift < 70:
        byte = content[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value & 0xFFFFFFFFFFFFFFFF, at
    raise ValueError("a varint without an end")
