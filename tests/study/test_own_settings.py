"""Where a study's own files are, and options as axes of a grid."""

from pathlib import Path

import pytest

from assay import Study
from assay.config import GanConfig, MemoryConfig
from assay.errors import AssayError

CELL = "class Cell:\n    WORD = {!r}\n"


def study(folder: Path, text: str) -> Study:
    (folder / "s.toml").write_text('title = "T"\n' + text)
    return Study(str(folder / "s.toml"))


@pytest.fixture
def two(tmp_path: Path) -> Path:
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / "mycell.py").write_text(CELL.format(name))
    return tmp_path


def test_a_folder_is_taken_from_the_study(two: Path) -> None:
    text = '[defaults]\ncell = "mycell:Cell"\n[experiments.a]\nfolder = "a"\n[experiments.b]\n'
    configs = [arm.config for arm in study(two, text + 'folder = "b"\n').arms()]
    assert [Path(config.folder) for config in configs] == [two / "a", two / "b"]
    assert len({config.run_id for config in configs}) == 2


def test_a_folder_may_be_a_default_or_an_axis(two: Path) -> None:
    text = '[defaults]\ncell = "mycell:Cell"\nfolder = "a"\n[experiments.x]\n[experiments.y]\n'
    arms = study(two, text + 'grid = { folder = ["a", "b"] }\n').arms()
    ids = [arm.config.run_id for arm in arms]
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize(
    ("folder", "message"),
    [('"c"', "folder = 'c': there is no such folder"), ("3", "folder = 3: should be")],
)
def test_a_folder_that_is_not_there_is_refused(two: Path, folder: str, message: str) -> None:
    with pytest.raises(AssayError, match=message):
        study(two, f'[experiments.x]\ncell = "mycell:Cell"\nfolder = {folder}\n')


def test_an_archive_knows_which_of_two_is_meant(two: Path) -> None:
    from assay.study import OwnFiles, load_study

    text = '[defaults]\ncell = "mycell:Cell"\n[experiments.a]\nfolder = "a"\n[experiments.b]\n'
    opened = study(two, text + 'folder = "b"\n')
    configs = [arm.config for arm in opened.arms()]
    own = OwnFiles.of(configs, two)
    assert set(own.source) == {"a/mycell:Cell", "b/mycell:Cell"}
    for name in "ab":
        (two / name / "mycell.py").unlink()
        (two / name).rmdir()
    kept = load_study(str(two / "s.toml"), own=own)
    assert [arm.config.run_id for arm in kept.arms("full")] == [c.run_id for c in configs]


def test_options_are_axes_by_their_dotted_names(tmp_path: Path) -> None:
    arms = study(
        tmp_path,
        """
[experiments.cells]
cell = "mingru"
grid = { "cell_options.layers" = [1, 2] }
[experiments.losses]
kind = "gan"
loss = "wgan_gp"
critic_steps = 5
grid = { "loss_options.weight" = [1.0, 10.0] }
[experiments.both]
cell = "lru"
cell_options = { r_min = 0.5 }
grid = { "cell_options.r_max" = [0.9, 0.99] }
""",
    ).arms()
    configs = [arm.config for arm in arms]
    assert all(isinstance(config, MemoryConfig) for config in configs[:2])
    assert [c.cell_options for c in configs[:2]] == [{"layers": 1}, {"layers": 2}]  # type: ignore[attr-defined]
    assert all(isinstance(config, GanConfig) for config in configs[2:4])
    assert [c.loss_options for c in configs[2:4]] == [{"weight": 1.0}, {"weight": 10.0}]  # type: ignore[attr-defined]
    assert configs[5].cell_options == {"r_min": 0.5, "r_max": 0.99}  # type: ignore[attr-defined]
    assert arms[0].key == "cells[cell_options.layers=1]"


@pytest.mark.parametrize(
    ("grid", "message"),
    [
        ('{ "cell_options.layer" = [1] }', "cell_options of mingru: unknown key 'layer'"),
        ('{ "cell_options.layers" = [0] }', "layers = 0: should be"),
        ('{ "learning_rate.x" = [1] }', "learning_rate"),
        ('{ "cell.x" = [1] }', "unknown key 'cell.x'"),
        ('{ "options.layers" = [1] }', "unknown key 'options'"),
    ],
)
def test_a_wrong_axis_is_refused_when_the_study_is_loaded(
    tmp_path: Path, grid: str, message: str
) -> None:
    with pytest.raises(AssayError, match=message):
        study(tmp_path, f'[experiments.x]\ncell = "mingru"\ngrid = {grid}\n')


def test_a_claim_points_at_such_an_arm_and_a_multiverse_varies_it(tmp_path: Path) -> None:
    text = """
[experiments.x]
length = 5
cell = "mingru"
grid = { "cell_options.layers" = [1, 2] }
[experiments.y]
length = 5
cell = "lstm"
[[claims]]
id = "C"
sentence = "Two layers are solved more often."
[[claims.parts]]
sentence = "More."
metric = "best_accuracy"
kind = "solved"
solved = 0.9
test = "greater"
of = { experiment = "x", "cell_options.layers" = 2 }
against = { experiment = "y" }
margin = 0.1
unit = "share"
[multiverse]
claims = ["C"]
updates = 30
[multiverse.axes]
AXIS
"""
    opened = study(tmp_path, text.replace("AXIS", '"cell_options.layers" = [2, 3]'))
    runs = opened.plan(multiverse=True)
    layers = {tuple(run.config.cell_options.items()) for run in runs}  # type: ignore[attr-defined]
    assert layers == {(), (("layers", 2),), (("layers", 3),)}
    with pytest.raises(AssayError, match=r"'cell\.layers' cannot be varied"):
        study(tmp_path, text.replace("AXIS", '"cell.layers" = [2, 3]'))
