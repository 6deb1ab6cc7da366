"""Numbers from lines and files, and the log that they make."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.kinds.command.gathered import Gathered
from assay.kinds.command.output import Output
from assay.kinds.command.pattern import Pattern
from assay.kinds.command.reading import MetricsFile
from assay.store.log import LogWriter
from assay.store.reading import read_log


@pytest.mark.parametrize(
    ("pattern", "line", "found"),
    [
        ("epoch {step} | acc {acc}", "x epoch  3 |\tacc .5 y", {"step": 3, "acc": 0.5}),
        ("acc {acc}%", "acc -1e-3%", {"acc": -0.001}),
        ("loss {loss}", "loss nan", {"loss": None}),
        ("loss {loss}", "loss: 3", None),
        ("{val/loss} nats", "at 0.25 nats", {"val/loss": 0.25}),
        ("(a) [{b}] *", "(a) [7] *", {"b": 7}),
    ],
)
def test_a_pattern(pattern: str, line: str, found: dict[str, float] | None) -> None:
    assert Pattern(pattern).find(line) == found


@given(
    st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False), st.integers(0, 10**9)
)
def test_a_pattern_reads_what_python_prints(value: float, step: int) -> None:
    pattern = Pattern("step {step}: loss={loss}, lr")
    assert pattern.find(f"step {step}: loss={value}, lr") == {"step": step, "loss": value}


@given(st.lists(st.integers(1, 20), min_size=1, max_size=20))
def test_output_is_read_however_it_is_cut(cuts: list[int]) -> None:
    text = b"\x1b[1mstep 1\x1b[0m a 1\rstep 2 a 2\r\nnothing\nstep 3 a 3\nb 7"
    output, found, at = Output(["step {step} a {a}", "b {b}"]), [], 0
    while at < len(text):
        size = cuts[at % len(cuts)]
        found += output.feed(text[at : at + size])
        at += size
    found += output.finish()
    assert [(step, numbers) for _, step, numbers in found] == [
        (1, {"a": 1}),
        (2, {"a": 2}),
        (3, {"a": 3}),
        (3, {"b": 7}),
    ]


def test_without_steps_matches_are_counted() -> None:
    found = Output(["a {a}"]).feed(b"a 5\na 6\n")
    assert [step for _, step, _ in found] == [1, 2]


def rows(path: Path, step: str = "") -> list[tuple[int, dict[str, float | None]]]:
    return [
        (at, dict(found)) for at, found in filter(None, MetricsFile(path, step).read(final=True))
    ]


def test_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    path.write_text('{"epoch": 1, "a": {"b": 2}, "text": "x"}\n{"epoch": 2.0, "a": NaN}\n{"epoch"')
    file = MetricsFile(path, "")
    assert list(file.read()) == [(1, {"a.b": 2}), (2, {"a": None})]
    assert not file.bad
    assert list(file.read(final=True)) == []
    assert (file.bad, file.first_bad) == (1, '{"epoch"')


def test_csv_as_lightning_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text("epoch,step,train,val\n0,9,0.5,\n0,9,,0.7\n")
    assert rows(path) == [(9, {"epoch": 0, "train": 0.5}), (9, {"epoch": 0, "val": 0.7})]
    assert rows(path, "epoch")[0] == (0, {"step": 9, "train": 0.5})


def test_lines_without_a_step_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_bytes(b"\xef\xbb\xbfloss;acc\r\n1;2\r\n3;4\r\n")
    assert rows(path) == [(1, {"loss": 1, "acc": 2}), (2, {"loss": 3, "acc": 4})]


def test_a_file_that_is_written_anew_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text("step,a\n1,1\n")
    file = MetricsFile(path, "")
    assert list(file.read()) == [(1, {"a": 1})]
    path.write_text("step,a,b\n1,1,\n2,,5\n")  # as a logger does that finds another column
    assert list(file.read()) == [None, (1, {"a": 1}), (2, {"b": 5})]
    with path.open("a") as more:
        more.write("3,3,3\n")
    assert list(file.read()) == [(3, {"a": 3, "b": 3})]


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.sampled_from("ab"), st.floats(0, 1, allow_subnormal=False)),
        max_size=30,
    )
)
def test_the_last_of_a_step_counts_and_steps_ascend(told: list[tuple[int, str, float]]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "metrics.jsonl")
        log = LogWriter(path)
        gathered = Gathered(log)
        expected: dict[str, dict[int, float]] = {"a": {}, "b": {}}
        for step, name, value in told:
            gathered.add("s", step, {name: value})
            expected[name] = {at: of for at, of in expected[name].items() if at < step} | {
                step: value
            }
        gathered.settle()
        log.close()
        found = read_log(path.read_bytes(), "log")
    steps = [line.update for line in found.numbers]
    assert steps == sorted(set(steps))
    for name in "ab":
        assert dict(found.points(name)) == expected[name]


def test_going_back_is_told(tmp_path: Path) -> None:
    log = LogWriter(tmp_path / "l")
    gathered = Gathered(log)
    for step in (1, 2, 3, 2):
        gathered.add("s", step, {"a": step})
    gathered.settle()
    log.close()
    found = read_log((tmp_path / "l").read_bytes(), "log")
    assert found.points("a") == [(1, 1), (2, 2)]
    assert "a went back from step 3 to step 2" in found.alarms[0].text


def test_a_log_of_names_with_dots(tmp_path: Path) -> None:
    line = json.dumps({"step": 1, "numbers": {"validation.accuracy": 0.5, "check.x": 1}})
    log = read_log(line.encode(), "log")
    assert log.points("validation.accuracy") == [(1, 0.5)]
    assert log.points("check.x") == [(1, 1)]
    assert math.isfinite(log.points("check.x")[0][1])


@pytest.mark.parametrize(
    "content",
    [
        b'{"step": %b, "a": 1}\n' % (b"9" * 400),
        b'{"step": 1, "a": {"b": %b}}\n' % (b"9" * 400),
        b'{"a": ' * 5_000 + b"1" + b"}" * 5_000 + b"\n",
        b"step,a\n1,2\r3\n",
        b'step,a\n1,"%b"\n' % (b"x" * 200_000),
    ],
    ids=["a step of 400 digits", "400 digits", "nested", "a line within a line", "a long cell"],
)
def test_a_line_that_is_no_line_of_numbers_is_put_down(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "log").write_bytes(content)
    file = MetricsFile(tmp_path / "log", "")
    told = [numbers for found in file.read(final=True) if found for numbers in found[1].values()]
    assert file.bad == 1 or told == [None]
