"""Wrong input gets one clear sentence, exit code 2, and leaves nothing behind."""

from pathlib import Path

import pytest

from tests.end_to_end.conftest import STUDY, Cli

CASES = {
    "unknown flag": (["train", "memory", "--lenght", "5"], "--lenght"),
    "wrong type": (
        ["train", "memory", "--epochs", "ten"],
        'Invalid value for --epochs: unable to convert "ten" into int',
    ),
    "learning rate": (["train", "memory", "--learning-rate", "-1"], "greater than 0"),
    "T = 1": (
        ["train", "memory", "--length", "1"],
        "length = 1: should be greater than or equal to 2",
    ),
    "no data": (["train", "memory", "--data-size", "0"], "data_size = 0: should be greater"),
    "unknown cell": (["train", "memory", "--cell", "lstmm"], "allowed are rnn, lstm, gru"),
    "bad combination": (
        ["train", "memory", "--cell", "rnn", "--lstm-form", "as_reported"],
        "lstm_form",
    ),
    "missing own cell": (["train", "memory", "--cell", "none:Cell"], "no module 'none'"),
    "missing own file": (
        ["train", "memory", "--task", "file", "--data", "no.csv"],
        "data = 'no.csv': there is no such file",
    ),
    "broken own file": (["train", "memory", "--task", "file", "--data", "bad.npz"], "bad.npz"),
    "cell of the wrong shape": (["train", "memory", "--cell", "shapes:Wrong"], "shapes:Wrong"),
    "cell that fails": (["train", "memory", "--cell", "shapes:Fails"], "ValueError: on purpose"),
    "option of an own cell": (
        ["train", "memory", "--cell", "shapes:Wrong", "--cell-options.leak", "1"],
        "unexpected keyword argument 'leak'",
    ),
    "unknown study": (["run", "nothing"], "no such file, and the shipped studies are cs324_a3"),
    "not TOML": (["run", "broken.toml"], "broken.toml is not TOML"),
    "unknown key": (["plan", "unknown.toml"], "unknown.toml, experiments.rnn: unknown key 'sell'"),
    "unknown profile": (["run", "small.toml", "--profile", "fast"], "allowed are quick, full"),
    "unknown experiment": (["run", "small.toml", "--only", "x"], "no experiment matches 'x'"),
    "workers": (["run", "small.toml", "--workers", "0"], "--workers = 0"),
    "store is a file": (
        ["run", "small.toml", "--store", "small.toml"],
        "store small.toml cannot be",
    ),
    "unknown run": (["predict", "abc", "1234"], "no run whose id begins with 'abc'"),
    "report of nothing": (["report", "small.toml"], "assay run"),
    "format": (["report", "small.toml", "--format", "docx"], "format"),
    "command": (["trian"], "trian"),
    "missing argument": (["run"], "STUDY"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "small.toml").write_text(STUDY)
    (tmp_path / "broken.toml").write_text("title = ")
    (tmp_path / "unknown.toml").write_text(STUDY.replace("cell =", "sell ="))
    (tmp_path / "bad.npz").write_bytes(b"PK\x03\x04 not really")
    (tmp_path / "shapes.py").write_text(
        "from torch import nn\n\n"
        "class Wrong(nn.Module):\n"
        "    def __init__(self, input_size, hidden_size):\n"
        "        super().__init__()\n"
        "        self.mix = nn.Linear(input_size, hidden_size + 1)\n\n"
        "    def forward(self, x, state):\n"
        "        return (self.mix(x),)\n\n"
        "class Fails(Wrong):\n"
        "    def forward(self, x, state):\n"
        "        raise ValueError('on purpose')\n"
    )
    return tmp_path


@pytest.mark.parametrize(("arguments", "message"), CASES.values(), ids=CASES.keys())
def test_one_sentence_and_exit_code_2(
    cli: Cli, folder: Path, arguments: list[str], message: str
) -> None:
    before = {path.name for path in folder.iterdir()}
    result = cli(*arguments)
    assert result.returncode == 2, result.stderr
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stderr.startswith("error: ")
    assert len(result.stderr.strip().splitlines()) == 1
    assert result.stdout == ""
    left = {path.name for path in folder.iterdir()} - before - {"__pycache__"}
    assert left <= {"store"}
    assert not list(folder.glob("store/*"))


def test_digits_that_a_run_cannot_read(cli: Cli) -> None:
    flags = ("--hidden-size", "4", "--epochs", "1")
    palindrome = cli("train", "memory", *flags, "--length", "6").stdout.strip()
    adding = cli("train", "memory", *flags, "--task", "adding", "--data-size", "100").stdout.strip()
    for run, digits, message in (
        (palindrome, "1234", "has 4 digits: run"),
        (palindrome, "12a45", "should be digits from 0 to 9 only"),
        (palindrome, "", "should be digits"),
        (palindrome, "١٢٣٤٥", "should be digits"),
        (adding, "12345", "predict reads strings of digits"),
    ):
        result = cli("predict", run, digits)
        assert result.returncode == 2, result.stderr
        assert message in result.stderr
        assert "Traceback" not in result.stderr


def test_a_checkpoint_of_another_network_or_none(cli: Cli, tmp_path: Path) -> None:
    run = cli("train", "memory", "--hidden-size", "4", "--epochs", "1").stdout.strip()
    other = cli("train", "memory", "--hidden-size", "5", "--epochs", "1").stdout.strip()
    store = tmp_path / "store"
    for path in (store / run / "checkpoints").iterdir():
        path.unlink()
    missing = cli("predict", run, "1234")
    assert missing.returncode == 2
    assert "holds no checkpoint" in missing.stderr
    for path in (store / other / "checkpoints").iterdir():
        (store / run / "checkpoints" / path.name).write_bytes(path.read_bytes())
    wrong = cli("predict", run, "1234")
    assert wrong.returncode == 2
    assert "holds another network" in wrong.stderr
    assert "Traceback" not in wrong.stderr
