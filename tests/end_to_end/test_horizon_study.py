"""A study of memory horizons through the command line: from its file to verdicts and a report."""

import json
from pathlib import Path

from tests.end_to_end.conftest import Cli

STUDY = """
title = "A small horizon"
[defaults]
hidden_size = 16
data_size = 300
batch_size = 32
encoding = "one_hot"
learning_rate = 0.01
updates = 100
stop_accuracy = 0.9
[experiments.modern]
title = "modern"
grid = { cell = ["lru", "mlstm"], length = [3, 14] }
[profiles.full]
seeds = 2
[[figures]]
id = "H"
title = "Horizons"
kind = "horizon"
experiments = ["modern"]
[[claims]]
id = "C"
sentence = "Short is easier than long."
[[claims.parts]]
sentence = "More runs of the LRU are solved at T = 3."
metric = "reached_accuracy"
kind = "solved"
solved = 0.9
test = "greater"
of = { experiment = "modern", cell = "lru", length = 3 }
against = { experiment = "modern", cell = "lru", length = 14 }
margin = 0.1
unit = "share of runs"
"""


def test_from_a_study_of_horizons_to_its_report(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "far.toml").write_text(STUDY)
    trained = cli("run", "far.toml", "--profile", "full")
    assert trained.returncode == 0, trained.stderr
    assert "[8/8]" in trained.stderr

    written = cli("report", "far.toml", "--profile", "full", "--format", "json")
    found = json.loads((tmp_path / written.stdout.strip()).read_text())
    rows = {row["label"]: row for row in found["horizons"]}
    assert list(rows) == ["modern, lru", "modern, mlstm"]
    for row in rows.values():
        assert [(point["length"], point["runs"]) for point in row["points"]] == [(3, 2), (14, 2)]
        assert row["accuracy"] == 0.9
    lru = rows["modern, lru"]
    assert [point["solved"] for point in lru["points"]] == [2, 0]
    assert 3 < lru["estimate"] < 14
    assert "up to T = " in lru["sentence"]
    paths = {entry["kernel"] for entry in found["environment"]["compute_paths"]}
    assert paths == {"assay.powers", "assay.memory"}

    (claim,) = json.loads(cli("claims", "far.toml", "--profile", "full", "--json").stdout)["claims"]
    assert claim["verdict"] == "open", "two seeds cannot tell"
    assert [each["shown"] for each in claim["parts"][0]["seeds"]] == [True, True]
