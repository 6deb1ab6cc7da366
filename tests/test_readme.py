"""The README's commands print what it shows, and its study is decided as it says."""

import re
import shlex
import sys
from pathlib import Path

import pytest

from assay import Study
from assay.cli import call
from assay.execution.runner import execute
from assay.store import Store

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
SHOWN = dict(re.findall(r"```console\n\$ (.*?)\n(.*?)```", README, re.S))


def test_there_are_three_commands() -> None:
    assert [shlex.split(command)[1] for command in SHOWN] == ["demo", "judge", "claims"]


@pytest.mark.parametrize("command", [each for each in SHOWN if "demo" not in each])
def test_a_command_prints_what_is_shown(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert call(shlex.split(command)[1:]) == 0
    assert re.sub("\x1b.*?m", "", capsys.readouterr().out).strip() == SHOWN[command].strip()


def test_the_study_trains_and_is_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (text,) = re.findall(r"```toml\n# (?:gru.toml)\n(.*?)```", README, re.S)
    brief = text.replace("4_000", "200").replace("epochs = 12", "updates = 2")
    (tmp_path / "gru.toml").write_text(brief)
    monkeypatch.chdir(tmp_path)
    store = Store("store")
    store.prepare()
    for arm in Study("gru.toml").arms("full"):
        assert execute(arm.run(0), store, lambda at: None, lambda: False).status == "finished"
    assert call(["claims", "gru.toml"]) == 0
    assert re.search("^C1 +open", capsys.readouterr().out, re.M)
