"""Files made up by hypothesis: of the form of valid ones, with their words and with any."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tests.reliability.hostile import valid
from tests.reliability.hostile.mutations import TEXTS, Files
from tests.reliability.hostile.targets import TARGETS, Target

Bytes = st.SearchStrategy[bytes]

_AT_ONCE = 20
_WORD = re.compile(rb"[A-Za-z_][A-Za-z_0-9.]{1,30}")
_WORDS = 60
_text = st.one_of(st.text(max_size=12), st.sampled_from(TEXTS))
_number = st.one_of(
    st.integers(-2, 12),
    st.integers(),
    st.floats(allow_subnormal=False),
    st.sampled_from([2**31, 2**63, 2**64, 10**30, 10**400, 1e308, 1e-300]),
)


def made(target: Target, number: int, seeded: int = 0) -> Files:
    """The folder of a number: every number has its own, always the same."""
    found = _some(target.name, number // _AT_ONCE, seeded)
    return found[number % len(found)]


@lru_cache(maxsize=1)
def _some(name: str, chunk: int, seeded: int) -> list[Files]:
    found: list[Files] = []

    @seed(f"{name} {chunk} {seeded}")
    @settings(
        max_examples=_AT_ONCE,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(_folders(TARGETS[name]))
    def gather(files: Files) -> None:
        found.append(files)

    gather()
    return found


def _folders(target: Target) -> st.SearchStrategy[Files]:
    """Valid folders of which one file is made up."""
    return st.one_of(
        [
            _contents(target, name, content).map(
                lambda made, files=files, name=name: _fitted(target, {**files, name: made})
            )
            for files in target.valid()
            for name, content in files.items()
            if not target.only or name.endswith(target.only)
        ]
    )


def _fitted(target: Target, files: Files) -> Files:
    return target.fits(files) if target.fits is not None else files


def _contents(target: Target, name: str, content: bytes) -> Bytes:
    if target.inside:
        return st.lists(st.one_of(_message, st.sampled_from(target.inside)), max_size=6).map(
            lambda parts: target.finish(list(parts))
        )
    kind = name.rpartition(".")[2]
    words = sorted({found.decode() for found in _WORD.findall(content[:20_000])})[:_WORDS]
    form = _FORMS.get(kind)
    if form is None:
        head = st.sampled_from([content[:size] for size in (0, 4, 12, 32, 128)])
        return st.tuples(head, st.binary(max_size=200)).map(b"".join)
    return form(st.one_of(st.sampled_from(words or ["a"]), _text))


def _json(word: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    leaf = st.one_of(st.none(), st.booleans(), _number, word)
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.lists(inner, max_size=4), st.dictionaries(word, inner, max_size=5)
        ),
        max_leaves=12,
    )


def _object(word: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(word, _json(word), max_size=6)


def _dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


def _lines(word: st.SearchStrategy[str]) -> Bytes:
    line = st.one_of(_object(word), _object(word), _json(word)).map(_dumped)
    return st.lists(line, max_size=6).map(lambda lines: b"".join(each + b"\n" for each in lines))


def _table(by: str) -> Callable[[st.SearchStrategy[str]], Bytes]:
    def form(word: st.SearchStrategy[str]) -> Bytes:
        cell = st.one_of(word, _number.map(repr), st.just(""))
        row = st.lists(cell, min_size=1, max_size=5)
        return st.lists(row, max_size=6).map(
            lambda rows: "\n".join(by.join(row) for row in rows).encode("utf-8", "surrogatepass")
        )

    return form


def _toml(word: st.SearchStrategy[str]) -> Bytes:
    return _object(word).map(lambda tables: "".join(_top(tables)).encode("utf-8", "replace"))


def _top(tables: Mapping[str, Any]) -> list[str]:
    """Its tables last, as TOML has them."""
    plain = [f"{json.dumps(k)} = {_value(v)}\n" for k, v in tables.items() if type(v) is not dict]
    parts = [(k, v) for k, v in tables.items() if type(v) is dict]
    heads = [
        f"[{json.dumps(k)}]\n" + "".join(f"{json.dumps(a)} = {_value(b)}\n" for a, b in v.items())
        for k, v in parts
    ]
    return [*plain, *heads]


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {_value(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if value is None:
        return '""'
    return repr(value) if isinstance(value, float) else json.dumps(value)


_array = st.one_of(
    hnp.arrays(
        st.one_of(
            hnp.integer_dtypes(), hnp.floating_dtypes(), hnp.unicode_string_dtypes(),
            hnp.complex_number_dtypes(), hnp.datetime64_dtypes(), hnp.boolean_dtypes(),
            hnp.array_dtypes(), hnp.byte_string_dtypes(),
        ),
        hnp.array_shapes(min_dims=0, max_dims=5, min_side=0, max_side=5),
    ),
    hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=4, max_side=12)),
)  # fmt: skip


def _npz(word: st.SearchStrategy[str]) -> Bytes:
    name = st.sampled_from(["sequences", "labels", "images"])
    return st.dictionaries(name, _array, max_size=3).map(lambda arrays: valid.npz(**arrays))


_types = st.sampled_from(
    [
        pa.int8(), pa.uint64(), pa.float16(), pa.float64(), pa.string(), pa.large_string(),
        pa.bool_(), pa.binary(), pa.decimal128(10, 2), pa.timestamp("ns"), pa.duration("s"),
        pa.null(),
        pa.list_(pa.int32()), pa.list_(pa.list_(pa.float32())),
        pa.struct([("bytes", pa.binary())]),
        pa.map_(pa.string(), pa.int8()), pa.dictionary(pa.int8(), pa.string()), pa.date32(),
    ]
)  # fmt: skip


def _parquet(word: st.SearchStrategy[str]) -> Bytes:
    name = st.one_of(st.sampled_from(["label", "sequence", "image", "accuracy", "seed"]), word)
    columns = st.dictionaries(name, st.tuples(_types, st.integers(0, 9)), max_size=4)
    return st.tuples(columns, st.integers(0, 14)).map(_stored)


def _stored(told: tuple[dict[str, tuple[pa.DataType, int]], int]) -> bytes:
    columns, rows = told
    made = {}
    for name, (kind, value) in columns.items():
        try:
            column = pa.array([_cell(kind, value + at) for at in range(rows)], kind)
        except (pa.ArrowException, TypeError):
            column = pa.nulls(rows, kind)
        made[name.encode("utf-8", "replace").decode()] = column
    try:
        return valid.parquet(pa.table(made))
    except pa.ArrowException:  # a type that Parquet has not
        return valid.parquet(pa.table({"label": [1]}))


def _cell(kind: pa.DataType, value: int) -> Any:
    if value % 5 == 0:
        return None
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind):
        return str(value)
    if pa.types.is_nested(kind):
        return (
            {"bytes": b"\x89PNG"} if pa.types.is_struct(kind) else [[float(value)], []][: value % 3]
        )
    return bytes([value]) if pa.types.is_binary(kind) else value


def _zip(word: st.SearchStrategy[str]) -> Bytes:
    name = st.one_of(word, word.map("{}.png".format), word.map("a/{}".format))
    return st.lists(st.tuples(name, st.binary(max_size=40)), max_size=5).map(_zipped)


def _zipped(members: list[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members:
            known = name.encode("utf-8", "replace").decode()[:1000].replace("\0", "0")
            archive.writestr(zipfile.ZipInfo(known), content)
    return buffer.getvalue()


_field = st.tuples(
    st.integers(1, 20),
    st.one_of(
        st.integers(0, 2**64 - 1),
        st.binary(max_size=12),
        st.floats(width=32, allow_subnormal=False),
    ),
).map(lambda field: valid.field(*field))
_message = st.recursive(
    st.lists(_field, max_size=3).map(b"".join),
    lambda inner: st.lists(
        st.tuples(st.integers(1, 20), inner).map(lambda part: valid.field(*part)), max_size=3
    ).map(b"".join),
    max_leaves=6,
)
_FORMS: dict[str, Callable[[st.SearchStrategy[str]], Bytes]] = {
    "json": lambda word: _object(word).map(_dumped),
    "jsonl": _lines,
    "yaml": lambda word: _object(word).map(_dumped),
    "toml": _toml,
    "csv": _table(","),
    "tsv": _table("\t"),
    "txt": lambda word: st.lists(st.one_of(word, _number.map(str)), max_size=20).map(
        lambda parts: " ".join(parts).encode("utf-8", "surrogatepass")
    ),
    "npz": _npz,
    "npy": lambda word: _array.map(valid.npy),
    "parquet": _parquet,
    "zip": _zip,
}
