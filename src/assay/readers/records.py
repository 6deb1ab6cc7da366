"""The framing of TensorBoard's event files, TFRecord: lengths and checksums around records.

A record is its length (8 bytes, little endian), the masked CRC-32C of these, its content, and the
masked CRC-32C of that:
https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details
"""

import struct
from collections.abc import Iterator
from pathlib import Path

_HEADER = struct.Struct("<QI")
_FOOTER = struct.Struct("<I")
_CHUNK = 1 << 20
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
        broken: whether what comes next has no length that can be believed: nothing more is read.
        torn: bytes of a last record that is not all there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0
        self._rest = b""
        self.broken = False

    @property
    def torn(self) -> int:
        """Bytes of a last record that is not all there."""
        return len(self._rest)

    def read(self) -> Iterator[Record]:
        """What has come since the last call; nothing of a file that is not there."""
        try:
            file = self._path.open("rb")
        except OSError:
            return
        with file:
            file.seek(self._offset)
            while not self.broken and (content := file.read(_CHUNK)):
                self._offset += len(content)
                self._rest += content
                yield from self._whole()

    def _whole(self) -> Iterator[Record]:
        at, content = 0, self._rest
        while len(content) - at >= _HEADER.size:
            length, crc = _HEADER.unpack_from(content, at)
            if masked_crc(content[at : at + 8]) != crc or length > _MOST_BYTES:
                self.broken = True
                break
            end = at + _HEADER.size + length
            if len(content) < end + _FOOTER.size:
                break
            record = Record(content[at + _HEADER.size : end])
            (record.crc,) = _FOOTER.unpack_from(content, end)
            yield record
            at = end + _FOOTER.size
        self._rest = content[at:]
