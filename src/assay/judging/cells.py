"""The cells of a column, as numbers or as texts, without an object for each."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from assay.errors import DataError

_EMPTY = ["", "na", "n/a", "null", "none", "-"]
_NUMBER = r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$|^[-+]?(inf(inity)?|nan)$"


@dataclass(frozen=True)
class Labels:
    """A column as text, so that a million rows of a few values are a few texts.

    Attributes:
        codes: (n,) which text each row has.
        texts: the distinct ones; numbers as Python writes them, an empty cell as nothing,
            without spaces around them.
    """

    codes: NDArray[np.int32]
    texts: list[str]


@dataclass(frozen=True)
class Numbers:
    """A column as numbers.

    Attributes:
        values: (n,) NaN where a cell is empty, no number, or not finite.
        empty: (n,) whether it is empty.
        wrong: (n,) whether it is a text that is no number.
    """

    values: NDArray[np.float64]
    empty: NDArray[np.bool_]
    wrong: NDArray[np.bool_]


def numbers_of(values: pa.ChunkedArray, what: str) -> Numbers:
    """A column as numbers; `what` is what messages call it."""
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    kind, none = values.type, np.zeros(len(values), dtype=bool)
    if pa.types.is_null(kind):
        return Numbers(np.full(len(values), np.nan), ~none, none)
    wrong = none
    if is_text(kind):
        values, is_wrong = _parsed(values.cast(pa.large_string()))
        wrong = _filled(is_wrong.cast(pa.uint8()), 0) > 0
    elif not (
        pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_decimal(kind)
    ):
        raise DataError(f"{what} is of type {kind}: allowed are numbers")
    found = _filled(values.cast(pa.float64(), safe=False), np.nan)
    found[~np.isfinite(found)] = np.nan
    return Numbers(found, ~_there(values) & ~wrong, wrong)


def _there(values: pa.Array | pa.ChunkedArray) -> NDArray[np.bool_]:
    """Which cells are not empty."""
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    return np.asarray(np.from_dlpack(values.is_valid().cast(pa.uint8())), dtype=bool)


def _filled(values: pa.Array | pa.ChunkedArray, empty: float) -> NDArray[Any]:
    """As NumPy has it. Arrow's own way imports pandas where that is installed, for 0.3 s."""
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    known = np.from_dlpack(values.drop_null())
    found = np.full(len(values), empty, dtype=known.dtype)
    found[_there(values)] = known
    return found


def _parsed(texts: pa.ChunkedArray) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    """Texts as numbers, null where one is none, and whether it is none though it is not empty."""
    trimmed = pc.utf8_trim_whitespace(texts)
    blank = pc.is_in(pc.utf8_lower(trimmed), pa.array(_EMPTY, pa.large_string()))
    nothing = pa.scalar(None, pa.large_string())
    known = pc.if_else(blank, nothing, trimmed)
    wrong = pc.invert(pc.match_substring_regex(known, _NUMBER, ignore_case=True))
    return pc.if_else(wrong, nothing, known).cast(pa.float64()), wrong


def labels_of(values: pa.ChunkedArray, what: str) -> Labels:
    """A column as text; `what` is what messages call it."""
    try:
        if is_text(values.type):  # some forms of text cannot be encoded
            values = values.cast(pa.large_string())
        if not pa.types.is_dictionary(values.type):
            values = values.dictionary_encode()
        whole = values.unify_dictionaries().combine_chunks()
    except pa.ArrowException:
        raise DataError(f"{what} is of type {values.type}: allowed are texts and numbers") from None
    cells = [_text(each) for each in whole.dictionary.to_pylist()] + [""]
    codes = _filled(whole.indices, len(cells) - 1)
    # Two floats may have one text, and an empty text is what an empty cell is.
    places = {text: place for place, text in enumerate(dict.fromkeys(cells))}
    found = np.array([places[text] for text in cells], dtype=np.int32)[codes]
    used = np.unique(found)
    texts = list(places)
    return Labels(
        np.searchsorted(used, found).astype(np.int32), [texts[place] for place in used.tolist()]
    )


def label_of(value: str, kind: pa.DataType) -> str:
    """A value as `labels_of` writes it."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    try:
        if pa.types.is_floating(kind):
            return _text(float(value))
        if pa.types.is_integer(kind):
            return _text(int(float(value))) if float(value).is_integer() else value
    except (ValueError, OverflowError):
        pass
    return value.lower() if pa.types.is_boolean(kind) else value.strip()


def is_text(kind: pa.DataType) -> bool:
    """Whether a column is of texts, in one form or another."""
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or kind == pa.string_view()
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.15g}" if isinstance(value, float) else str(value).strip()
