"""Text in the encodings that people's programs save it in."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.text import SPELLED, NotUtf8Error, parse_json, utf8

_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"))


@given(_TEXT)
def test_utf8_is_read_with_and_without_a_mark(text: str) -> None:
    assert utf8(text.encode()) == utf8(text.encode("utf-8-sig")) == text


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_others_of_unicode_are_named(encoding: str) -> None:
    with pytest.raises(NotUtf8Error, match=r"UTF-(16|32).*save it as UTF-8") as error:
        utf8("title = 'naïve'".encode(encoding))
    assert error.value.line == 0


@pytest.mark.parametrize("before", [0, 3, 400_000])
def test_latin1_is_named_with_its_line(before: int) -> None:
    content = b"line\n" * before + "title = 'naïve'\nmore\n".encode("latin-1")
    with pytest.raises(NotUtf8Error, match="Latin-1 perhaps: save it as UTF-8") as error:
        utf8(content)
    assert error.value.line == before + 1


def test_a_sign_that_is_cut_short_is_no_utf8() -> None:
    with pytest.raises(NotUtf8Error):
        utf8("naï".encode()[:-1])


@given(st.recursive(st.integers() | st.text(), lambda inner: st.lists(inner)))
def test_json_is_parsed_as_json(value: object) -> None:
    assert parse_json(json.dumps(value)) == value


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "{", ""])
def test_what_is_no_json_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of any text
        parse_json(text)


@pytest.mark.parametrize(
    ("encoding", "text", "shown"),
    [
        ("ascii", "−1.5 … +2 % – “so”", '-1.5 ... +2 % - "so"'),
        ("cp1252", "−1 “so” …", "-1 “so” …"),  # which has quotes and dots of its own
        ("latin-1", "a → b ≥ 90\u202f%", "a -> b >= 90 %"),
        ("ascii", "π", r"\u03c0"),
    ],
)
def test_what_an_encoding_lacks_is_spelled(encoding: str, text: str, shown: str) -> None:
    assert text.encode(encoding, SPELLED).decode(encoding) == shown
