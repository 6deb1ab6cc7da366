"""The code that the documentation shows runs as it stands there."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from assay.cli import call
from assay.kinds.command.config import GIVEN

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
