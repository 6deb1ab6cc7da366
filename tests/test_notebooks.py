"""The walk-throughs run from their first cell to their last, and are kept as they were run."""

from pathlib import Path

import jupytext
import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[1] / "notebooks"
SOURCES = sorted(FOLDER.glob("*.py"))

# What is added to each study: the smallest training that every cell can say something about.
STRINGS = "{ updates = 30, hidden_size = 8, data_size = 300, batch_size = 32 }"
IMAGES = (
    '{ task = "images", data = "few.npz", image_size = 8, updates = 1, batch_size = 12, '
    # The same for both experiments, so that one run serves them.
    'latent_dim = 5, network = "mlp", beta1 = 0.9, epochs = 1 }'
)
TINY = {
    "lstm_on_palindromes": (
        "[profiles.tiny]\nseeds = 2\n[profiles.tiny.experiments]\n"
        + "".join(
            f"{cell}_{which} = {STRINGS}\n"
            for cell in ("lstm", "rnn")
            for which in ("T5", "T20", "other")
        )
    ),
    "gan_on_mnist": (
        "[profiles.tiny]\nseeds = 1\n[profiles.tiny.experiments]\n"
        f"linear = {IMAGES}\nconvolutional = {IMAGES}\n"
    ),
}


def write_few_images(path: Path) -> None:
    """1,100 images of 8 x 8 in ten classes: enough that some are held out and have a floor."""
    rng = np.random.default_rng(0)
    labels = np.arange(1_100) % 10
    images = rng.integers(0, 60, (1_100, 8, 8)) + 19 * labels[:, None, None]
    np.savez(path, images=images.astype(np.uint8), labels=labels)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_every_cell_runs(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "notebooks"
    folder.mkdir()
    study = (FOLDER / f"{source.stem}.toml").read_text(encoding="utf-8")
    (folder / f"{source.stem}.toml").write_text(f"{study}\n{TINY[source.stem]}", encoding="utf-8")
    write_few_images(folder / "few.npz")
    monkeypatch.setenv("ASSAY_PROFILE", "tiny")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    notebook = jupytext.read(source, fmt="py:percent")
    resources = {"metadata": {"path": str(folder)}}
    # A cell that fails raises here, with its traceback.
    NotebookClient(notebook, timeout=240, kernel_name="python3", resources=resources).execute()
    assert {run.name for run in (tmp_path / "store").iterdir() if (run / "record.json").exists()}
    assert pictures(notebook) == pictures(saved(source))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_the_saved_form_is_what_the_source_says(source: Path) -> None:
    kept, written = saved(source), jupytext.read(source, fmt="py:percent")
    nbformat.validate(kept)
    assert [(cell.cell_type, cell.source) for cell in kept.cells] == [
        (cell.cell_type, cell.source) for cell in written.cells
    ], "run 'make notebooks'"
    code = [cell for cell in kept.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    kinds = {output.output_type for cell in code for output in cell.outputs}
    assert kinds <= {"stream", "display_data", "execute_result"}


def saved(source: Path) -> nbformat.NotebookNode:
    """The notebook with its outputs."""
    return nbformat.read(source.with_suffix(".ipynb"), as_version=4)


def pictures(notebook: nbformat.NotebookNode) -> list[int]:
    """How many pictures each cell shows."""
    return [
        sum("image/png" in output.get("data", {}) for output in cell.get("outputs", []))
        for cell in notebook.cells
    ]
