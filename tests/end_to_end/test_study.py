"""A user's way through: plan, run, status, report, predict."""

import json
import re
from pathlib import Path

from tests.end_to_end.conftest import Cli


def test_from_a_study_file_to_a_report(cli: Cli, study: str, tmp_path: Path) -> None:
    planned = json.loads(cli("plan", study, "--json").stdout)
    assert len(planned["runs"]) == 6
    assert planned["seconds_left"] > 0
    assert {run["status"] for run in planned["runs"]} == {"planned"}

    trained = cli("run", study)
    assert trained.returncode == 0, trained.stderr
    assert "[6/6]" in trained.stderr

    before = sorted(
        (path, path.stat().st_mtime_ns) for path in (tmp_path / "store").rglob("*.json")
    )
    again = cli("run", study)
    assert "6 of 6 runs are done already" in again.stderr
    after = sorted((path, path.stat().st_mtime_ns) for path in (tmp_path / "store").rglob("*.json"))
    assert after == before

    rows = json.loads(cli("status", "--json").stdout)["runs"]
    assert [row["status"] for row in rows] == ["finished"] * 6
    assert {row["updates"] for row in rows} == {24}

    more = cli("run", study, "--profile", "full", "--only", "rnn")
    assert "2 of 3 runs are done already" in more.stderr
    assert "[1/1]" in more.stderr

    written = cli("report", study)
    assert written.returncode == 0, written.stderr
    page = (tmp_path / written.stdout.strip()).read_text()
    assert "A small study" in page
    assert json.loads(
        (tmp_path / cli("report", study, "--format", "json").stdout.strip()).read_text()
    )


def test_one_run_and_its_predictions(cli: Cli) -> None:
    trained = cli(
        "train",
        "memory",
        "--length",
        "4",
        "--hidden-size",
        "32",
        "--epochs",
        "150",
        "--learning-rate",
        "0.01",
        "--data-size",
        "100",
        "--batch-size",
        "16",
    )
    assert trained.returncode == 0, trained.stderr
    run = trained.stdout.strip()
    assert re.fullmatch("[0-9a-f]{16}", run)
    answer = json.loads(cli("predict", run, "733", "--json").stdout)
    assert answer["expected"] == 7
    assert len(answer["probabilities"]) == 10
    assert abs(sum(answer["probabilities"]) - 1) < 1e-5
    assert answer["digit"] == max(range(10), key=answer["probabilities"].__getitem__)
    assert "733 begins the palindrome 7337" in cli("predict", run[:6], "733").stdout
    assert "734 is not the beginning of a palindrome" in cli("predict", run[:6], "734").stdout


def test_an_own_cell_task_and_file(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        "import torch\nfrom torch import nn\n\n"
        "class Leaky(nn.Module):\n"
        "    def __init__(self, input_size, hidden_size, leak=0.5):\n"
        "        super().__init__()\n"
        "        self.hidden_size, self.leak = hidden_size, leak\n"
        "        self.mix = nn.Linear(input_size + hidden_size, hidden_size)\n\n"
        "    def forward(self, x, state):\n"
        "        (h,) = state\n"
        "        new = torch.tanh(self.mix(torch.cat([x, h], dim=1)))\n"
        "        return ((1 - self.leak) * h + self.leak * new,)\n\n"
        "def parity(rng, length, data_size):\n"
        "    bits = rng.integers(0, 2, (data_size, length))\n"
        "    return bits, bits.sum(1) % 2\n"
    )
    (tmp_path / "mine.csv").write_text(
        "sequence,label\n" + "".join(f"{n:04d},{n // 1000}\n" for n in range(0, 10000, 37))
    )
    (tmp_path / "own.toml").write_text(
        'title = "own"\n[defaults]\nhidden_size = 8\ndata_size = 200\nepochs = 2\n'
        '[experiments.cell]\ncell = "mine:Leaky"\ncell_options = { leak = 0.3 }\n'
        '[experiments.task]\ntask = "mine:parity"\nlength = 8\n'
        '[experiments.file]\ntask = "file"\ndata = "mine.csv"\n'
        "[profiles.quick]\nseeds = 1\n"
    )
    first = cli("run", "own.toml")
    assert first.returncode == 0, first.stderr
    assert "[3/3]" in first.stderr
    source = tmp_path / "mine.py"
    source.write_text(source.read_text().replace("leak=0.5", "leak=0.6"))
    edited = cli("run", "own.toml")
    assert "1 of 3 runs are done already" in edited.stderr, "an edited module is a new run"


def test_doctor_names_the_machine_and_damage(cli: Cli, study: str, tmp_path: Path) -> None:
    healthy = cli("doctor", "--json")
    assert healthy.returncode == 0
    assert json.loads(healthy.stdout)["machine"]["processor"]
    cli("run", study, "--only", "rnn")
    path = next((tmp_path / "store").glob("*/metrics.jsonl"))
    path.write_bytes(path.read_bytes()[:-5])
    ill = cli("doctor")
    assert ill.returncode == 1
    assert "metrics.jsonl is damaged" in ill.stdout
