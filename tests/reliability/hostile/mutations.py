"""Valid files changed into invalid ones: bits, lengths, numbers, names, nesting, two in one."""

import io
import json
import random
import re
import struct
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

Files = Mapping[str, bytes]
"""The contents of a folder, by their paths in it."""

CANARY = "canary"
"""What a file that nothing names holds, beside the folder of a trial."""

TEXTS = (
    "", "\0", "\x1b[2J\x1b]0;x\x07", "\u202e", "\u2028", "\ufeff", "a" * 10_000, "<script>", "|",
    "../" + CANARY, "../../" + CANARY, "/etc/hostname", "C:\\x", "a\nb", "a\rb", "`", "%s%n", "{x}",
    "nan", "inf", "-inf", "1e999", "0x10", "9" * 30, "9" * 400, "9" * 5000, "1_000", "٣", "true",
    "null", "$(id)", "; id", "[x](javascript:1)", "é", "雪", "🎲",
)  # fmt: skip
NUMBERS = (
    "0", "-0", "-1", "1", "255", "256", "32767", "65536", "2147483647", "2147483648", "4294967296",
    "9223372036854775807", "9223372036854775808", "-9223372036854775809", "1e308", "1e309",
    "1e-400", "-1e309", "0.1", "NaN", "Infinity", "nan", "inf", "9" * 30, "9" * 400, "9" * 5000,
    "1e", ".", "",
)  # fmt: skip
NESTED = ("[" * 20_000, '{"a":' * 5_000, "[[[[[[", "(" * 500, "a." * 3_000 + "b=1\n", "{" * 3_000)
RAW = (b"\xff", b"\xed\xa0\x80", b"\xff\xfe", b"\xfe\xff\0a", b"\xc0\xaf", bytes(64), b"\x80" * 12)
LINES = ("- &a [*a,*a]\n", "a: &a {b: *a}\n", "!!python/object/apply:os.system ['id']\n",
         "<<: *a\n", "\r", "\r\n", "\n\n\n", "#\n", '"', "'''", ",,,,\n", "\t;\n")  # fmt: skip
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_EXTREME = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 2**63 - 1,
            2**63, 2**64 - 1)  # fmt: skip
_LEAVES: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 10**9, 10**30, 10**400, 1e308, "", "\0", "x" * 3000, "\ud800", "1", [],
    {}, [[]], [None], {"": {}}, [0] * 200, "../" + CANARY, float("nan"), float("inf"),
    -float("inf"),
)  # fmt: skip


def changed(content: bytes, other: bytes, rng: random.Random) -> bytes:
    """A content with one to four changes, most often one."""
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        content = rng.choice(_CHANGES)(content, other, rng)
    return content


def _flipped(content: bytes, other: bytes, rng: random.Random) -> bytes:
    found = bytearray(content or b"\0")
    for _ in range(rng.choice((1, 1, 8))):
        found[rng.randrange(len(found))] ^= 1 << rng.randrange(8)
    return bytes(found)


def _cut(content: bytes, other: bytes, rng: random.Random) -> bytes:
    return content[: rng.randrange(len(content) + 1)]


def _removed(content: bytes, other: bytes, rng: random.Random) -> bytes:
    first, last = _range(content, rng)
    return content[:first] + content[last:]


def _repeated(content: bytes, other: bytes, rng: random.Random) -> bytes:
    first, last = _range(content, rng)
    return content[:last] + content[first:last] * rng.choice((1, 1, 2, 50)) + content[last:]


def _spliced(content: bytes, other: bytes, rng: random.Random) -> bytes:
    return content[: rng.randrange(len(content) + 1)] + other[rng.randrange(len(other) + 1) :]


def _sized(content: bytes, other: bytes, rng: random.Random) -> bytes:
    """Where a length may be, an extreme one."""
    code = rng.choice("BHIQ")
    size = struct.calcsize(code)
    value = rng.choice(_EXTREME) & (1 << 8 * size) - 1
    at = rng.randrange(max(1, len(content) - size + 1))
    return content[:at] + struct.pack(rng.choice("<>") + code, value) + content[at + size :]


