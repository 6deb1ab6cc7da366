"""The code that the documentation shows runs as it stands there."""

import json
import re
import shlex
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from assay import FunctionConfig, MemoryConfig
from assay.cli import call
from assay.execution.runner import execute
from assay.kinds.command.config import GIVEN
from assay.plugins import resolve
from assay.store import Store

ROOT = Path(__file__).parents[1]


def _blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / page).read_text(), re.S)


def test_the_snippet_on_notebooks_runs_on_the_study_of_ten_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = _blocks("docs/how-to/own-study.md", "toml")[0]
    assert "epochs = 5" in study
    (tmp_path / "gru.toml").write_text(study.replace("epochs = 5", "updates = 2\ndata_size = 200"))
    monkeypatch.chdir(tmp_path)
    (code,) = _blocks("docs/how-to/notebooks.md", "python")
    names: dict[str, object] = {}
    exec(code.replace("%matplotlib inline\n", ""), names)
    assert type(names["run"]).__name__ == "Run"


def test_the_page_on_own_results_is_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = "docs/how-to/own-results.md"
    rows = [
        f"{model},copy,{seed},{epoch},{level * epoch / 4}"
        for model, level in (("lstm", 1.0), ("rnn", 0.6))
        for seed in range(6)
        for epoch in range(5)
    ]
    (tmp_path / "curves.csv").write_text("\n".join(["model,task,seed,epoch,accuracy", *rows]))
    (tmp_path / "results.csv").write_text(_blocks(page, "csv")[0])
    monkeypatch.chdir(tmp_path)
    for block in _blocks(page, "sh"):
        words = shlex.split(block.replace("\\\n", ""))
        assert words[0] == "assay"
        assert call(words[1:]) == 0
    (code,) = _blocks(page, "python")
    names: dict[str, Any] = {}
    exec(code, names)
    assert names["found"].verdict == "supported"


SCRIPT = "docs/how-to/own-script.md"


def _files(page: str, folder: Path) -> None:
    """Write the files of a page that say their names."""
    text = (ROOT / page).read_text()
    for name, content in re.findall(r"```(?:python|toml)\n# (\S+)\n(.*?)```", text, re.S):
        (folder / name).write_text(content)


def test_the_page_on_own_scripts_is_true(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _files(SCRIPT, tmp_path)
    monkeypatch.chdir(tmp_path)
    (commands,) = _blocks(SCRIPT, "sh")
    for line in commands.splitlines():
        words = shlex.split(line)
        assert words[0] == "assay"
        assert call(words[1:]) == 0
    capsys.readouterr()
    assert call(["claims", "rates.toml", "--json"]) == 0
    (claim,) = json.loads(capsys.readouterr().out)["claims"]
    assert claim["verdict"] == "supported"
    assert call(["plan", "printed.toml"]) == 0


def test_the_page_on_own_scripts_names_what_a_command_is_given() -> None:
    rows = re.findall(r"^\| `\{(\w+)\}`", (ROOT / SCRIPT).read_text(), re.M)
    assert set(rows) == {"learning_rate", *GIVEN}


FUNCTION = "docs/how-to/own-function.md"


def _run_commands(page: str) -> None:
    for block in _blocks(page, "sh"):
        for line in block.splitlines():
            words = shlex.split(line)
            assert words[0] == "assay"
            if "libraries.toml" in words:  # what decides it takes a minute
                words = [word for word in words if word != "--until-decided"]
            assert call(words[1:]) == 0, line


def test_the_page_on_own_functions_is_true(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _files(FUNCTION, tmp_path)
    with (tmp_path / "libraries.toml").open("a") as study:
        study.write("[profiles.full]\nseeds = 1\n")
    monkeypatch.chdir(tmp_path)
    _run_commands(FUNCTION)
    capsys.readouterr()
    assert call(["claims", "walk.toml", "--json"]) == 0
    (claim,) = json.loads(capsys.readouterr().out)["claims"]
    assert claim["verdict"] == "supported"
    assert call(["claims", "libraries.toml", "--json"]) == 0
    claims = json.loads(capsys.readouterr().out)["claims"]
    assert [claim["parts"][0]["seeds"][0]["shown"] for claim in claims] == [True] * 3
    monkeypatch.syspath_prepend(str(tmp_path))
    snippets = [block for block in _blocks(FUNCTION, "python") if not block.startswith("# ")]
    assert len(snippets) == 3
    for code in snippets:
        exec(code, {})
    assert (
        len(list((tmp_path / "store").glob("*/record.json"))) >= 16
    )  # 10, and one of each arm of the libraries


EXAMPLES = {
    "torch": {"learning_rate": 0.01},
    "jax": {"learning_rate": 0.1},
    "sklearn": {"depth": 5},
}


@pytest.mark.parametrize("library", EXAMPLES)
def test_an_example_that_is_stopped_ends_with_the_same_numbers(
    library: str, tmp_path: Path
) -> None:
    _files(FUNCTION, tmp_path)
    config = resolve(
        FunctionConfig(
            train=f"with_{library}:train", folder=str(tmp_path), seed=2, **EXAMPLES[library]
        )
    )
    logs = []
    for name, stops in (("whole", [999]), ("parts", [2, 21, 999])):
        store = Store(tmp_path / name)
        for times in stops:
            asked = iter([False] * times)
            result = execute(config, store, lambda at: None, partial(next, asked, True))
        assert result.status == "finished", result
        logs.append((store.folder(config).path / "metrics.jsonl").read_bytes())
    assert logs[0] == logs[1]


def test_the_page_on_a_course_is_true(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = "docs/how-to/course.md"
    template = (ROOT / "docs/examples/assignment.toml").read_text()
    brief = template.replace("4_000", "200").replace("epochs = 12", "updates = 2")
    (tmp_path / "assignment.toml").write_text(brief)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("webbrowser.open", lambda page: True)
    work, mark = _blocks(page, "sh")
    for line in work.replace("--until-decided", "--seeds 1 --profile full").splitlines():
        assert call(shlex.split(line, comments=True)[1:]) == 0
    Path("handed-in").mkdir()
    Path("results/assignment").rename("handed-in/lee")
    for line in mark.splitlines():
        assert call(shlex.split(line, comments=True)[1:]) == 0
    require = ["claims", "--from", "handed-in/lee", "--require", "C1=supported"]
    assert call(require) == 1
    assert "claim C1 is open" in capsys.readouterr().err
    asked = ["claims", "--from", "handed-in/lee", "C1"]
    assert call(asked) == 0
    assert "The test asks for: " in capsys.readouterr().out


def test_the_page_on_a_network_in_one_file_is_true(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = "docs/how-to/use-a-network.md"
    store = Store(tmp_path / "store")
    store.prepare()
    settings = {"hidden_size": 8, "data_size": 300, "batch_size": 32, "updates": 2}
    execute(MemoryConfig(**settings), store, lambda at: None, lambda: False)
    monkeypatch.chdir(tmp_path)
    written, _ = _blocks(page, "sh")
    for line in written.splitlines()[:2]:
        assert call(shlex.split(line)[1:]) == 0
    weights, program = capsys.readouterr().out.split()
    Path(program).rename("network.onnx")
    Path("exports/lstm.safetensors").write_bytes(Path(weights).read_bytes())
    assert call(["predict", "exports/lstm.safetensors", "7373"]) == 0
    (answer,) = re.findall(r"predicted next digit: (\d)", capsys.readouterr().out)
    (code,) = _blocks(page, "python")
    exec(code, {})
    assert capsys.readouterr().out.strip() == f"[{answer}]"
