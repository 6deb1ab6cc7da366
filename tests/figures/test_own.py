"""Figures that a study's own code draws: of any kind, checked when it is loaded."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assay import Study
from assay.config import MemoryConfig
from assay.errors import AssayError, PluginError, StudyError
from assay.figures.own import left_out, own_figure, rows
from assay.store import RunFolder
from assay.store.archive import Archive
from assay.store.log import Diverged, Numbers
from tests.figures.conftest import MakeArm

STUDY = """
title = "Drawn by its own code"
[defaults]
hidden_size = 8
data_size = 300
batch_size = 32
epochs = 3
[experiments.small]
[profiles.full]
seeds = 1
[[figures]]
id = "own"
title = "Losses"
kind = "mine:losses"
experiments = ["small"]
name = "validation.loss"
"""
MINE = """
def losses(ax, rows, name, colour="k"):
    for row in rows:
        ax.plot(*zip(*row.log.points(name)), color=colour, label=f"{row.label} {row.seed}")
    ax.set_title("first")
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "own.toml").write_text(STUDY)
    (tmp_path / "mine.py").write_text(MINE)
    return tmp_path


@pytest.fixture
def study(
    folder: Path, small: MemoryConfig, train_here: Callable[[MemoryConfig], RunFolder]
) -> Study:
    train_here(small)
    return Study(folder / "own.toml", folder / "store")


def test_rows_are_runs_that_ended(make_arm: MakeArm) -> None:
    arm = make_arm([[Numbers(1, {"a": 2})], [Diverged(3)]], title="LSTM", point={"length": 5})
    first, second = rows([arm])
    assert (first.experiment, first.label) == ("experiment", "LSTM · length = 5")
    assert (first.point, first.seed, first.diverged) == ({"length": 5}, 0, False)
    assert first.log.points("a") == [(1, 2)]
    assert (second.seed, second.diverged) == (1, True)


def test_it_is_drawn_into_axes_with_what_its_table_says(study: Study) -> None:
    (ax,) = study.figure("own").axes
    (line,) = ax.get_lines()
    assert line.get_label() == "small 0"
    assert len(line.get_xdata()) == 3
    page = study.report(folder=Path(study.store.root).parent / "report").read_text()
    assert "Losses" in page
    assert study.data()["figures"][0]["settings"] == {"name": "validation.loss"}


def test_an_edit_is_drawn(study: Study, folder: Path) -> None:
    assert study.figure("own") is study.figure("own")
    (folder / "mine.py").write_text(MINE.replace("first", "second"))
    assert study.figure("own").axes[0].get_title(loc="left") == "second"


def test_an_archive_is_read_without_its_code(study: Study, folder: Path) -> None:
    kept, _ = study.keep(folder=folder / "kept")
    (folder / "mine.py").unlink()
    (folder / "own.toml").unlink()
    (ax,) = Study(store=Archive(kept)).figure("own").axes
    assert "drawn by mine:losses, code of the study's own" in ax.texts[0].get_text()
    assert left_out("a:b").axes


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("mine:losses", "mine:lossses"), "figure own: kind = 'mine:lossses': mine:lossses cannot"),
        (("mine:losses", "mien:losses"), "there is no module 'mien' in"),
        (("mine:losses", "losses"), "are curves, state_gradient, horizon, or a module:function of"),
        (('name = "v', 'nam = "v'), "missing a required argument: 'name' (it is called with axes"),
    ],
)
def test_a_slip_is_told_when_the_study_is_loaded(
    folder: Path, change: tuple[str, str], told: str
) -> None:
    (folder / "own.toml").write_text(STUDY.replace(*change))
    with pytest.raises(StudyError) as caught:
        Study(folder / "own.toml")
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_it_raises_is_a_sentence_with_its_line(make_arm: MakeArm, folder: Path) -> None:
    from assay.study.own_figures import own_drawing

    (folder / "mine.py").write_text("def losses(ax, rows):\n    rows[7]\n")
    draw = own_drawing("mine:losses", str(folder), {})
    with pytest.raises(PluginError, match=r"mine:losses failed as it drew a figure: IndexError.*2"):
        own_figure("mine:losses", draw, [make_arm([])], {})
    (folder / "mine.py").write_text("losses = 3")
    with pytest.raises(AssayError, match="should be a class or function"):
        own_drawing("mine:losses", str(folder), {})
