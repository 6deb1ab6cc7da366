"""Messages and names are shown by a terminal, and never obeyed."""

import pytest

from assay.cli.show.tables import print_table, tell
from assay.errors import AssayError, DataError, NotAsRequired, one_line, printable

STEERS = "\x1b]0;t\x07\x1b[2J \x9b31m \u202efdp.exe \u2066x \r \x00 \ud800"


def test_what_steers_a_terminal_is_shown_by_its_number() -> None:
    assert printable("a\x1b[1mb\tc\nd é雪🎲\u200d") == "a\\x1b[1mb\tc\nd é雪🎲\u200d"
    assert printable("\u202e\x9b\ud800\u2028") == "\\u202e\\x9b\\ud800\\u2028"
    assert one_line("a\n  b\r\nc") == "a b c"


def test_a_message_is_one_line_that_can_be_read() -> None:
    assert str(DataError(f"{STEERS}\nx")) == f"{printable(STEERS)} x"
    long = str(AssayError("begin" + "x" * 100_000 + "end"))
    assert len(long) < 2_010
    assert long.startswith("begin")
    assert long.endswith("end")
    assert str(NotAsRequired("C1\nerror: C2")) == "C1\nerror: C2"


def test_tables_and_lines_are_shown_so(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("a\nb",), [(STEERS,)])
    tell(STEERS)
    assert not {"\x1b", "\x9b", "\u202e", "\x07", "\0", "\r"} & set(capsys.readouterr().out)
