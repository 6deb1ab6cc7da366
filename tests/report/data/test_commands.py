import shlex
from collections.abc import Callable
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from assay.cli import app, call, register_kinds
from assay.config import (
    ClassifierConfig,
    GanConfig,
    MemoryConfig,
    RunConfig,
    kind_named,
    kind_names,
)
from assay.kinds.command.config import CommandConfig
from assay.kinds.function.config import FunctionConfig
from assay.report.data.commands import command_rows, train_command
from assay.store import Store
from assay.study import StudyPlan
from tests.report.made_up_runs import fill, numbers

HERE = Store("store")


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], RunConfig]:
    """The configuration that a printed command trains, as the command line reads it."""

    def parse(command: str) -> RunConfig:
        found: list[RunConfig] = []
        with monkeypatch.context() as patched:
            patched.setattr("assay.cli.train.train_one", lambda config, *rest: found.append(config))
            assert call(shlex.split(command)[1:]) == 0, command
        return found[0]

    return parse


def test_every_run_has_a_command_that_trains_it(flagship, full_store, data, parsed) -> None:
    arms = {arm.key: arm for arm in flagship.arms("quick") if arm.seeds}
    listed = {entry["arm"]: entry["runs"] for entry in data["commands"]["arms"]}
    assert set(listed) == set(arms)
    for key, runs in listed.items():
        for config, run in zip(arms[key].runs, runs, strict=True):
            assert (run["run"], run["seed"]) == (config.run_id, config.seed)
        assert parsed(runs[0]["command"]).run_id == arms[key].runs[0].run_id
    assert {
        "experiment": "fig2",
        "title": "LSTM, T = 20",
        "command": f"assay run cs324_a3 --profile quick --only fig2 --store {full_store.root}",
    } in data["commands"]["experiments"]


@pytest.mark.parametrize(
    "config",
    [
        GanConfig(conditional=True, learning_rate=1e-5, ema=0.99),
        GanConfig(measure_at=(50, 100), keep_at=()),
        GanConfig(
            task="images", data="-my pics", data_sha256="0" * 64, channels=3, image_size=32, seed=7
        ),
        GanConfig(network="nets:make", network_options={"width": 64, "deep": True, "name": "a b"}),
        GanConfig(network="nets:make", network_options={"name": "12", "shift": -0.5, "on": "true"}),
        ClassifierConfig(epochs=2, average=0.5, unreadable="skip", batch_size=7),
        MemoryConfig(cell="lru", cell_options={"r_min": 0.25, "max_phase": 3.0}),
        MemoryConfig(updates=5, stop_accuracy=0.75, encoding="one_hot", optimizer="adam"),
        MemoryConfig(task="gen:make", task_options={"low": -1, "word": "-x"}, folder="/a b/c"),
        FunctionConfig(
            train="mine:train",
            values={"learning_rate": 1e-3, "Deep": True, "name": "12", "of": "a b", "shift": -0.5},
            cores=2,
            updates=7,
        ),
        CommandConfig(
            command="python train.py --rate {learning_rate} --to '{Where}' --n {n_steps}",
            values={"learning_rate": 1e-3, "Where": "a b", "n_steps": 12},
            updates="n_steps",
            env={"OMP_NUM_THREADS": "1", "name": "{Where}"},
            pattern=["loss {loss}", "step {step}: {accuracy}"],
            sources=["train.py", "*.yaml"],
            resumes=True,
            folder="/a b/c",
        ),
    ],
    ids=lambda config: config.label,
)
def test_any_run_is_trained_by_its_command(config: RunConfig, parsed) -> None:
    found = parsed(train_command(config, Store("/my store")))
    filled_in = {"data_sha256", "source_sha256", "folder"}
    assert found.model_dump(exclude=filled_in) == config.model_dump(exclude=filled_in)
    if config.plugins or config.in_folder:
        assert found.folder == config.folder


def test_every_field_of_every_kind_is_a_flag() -> None:
    register_kinds()
    for settings in (kind_named(name).config for name in kind_names()):
        command = app["train"][settings.model_fields["kind"].default]
        flags = {
            name for argument in command.assemble_argument_collection() for name in argument.names
        }
        for name in settings.model_fields.keys() - {"kind"}:
            assert "--" + name.replace("_", "-") in flags, name


def test_a_command_names_only_what_is_not_default() -> None:
    config = MemoryConfig(learning_rate=1e-2, lstm_form="as_reported")
    assert train_command(config, HERE) == (
        "assay train memory --learning-rate 0.01 --lstm-form as_reported --seed 0"
    )


def test_a_command_for_an_own_cell_says_where_it_is_and_what_it_takes(parsed) -> None:
    config = MemoryConfig(
        cell="cells:Mine",
        cell_options={"depth": 2, "gate": True, "name": "a b"},
        folder="/my folder",
        source_sha256={"cells:Mine": "0" * 64},
        seed=3,
    )
    command = train_command(config, HERE)
    assert command.endswith("--cell-options.name 'a b' --folder '/my folder' --seed 3")
    assert "sha256" not in command
    found = parsed(command)
    assert (found.cell, found.folder, found.seed) == (config.cell, config.folder, 3)


def test_a_study_is_named_from_its_folder_and_a_store_by_where_it_is(small_study, tmp_path) -> None:
    store = Store(tmp_path / "my store")
    fill(store, small_study.arms("quick"))
    commands = numbers(small_study, store)["commands"]
    at = f"--profile quick --store '{tmp_path}/my store'"
    assert commands["everything"] == [
        f"assay run own.toml {at}",
        f"assay report own.toml {at}",
    ]
    elsewhere = replace(small_study, path=Path("-two words.toml"))
    found = command_rows(elsewhere, "quick", [], {}, Store("store"))
    assert found.everything[0] == "assay run './-two words.toml' --profile quick"


def test_an_experiment_whose_name_is_a_pattern_is_run_alone(small_study: StudyPlan) -> None:
    arm = small_study.arms("quick")[0]
    odd = replace(arm, experiment="a[1]*")
    named = {"a[1]*": small_study.file.experiments[arm.experiment]}
    study = replace(small_study, file=small_study.file.model_copy(update={"experiments": named}))
    statuses = {config.run_id: "planned" for config in odd.runs}
    found = command_rows(study, "quick", [odd], statuses, HERE)
    words = shlex.split(found.experiments[0].command)
    pattern = words[words.index("--only") + 1]
    assert fnmatchcase("a[1]*", pattern)
    assert not fnmatchcase("a1x", pattern)
