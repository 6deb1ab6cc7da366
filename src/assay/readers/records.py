"""The framing of TensorBoard's event files, TFRecord: lengths and checksums around records.

A record is its length (8 bytes, little endian), the masked CRC-32C of these, its content, and the
masked CRC-32C of that:
https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details
"""

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_HEADER = struct.Struct("<QI")
_FOOTER = struct.Struct("<I")
_MOST_BYTES = 1 << 31
"""A longer record is a damaged length, for protocol buffers have no more."""


def _table() -> list[int]:
    found = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        found.append(value)
    return found


_TABLE = _table()


def masked_crc(content: bytes) -> int:
    """The CRC-32C of some bytes, masked as these files have it."""
    crc = 0xFFFFFFFF
    for byte in content:
        crc = _TABLE[(crc ^ byte) & 0xFF] ^ crc >> 8
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


class Record(bytes):
    """The content of a record.

    Attributes:
        crc: what its checksum should be.
    """

    crc: int

    @property
    def whole(self) -> bool:
        """Whether it is what was written; takes about 0.1 s for a megabyte."""
        return masked_crc(self) == self.crc


class Records:
    """The records of a file that may still grow, each once it is whole.

    Attributes:
        broken: whether what comes next has no length that can be believed, and is not read.
        torn: bytes of a last record that is not all there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0
        self.broken, self.torn = False, 0

    def read(self) -> Iterator[Record]:
        """What has come since the last call; nothing of a file that is not there."""
        try:
            file = self._path.open("rb")
        except OSError:
            return
        with file:
            size = os.fstat(file.fileno()).st_size
            file.seek(self._offset)
            while (end := self._end(file, size)) is not None:
                record = Record(file.read(end - file.tell() - _FOOTER.size))
                footer = file.read(_FOOTER.size)
                if len(footer) < _FOOTER.size:  # it was cut since
                    return
                (record.crc,) = _FOOTER.unpack(footer)
                self._offset = end
                yield record
            self.torn = 0 if self.broken else size - self._offset

    def _end(self, file: BinaryIO, size: int) -> int | None:
        """Where the next record ends, its content being next in the file; None if none is whole."""
        header = file.read(_HEADER.size)
        self.broken = False
        if len(header) < _HEADER.size:
            return None
        length, crc = _HEADER.unpack(header)
        self.broken = masked_crc(header[:8]) != crc or length > _MOST_BYTES
        end: int = self._offset + _HEADER.size + length + _FOOTER.size
        return None if self.broken or end > size else end
