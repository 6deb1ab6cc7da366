import io
import sys

import pytest
from hypothesis import given
from rich.cells import cell_len

from assay.cli.show.strip import LEAST_WIDTH, WIDTH, print_strip, strip_lines
from assay.cli.show.strip_bar import ASCII, UNICODE, bar, ticks
from tests.figures.made_up_strips import NONE, NOT, SHOWN, every_word, many, odd, row, rows


class _Terminal(io.TextIOWrapper):
    def __init__(self, encoding: str = "utf-8", tty: bool = True) -> None:
        super().__init__(io.BytesIO(), encoding=encoding)
        self._tty = tty

    def isatty(self) -> bool:
        return self._tty

    @property
    def text(self) -> str:
        self.flush()
        content = self.buffer.getvalue()  # type: ignore[attr-defined]
        return content.decode(self.encoding)


@pytest.fixture
def shown(monkeypatch):
    """What is printed of rows, to a terminal of an encoding or to a file."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")

    def show(rows, encoding="utf-8", tty=True, **environment) -> str:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        out = _Terminal(encoding, tty)
        monkeypatch.setattr(sys, "stdout", out)
        print_strip(rows)
        return out.text

    return show


def plain(rows, width=WIDTH, marks=UNICODE) -> list[str]:
    return [line.plain for line in strip_lines(rows, width, marks)]


def test_every_word_stands_on_the_line_of_its_claim() -> None:
    lines = plain(every_word())
    for each in every_word():
        (line,) = [line for line in lines if line.startswith(f"{each.id} ")]
        assert f" {each.word} {each.fragile}".rstrip() in line
        assert each.note in line


@pytest.mark.parametrize("width", [50, 60, WIDTH])
def test_no_word_is_cut_and_what_has_no_room_beside_it_is_in_the_note(width) -> None:
    rows = [*every_word(), row("by calculation, does not hold", note="1 of 2 parts", number=98)]
    rows.append(row("open, exploratory", fragile="42 of 64", note="+7 seeds", number=99))
    lines = plain(rows, width)
    assert ".." not in "".join(lines)
    assert lines[0].rstrip().endswith("→")
    text = " ".join(" ".join(lines).split())
    for each in rows:
        assert f"{each.id} {each.word.partition(',')[0]}" in text.replace("▶ ", "").replace(
            "◀ ", ""
        ).replace("◆ ", "")
    assert text.count("42 of 64") == 3
    assert "exploratory" in text
    assert "1 of 2 parts" in text


def test_arrows_alone_are_over_bars_that_are_narrow() -> None:
    fragile = row("partly supported", fragile="1,042 of 1,064", seeds=10)
    head = plain([fragile, row(note="+12 seeds, 33 core-h")])[0]
    assert head.split()[-2:] in (["←", "→"], ["for", "→"])


@pytest.mark.parametrize("marks", [UNICODE, ASCII])
@pytest.mark.parametrize("width", [LEAST_WIDTH, 50, 66, 73, WIDTH])
@pytest.mark.parametrize("rows", [[], [row()], many(), odd()], ids=["none", "one", "31", "odd"])
def test_no_line_is_wider_than_it_may_be(rows, width, marks) -> None:
    assert all(cell_len(line) <= width for line in plain(rows, width, marks))


@given(rows)
def test_whatever_is_in_it_no_line_is_too_wide(rows) -> None:
    for line in plain(rows):
        assert cell_len(line) <= WIDTH
        assert "\n" not in line


def test_seeds_are_marks_and_of_many_a_count() -> None:
    lines = plain([row(dots=[SHOWN, NOT, NONE]), row(number=2, seeds=60)])
    assert "●✖– " in lines[2]
    assert "● 60/60" in lines[3]


def test_evidence_is_to_the_right_for_a_claim_and_to_the_left_against_it() -> None:
    right = bar(row(evidence=1.0, needed=1.8), 3.0, 9, UNICODE)
    left = bar(row("contrary", evidence=-1.0, needed=1.8), 3.0, 9, UNICODE)
    assert right == "   ┆     │███  ┆   "
    assert left == "   ┆  ███│     ┆   "
    open_ = bar(row("open", evidence=1.0, needed=None), 3.0, 9, ASCII)
    assert open_.rstrip() == "          ==="


def test_more_evidence_is_never_a_shorter_bar() -> None:
    lengths = [
        len(bar(row(evidence=step / 50, needed=None), 3.3, 11, UNICODE).rstrip())
        for step in range(1, 200)
    ]
    assert lengths == sorted(lengths)
    assert lengths[0] == 13  # a sliver, however little
    assert max(lengths) == 23


def test_a_bar_that_goes_on_is_pointed() -> None:
    assert bar(row(evidence=17.0), 3.3, 11, UNICODE).endswith("█▶")
    assert bar(row("contrary", evidence=float("-inf")), 3.3, 11, ASCII).startswith("<#")


def test_odds_stand_over_their_place() -> None:
    line = ticks(3.0, 15)
    assert line.rindex(" 10 ") + 2 == pytest.approx(15 + 5, abs=1)
    assert line.split() == ["1k", "100", "10", "1", "10", "100", "1k"]
    assert len(ticks(6.3, 5)) == 11


def test_it_is_in_colour_on_a_terminal_only(shown) -> None:
    assert "\x1b[" in shown(every_word())
    assert "\x1b[" not in shown(every_word(), tty=False)


def test_no_color_is_heeded(shown) -> None:
    text = shown(every_word(), NO_COLOR="1")
    assert "supported" in text
    for colour in ("\x1b[94m", "\x1b[1;94m", "\x1b[33m", "\x1b[1;33m"):
        assert colour not in text


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_it_is_in_ascii_where_the_output_holds_no_more(shown, encoding) -> None:
    text = shown([*every_word(), *odd()], encoding, tty=False)
    assert "oooooooo" in text
    assert "#" in text
    assert "●" not in text


@pytest.mark.parametrize("columns", [30, 50, 80, 200])
def test_it_is_no_wider_than_the_terminal_nor_than_80(shown, columns) -> None:
    text = shown(many(), COLUMNS=str(columns), NO_COLOR="1", TERM="dumb")
    widths = [cell_len(line) for line in text.splitlines()]
    assert max(widths) <= min(80, max(columns, LEAST_WIDTH))
    assert "+2 seeds, 2.4 core-h" in text


def test_titles_move_no_cursor(shown) -> None:
    text = shown(odd(), tty=False)
    assert "\x1b" not in text
    assert "\x00" not in text
