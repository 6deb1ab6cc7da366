"""`assay compare`: exit code and words."""

import json
from pathlib import Path

import pytest

from assay.cli import call
from tests.store.test_comparing import ROWS, RUN, changed, made
from tests.tracking.made import end


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_equal_runs_end_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    run = made(Path("a"))
    made(Path("b"))
    assert call(["compare", f"a/{run.run_id}", f"b/{run.run_id}"]) == 0
    out = capsys.readouterr().out
    for words in ("settings: equal", "environment: equal", "log: equal, 4 lines", "weights: none"):
        assert words in out


def test_where_two_runs_part_is_said_and_ends_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    run = made(Path("store"))
    other = made(Path("store"), changed(1, ["validation", "loss"], 2.0), RUN.replace(seed=7))
    assert call(["compare", run.run_id[:8], other.run_id[:8]]) == 1
    said = capsys.readouterr()
    assert "settings: 1 differ" in said.out
    assert (
        "log: 1 lines are equal; they part at line 2, update 8: validation.loss is 2.5 in A and "
        "2.0 in B, 0.5 apart"
    ) in said.out
    assert said.err == f"error: {run.run_id[:8]} and {other.run_id[:8]} differ: see above\n"


def test_two_stores_are_compared_run_by_run(capsys: pytest.CaptureFixture[str]) -> None:
    for seed in (0, 1):
        made(Path("a"), config=RUN.replace(seed=seed))
    made(Path("b"), changed(0, ["check", "accuracy"], 0.6))
    assert call(["compare", "a", "b", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["equal"] is False
    assert found["only_a"] == [RUN.replace(seed=1).run_id]
    assert found["only_b"] == []
    (run,) = found["runs"]
    assert run["log"]["column"] == "check.accuracy"
    assert call(["compare", "a", "b"]) == 1
    out = capsys.readouterr().out
    assert "1 runs on both sides: 0 are equal" in out
    assert "1 only in a: " in out
    assert call(["compare", "a", "a"]) == 0


@pytest.mark.parametrize("wrong", ["nothing", "two.toml", "empty"])
def test_what_is_no_run_is_wrong_input(wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    made(Path("store"))
    Path("two.toml").write_text("")
    Path("empty").mkdir()
    assert call(["compare", "store", wrong]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_what_a_run_says_of_itself_does_not_steer_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run, other = made(Path("a")), made(Path("b"))
    end(other, "failed", "\x1b[2Jgone\nA: equal")
    assert call(["compare", str(run.path), str(other.path)]) == 1
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\\x1b[2Jgone A: equal" in out


def test_a_damaged_log_is_wrong_input(capsys: pytest.CaptureFixture[str]) -> None:
    run = made(Path("store"))
    made(Path("b"))
    (run.path / "metrics.jsonl").write_text(json.dumps(ROWS[0]) + "\n")
    assert call(["compare", "store", "b"]) == 2
    assert "metrics.jsonl is damaged" in capsys.readouterr().err
