"""The code that the documentation shows runs as it stands there."""

import re
from pathlib import Path

import pytest

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
