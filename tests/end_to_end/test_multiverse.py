"""A multiverse through the command line: plan, run, run again, claims, report."""

import json
from pathlib import Path

from assay.store import Store
from tests.end_to_end.conftest import Cli

STUDY = """
title = "A small multiverse"
[defaults]
length = 3
encoding = "one_hot"
data_size = 100
batch_size = 20
hidden_size = 16
learning_rate = 0.01
[experiments.recall]
grid = { cell = ["lstm", "rnn"] }
updates = 150
stop_accuracy = 0.9
[profiles.quick]
seeds = 2
[[claims]]
id = "C1"
sentence = "The LSTM is faster."
[[claims.parts]]
sentence = "It reaches 90 % in fewer updates."
metric = "updates_to_90"
test = "faster"
of = { experiment = "recall", cell = "lstm" }
against = { experiment = "recall", cell = "rnn" }
margin = 1.25
unit = "times as many updates"
[multiverse]
claims = ["C1"]
seeds = 2
updates = 150
stop_accuracy = 0.9
[multiverse.axes]
lstm_form = ["standard", "as_reported"]
optimizer = ["rmsprop", "adam"]
"""


def test_from_axes_to_a_specification_curve(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(STUDY)
    # Four settings of the LSTM and two of the RNN, two seeds each.
    trained = cli("run", "small.toml", "--multiverse", "--workers", "2")
    assert trained.returncode == 0, trained.stderr
    assert "[12/12]" in trained.stderr
    again = cli("run", "small.toml", "--multiverse")
    assert "12 of 12 runs are done already" in again.stderr

    records = [run.record() for run in Store(tmp_path / "store").runs()]
    ended = [(record.status, record.updates) for record in records if record]
    assert [status for status, _ in ended] == ["finished"] * 12
    solved = {updates for _, updates in ended if updates < 150}
    assert solved

    claims = json.loads(cli("claims", "small.toml", "--json").stdout)["claims"]
    found = claims[0]["multiverse"]
    assert (found["universes"], found["complete"]) == (4, 4)
    assert found["runs"]["finished"] == found["runs"]["planned"] == 12
    assert found["inference"]["relabellings"] == 6
    assert found["claimed"] + found["other"] + found["none"] == 4
    times = {time for each in found["curve"] for arm in each["times"] for time in arm}
    # A run ends at the second of the two looks that it passes.
    assert solved <= {time + 25 for time in times if time is not None}
    # The study's own runs are two of the universes', and so done already.
    assert claims[0]["verdict"] == "numbers only"
    assert [arm["runs"] for arm in claims[0]["parts"][0]["arms"]] == [2, 2]

    written = cli("report", "small.toml")
    assert written.returncode == 0, written.stderr
    page = (tmp_path / written.stdout.strip()).read_text()
    assert 'id="figure-multiverse-C1"' in page
    assert found["words"]["sentence"].replace("'", "&#39;") in page
    assert (
        tmp_path / "reports" / "small" / "quick" / "figures" / "figure-multiverse-C1.png"
    ).is_file()