def _number(content: bytes, other: bytes, rng: random.Random) -> bytes:
    found = list(_NUMBER.finditer(content[:200_000]))
    if not found:
        return _sized(content, other, rng)
    at = rng.choice(found)
    return content[: at.start()] + rng.choice(NUMBERS).encode() + content[at.end() :]


def _inserted(content: bytes, other: bytes, rng: random.Random) -> bytes:
    token = rng.choice((*TEXTS, *LINES, *RAW, *NESTED))
    raw = token if isinstance(token, bytes) else token.encode("utf-8", "surrogatepass")
    at = rng.randrange(len(content) + 1)
    return content[:at] + raw + content[at + rng.choice((0, 0, len(raw))) :]


def _line(content: bytes, other: bytes, rng: random.Random) -> bytes:
    """A line again, elsewhere, or with another one's place."""
    lines = content.split(b"\n")
    first, last = rng.randrange(len(lines)), rng.randrange(len(lines))
    if rng.random() < 0.5:
        lines.insert(last, lines[first])
    else:
        lines[first], lines[last] = lines[last], lines[first]
    return b"\n".join(lines)


def _leaf(content: bytes, other: bytes, rng: random.Random) -> bytes:
    """Of a JSON text, or a line of one, a value that is another; or a key that is there twice."""
    lines = content.split(b"\n")
    at = rng.randrange(len(lines))
    try:
        value = json.loads(lines[at] if len(lines[at]) > 2 else content)
    except (ValueError, RecursionError):
        return _number(content, other, rng)
    made = json.dumps(replaced(value, rng)).encode()
    if rng.random() < 0.1 and made.startswith(b'{"'):
        made = made[:-1] + b"," + made[1:]
    if len(lines[at]) <= 2:
        return made
    lines[at] = made
    return b"\n".join(lines)


def replaced(value: Any, rng: random.Random) -> Any:
    """Plain JSON with one of its values, or names, as another."""
    if isinstance(value, dict) and value and rng.random() < 0.9:
        key = rng.choice(list(value))
        if rng.random() < 0.15:
            return {(rng.choice(TEXTS) if k == key else k): v for k, v in value.items()}
        if rng.random() < 0.1:
            return {k: v for k, v in value.items() if k != key}
        return {**value, key: replaced(value[key], rng)}
    if isinstance(value, list) and value and rng.random() < 0.9:
        at = rng.randrange(len(value))
        return [*value[:at], replaced(value[at], rng), *value[at + 1 :]]
    return rng.choice((*_LEAVES, rng.choice(TEXTS)))


def _range(content: bytes, rng: random.Random) -> tuple[int, int]:
    first = rng.randrange(len(content) + 1)
    return first, min(len(content), first + rng.choice((1, 4, 16, 64, 1024)))


Change = Callable[[bytes, bytes, random.Random], bytes]
_CHANGES: tuple[Change, ...] = (
    _flipped, _flipped, _cut, _removed, _repeated, _spliced, _sized, _sized, _number, _number,
    _inserted, _inserted, _line, _leaf, _leaf, _leaf,
)  # fmt: skip


def rezipped(content: bytes, rng: random.Random) -> bytes:
    """A ZIP file with a member that is changed, called otherwise, a link, or a bomb."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = [(each, archive.read(each)) for each in archive.infolist()]
    buffer = io.BytesIO()
    victim = rng.randrange(len(members))
    how = rng.choice(("content", "content", "content", "name", "twice", "link", "bomb", "none"))
    with zipfile.ZipFile(buffer, "w") as archive:
        for at, (member, inside) in enumerate(members):
            name, mode, made = member.filename, member.external_attr, inside
            if at == victim:
                match how:
                    case "content":
                        made = changed(inside, members[victim - 1][1], rng)
                    case "name":
                        name = rng.choice(("../" + CANARY, "/tmp/x", *TEXTS)) + name[-8:]
                    case "link":
                        mode, made = 0o120777 << 16, b"../" + CANARY.encode()
                    case "bomb":
                        made = bytes(rng.choice((2**20, 2**27)))
            info = zipfile.ZipInfo(name.replace("\0", "0"))
            info.external_attr = mode
            archive.writestr(info, made, zipfile.ZIP_DEFLATED)
            if at == victim and how == "twice":
                archive.writestr(info, inside[::-1], zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
