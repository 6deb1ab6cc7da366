"""`assay init`: every study that it writes goes through to the verdict."""

import io
import json
import sys
from pathlib import Path

import pytest

from assay import Study
from assay.cli import call
from assay.study.new import TITLES

STUDIES = [kind for kind in TITLES if kind != "results"]
QUICK = {"command", "function"}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def done(*arguments: str) -> None:
    assert call([*arguments]) == 0


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    assert call(["init", *arguments]) == 2
    assert before == {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    (line,) = capsys.readouterr().err.splitlines()
    return line


@pytest.mark.parametrize("kind", STUDIES)
def test_what_it_writes_goes_through(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    done("init", "a folder/mine.toml", "--kind", kind)
    written, told = capsys.readouterr()
    assert written.splitlines()[0] == "a folder/mine.toml"
    assert all(Path(line).is_file() for line in written.splitlines())
    assert "assay plan 'a folder/mine.toml'" in told
    done("plan", "a folder/mine.toml", "--json")
    (claim,) = json.loads(capsys.readouterr().out)["claims"]
    assert claim["least"] == 5
    if kind not in QUICK:
        return
    done("run", "a folder/mine.toml", "--until-decided")
    done("claims", "a folder/mine.toml", "--require", "supported")
    done("export", "a folder/mine.toml", "--format", "json", "--out", "paper")
    (first, second) = json.loads(Path("paper/export.json").read_text())["results"]
    assert (first["metric"], first["unit"]) == ("error", "units")
    assert first["median"] < 0.5 < second["median"]


def test_that_of_recurrent_networks_makes_the_runs_of_the_demo() -> None:
    """Which are trained, and decide the same claim, in the test of `assay demo`."""
    done("init", "--kind", "memory")
    runs = [{run.config.run_id for run in Study(name).plan()} for name in ("study.toml", "demo")]
    assert runs[0] == runs[1]


def test_results_are_judged_by_what_it_says_to_type(capsys: pytest.CaptureFixture[str]) -> None:
    done("init", "--kind", "results")
    written, told = capsys.readouterr()
    assert written == "results.csv\n"
    (line,) = [line for line in told.splitlines() if "assay judge" in line]
    done(*line.split()[1:], "--json")
    words = [claim["verdict"] for claim in json.loads(capsys.readouterr().out)["claims"]]
    assert words == ["supported"] * 3


def test_a_script_that_there_is_is_named_and_none_is_written() -> None:
    Path("own/sub").mkdir(parents=True)
    Path("own/mine.py").write_text("pass\n")
    title = 'Is "it" \\ so?'
    named = ["--script", "own/mine.py", "--title", title]
    done("init", "own/sub/s", "--kind", "command", *named)
    assert sorted(map(str, Path().rglob("*.*"))) == ["own/mine.py", "own/sub/s.toml"]
    assert '"python ../mine.py --lr' in Path("own/sub/s.toml").read_text()
    assert Study("own/sub/s.toml").title == title


@pytest.mark.parametrize(
    "name", ["my train.py", 'a"b.py', "it's.py", "a$b{c}.py", "b\\n.py", "é.py"]
)
def test_a_script_of_any_name_is_one_word_of_the_command(name: str) -> None:
    Path(name).write_text("pass\n")
    done("init", "--kind", "command", "--script", name)
    config = Study("study.toml").plan("full")[0].config
    assert config.arguments({"folder": "f", "seed": 0}, "python")[:3] == ["python", name, "--lr"]
    assert name in config.source_sha256


def test_a_function_that_there_is_is_named() -> None:
    Path("mine.py").write_text("def train(run, rate):\n    run.log(1, error=rate)\n")
    done("init", "--kind", "function", "--script", "mine.py")
    assert 'train = "mine:train"' in Path("study.toml").read_text()
    done("plan", "study.toml")


def test_nothing_is_written_over_without_force(capsys: pytest.CaptureFixture[str]) -> None:
    Path("train.py").write_text("mine\n")
    said = refused(capsys, "--kind", "command")
    assert "train.py is there already: --force writes over it, or name yours with --script" in said
    done("init", "--kind", "gan")
    Path("study.toml").write_text("mine too\n")
    capsys.readouterr()
    assert "study.toml is there already: --force" in refused(capsys, "--kind", "gan")
    assert "study.toml and train.py are there" in refused(capsys, "--kind", "command")
    done("init", "--kind", "command", "--force")
    assert "mine" not in Path("train.py").read_text() + Path("study.toml").read_text()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "error: --kind is missing, and there is nobody to ask: command, "),
        (["--kind", "comand"], "kind = 'comand': did you mean 'command'? allowed are command, "),
        (["--kind", "command", "--script", "no.py"], "--script no.py: there is no such file"),
        (
            ["sub/s", "--kind", "function", "--script", "a.py"],
            "should be a Python file in the folder",
        ),
        (["--kind", "function", "--script", "file"], "should be a Python file in the folder"),
        (["--kind", "gan", "--script", "no.py"], "kind 'gan' takes no script"),
        (["file/study.toml", "--kind", "gan"], "file/study.toml cannot be written: "),
    ],
)
def test_a_slip_is_one_sentence(arguments, told, capsys: pytest.CaptureFixture[str]) -> None:
    Path("file").write_text("no folder\n")
    Path("a.py").write_text("def train(run): ...\n")
    assert told in refused(capsys, *arguments)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def answering(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(text))
    monkeypatch.setattr(sys, "stderr", Terminal())


def test_on_a_terminal_it_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, "nonsense\ngan\nMy question\n")
    done("init")
    assert 'title = "My question"' in Path("study.toml").read_text()


def test_who_gives_no_answer_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, "")
    assert call(["init"]) == 2
    assert not list(Path().iterdir())
