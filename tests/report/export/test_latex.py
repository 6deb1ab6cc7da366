"""Text in LaTeX: what is special is escaped, and nothing is there that pdfTeX lacks."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.report.export.latex import escaped, table

# A command and its end, an escaped character, mathematics that is known, a protected character.
TOKEN = re.compile(
    r"\\text[a-z]+\{(?:U\+[0-9A-F]{4,6})?\}|\\ldots\{\}|\\[%&#_${}]|\$[^$]*\$|\{[\[\]*]?\}|~|``?"
)
SPECIAL = set('\\{}$&#_%~^<>|`"[]*')


@given(st.text())
def test_nothing_special_is_left_outside_of_commands(text: str) -> None:
    rest = TOKEN.sub("", escaped(text))
    assert not SPECIAL & set(rest), rest
    assert all(letter.isascii() or letter.isalpha() for letter in rest)
    assert "\n" not in escaped(text)


@given(st.text())
def test_mathematics_is_what_is_written_here_alone(text: str) -> None:
    for math in re.findall(r"(?<!\\)\$(.*?)\$", escaped(text)):
        assert re.fullmatch(r"-|\^\{(\\circ|[23n])\}|\\[A-Za-z|]+", math)


@given(st.text(alphabet="abc ABC 123 .,;:()=/+!?"))
def test_plain_words_stay_as_they_are(text: str) -> None:
    assert escaped(text) == re.sub(" +", " ", text)


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("90 % & more_or #less", r"90 \% \& more\_or \#less"),
        ("--until-decided", "-{}-until-decided"),
        ("a ---b", "a -{}-{}-b"),
        ("−6.2\u00a0%, 2–3", r"$-$6.2~\%, 2--3"),
        ("λ ≥ Δ", r"$\lambda$ $\geq$ $\Delta$"),
        ("Fréchet, Łukasz", "Fréchet, Łukasz"),
        ("e\u0301", "é"),
        ("中 🙂", r"\texttt{U+4E2D} \texttt{U+1F642}"),
        ("[a] *b", "{[}a{]} {*}b"),
        ("‘so’ and “so”", "`so' and ``so''"),
        ("two\r\n lines", "two lines"),
        ("\\input{x}", r"\textbackslash{}input\{x\}"),
    ],
)
def test_examples(text: str, latex: str) -> None:
    assert escaped(text) == latex


def test_a_table_that_is_longer_than_a_page_is_several() -> None:
    rows = [(str(number), "100 %") for number in range(85)]
    text = table(("N_o", "Share"), "rl", rows, "All & more", "tab:all")
    assert text.count(r"\begin{tabular}{rl}") == 3
    assert text.count(r"N\_o & Share \\") == 3
    assert [f"{number} & 100 \\% \\\\" in text for number in range(85)] == [True] * 85
    assert r"\caption{All \& more (continued, 2 of 3)}" in text
    assert r"\label{tab:all-2}" in text
