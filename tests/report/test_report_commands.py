import shlex

from made_up_runs import fill, numbers

from assay.cli import app
from assay.config import MemoryConfig
from assay.report.data.commands import train_command
from assay.store import Store


def test_every_run_has_a_command_that_trains_it(flagship, data) -> None:
    arms = {arm.key: arm for arm in flagship.arms("quick") if arm.seeds}
    listed = {entry["arm"]: entry["runs"] for entry in data["commands"]["arms"]}
    assert set(listed) == set(arms)
    for key, runs in listed.items():
        for config, run in zip(arms[key].runs, runs, strict=True):
            assert (run["run"], run["seed"]) == (config.run_id, config.seed)
            assert _parsed(run["command"]).run_id == config.run_id
    assert {
        "experiment": "fig2",
        "title": "LSTM, T = 20",
        "command": "assay run cs324_a3 --profile quick --only 'fig2'",
    } in data["commands"]["experiments"]


def _parsed(command: str) -> MemoryConfig:
    _, bound, *_ = app.parse_args(shlex.split(command)[1:], exit_on_error=False, print_error=False)
    return bound.arguments["config"]


def test_a_command_names_only_what_is_not_default() -> None:
    config = MemoryConfig(learning_rate=1e-2, lstm_form="as_reported")
    assert train_command(config) == (
        "assay train memory --learning-rate 0.01 --lstm-form as_reported --seed 0"
    )


def test_a_command_for_an_own_cell_says_where_it_is_and_what_it_takes() -> None:
    config = MemoryConfig(
        cell="cells:Mine",
        cell_options={"depth": 2, "gate": True, "name": "a b"},
        folder="/my folder",
        source_sha256={"cells:Mine": "0" * 64},
        seed=3,
    )
    command = train_command(config)
    assert command.endswith("--cell-options.name 'a b' --folder '/my folder' --seed 3")
    assert "sha256" not in command
    parsed = _parsed(command)
    assert (parsed.cell, parsed.folder, parsed.seed) == (config.cell, config.folder, 3)


def test_an_own_study_is_named_by_its_file(small_study, tmp_path) -> None:
    store = Store(tmp_path / "store")
    fill(store, small_study.arms("quick"))
    commands = numbers(small_study, store)["commands"]
    assert commands["everything"] == [
        f"assay run {tmp_path}/own.toml --profile quick",
        f"assay report {tmp_path}/own.toml --profile quick",
    ]
