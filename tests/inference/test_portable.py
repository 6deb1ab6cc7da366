"""A trained network in one file answers as its run does, without the store."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch
from safetensors.numpy import load_file, save_file

from assay import Exported, Run
from assay.cli import call
from assay.config import GanConfig, MemoryConfig
from assay.errors import ConfigError, DataError
from assay.execution.runner import execute
from assay.inference.portable.about import KEY
from assay.models import CELLS
from assay.plugins import resolve
from assay.store import RunFolder, Store

Train = Callable[[MemoryConfig], RunFolder]
OWN = """
import torch
from torch import nn

class Own(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.mix = nn.Linear(input_size + hidden_size, hidden_size)
    def forward(self, x, state):
        h = torch.tanh(self.mix(torch.cat([x, state[0]], 1)))
        return (h if {condition} else -h,)
"""


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """A brief run of each built-in cell, and of each network that generates."""
    folder = tmp_path_factory.mktemp("portable")
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (30, 16, 16), dtype=np.uint8)
    np.savez(folder / "own.npz", images=pixels, labels=np.arange(30) % 3)
    memory = {"hidden_size": 8, "data_size": 300, "batch_size": 32, "updates": 2}
    images = {"task": "images", "data": "own.npz", "image_size": 16, "folder": str(folder)}
    gan = {"updates": 2, "batch_size": 8, "latent_dim": 3, **images}
    configs = {cell: MemoryConfig(cell=cell, **memory) for cell in CELLS}
    configs["one_hot"] = MemoryConfig(encoding="one_hot", lstm_form="as_reported", **memory)
    generators = {
        "mlp": GanConfig(**gan),
        "dcgan": GanConfig(network="dcgan", **gan),
        "conditional": GanConfig(conditional=True, ema=0.9, **gan),
    }
    store = Store(folder / "store")
    store.prepare()
    found = {}
    for name, config in {**configs, **generators}.items():
        resolved = resolve(config)
        result = execute(resolved, store, lambda at: None, lambda: False)
        assert result.status == "finished", result.message
        found[name] = Run(resolved.run_id, store)
    return found


@pytest.mark.parametrize("cell", [*CELLS, "one_hot"])
def test_a_recurrent_network_answers_the_same_from_its_weights(cell, runs, tmp_path) -> None:
    path = runs[cell].export("safetensors", tmp_path / "network.safetensors")
    assert Exported(path).predict("1234") == runs[cell].predict("1234")


@pytest.mark.parametrize("cell", [*CELLS, "one_hot"])
def test_a_recurrent_network_is_a_program_for_any_batch_and_length(cell, runs, tmp_path) -> None:
    run = runs[cell]
    path = run.export("onnx", tmp_path / "network.onnx")
    session = onnxruntime.InferenceSession(path)
    (given,), (answer,) = session.get_inputs(), session.get_outputs()
    assert (given.name, answer.name) == ("x", "logits")
    for steps, batch in ((4, 1), (1, 3), (17, 5)):
        x = torch.rand(steps, batch, given.shape[2])
        with torch.no_grad():
            expected = run.network(x).numpy()
        (found,) = session.run(None, {"x": x.numpy()})
        assert found.shape == (batch, 10)
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5)
    there, here = Exported(path).predict("1234"), run.predict("1234")
    assert there.digit == here.digit
    assert there.probabilities == pytest.approx(here.probabilities, abs=1e-5)


@pytest.mark.parametrize("network", ["mlp", "dcgan", "conditional"])
@pytest.mark.parametrize("format", ["safetensors", "onnx"])
def test_a_generator_draws_the_same(network, format, runs, tmp_path) -> None:
    run = runs[network]
    path = run.export(format, tmp_path / f"network.{format}")
    expected = run.sample(7, seed=3).astype(int)
    found = Exported(path).sample(7, seed=3).astype(int)
    # A value at the edge between two bytes may fall to either in another library.
    assert np.abs(found - expected).max() <= (0 if format == "safetensors" else 1)
    assert (found != expected).mean() < 0.01


def test_a_generator_is_a_program_for_any_batch(runs, tmp_path) -> None:
    session = onnxruntime.InferenceSession(runs["mlp"].export("onnx", tmp_path / "network.onnx"))
    for batch in (1, 9):
        z = torch.randn(batch, 3)
        with torch.no_grad():
            expected = runs["mlp"].network(z).numpy()
        (images,) = session.run(["images"], {"z": z.numpy()})
        np.testing.assert_allclose(images, expected, rtol=0, atol=1e-5)


def test_classes_of_a_conditional_generator(runs, tmp_path) -> None:
    exported = Exported(runs["conditional"].export("safetensors", tmp_path / "c.safetensors"))
    assert np.array_equal(exported.sample(4, digit=2), runs["conditional"].sample(4, digit=2))
    with pytest.raises(ConfigError, match=r"class 3 of .*: allowed are 0 to 2"):
        exported.sample(1, digit=3)


def test_an_earlier_generator_is_exported(runs, tmp_path) -> None:
    run = runs["mlp"]
    path = run.export("safetensors", tmp_path / "early.safetensors", update=1)
    assert Exported(path).about.update == 1
    assert np.array_equal(Exported(path).sample(3), run.sample(3, update=1))


@pytest.mark.parametrize("name", ["mlstm", "conditional"])
def test_torch_opens_its_own_program_and_assay_does_not(name, runs, tmp_path) -> None:
    path = runs[name].export("torch-export", tmp_path / "network.pt2")
    files = {KEY: ""}
    program = torch.export.load(path, extra_files=files).module()
    about = json.loads(files[KEY])
    assert about["run"] == runs[name].folder.run_id
    for batch in (1, 6):
        given = (
            (torch.rand(9, batch, 1),)
            if name == "mlstm"
            else (torch.randn(batch, 3), torch.arange(batch) % 3)
        )
        with torch.no_grad():
            torch.testing.assert_close(
                program(*given), runs[name].network(*given), atol=1e-5, rtol=0
            )
    with pytest.raises(ConfigError, match="may run code in them, so assay does not"):
        Exported(path)


@pytest.mark.parametrize(
    ("condition", "format", "told"),
    [
        ("bool(h.sum() > 0)", "onnx", "cannot be written as such a program: safetensors can hold"),
        ("True", "safetensors", "its network is own code, mine:Own, which is not in it"),
        ("True", "onnx", None),
    ],
)
def test_an_own_cell(condition, format, told, tmp_path) -> None:
    (tmp_path / "mine.py").write_text(OWN.format(condition=condition))
    settings = {"hidden_size": 8, "data_size": 300, "batch_size": 32, "updates": 2}
    config = resolve(MemoryConfig(cell="mine:Own", folder=str(tmp_path), **settings))
    store = Store(tmp_path / "store")
    store.prepare()
    execute(config, store, lambda at: None, lambda: False)
    run, path = Run(config.run_id, store), tmp_path / f"out/network.{format}"
    if told is None:
        there, here = Exported(run.export(format, path)).predict("1234"), run.predict("1234")
        assert there.probabilities == pytest.approx(here.probabilities, abs=1e-5)
        return
    with pytest.raises(ConfigError, match=told):
        Exported(run.export(format, path))
    assert path.exists() == (format == "safetensors")


def test_the_commands_write_and_ask_it(runs, tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    store = str(runs["lstm"].folder.path.parent)
    run = runs["lstm"].folder.run_id
    assert call(["export", run, "--format", "safetensors", "--store", store]) == 0
    path = capsys.readouterr().out.strip()
    assert path == f"exports/{run}.safetensors"
    assert call(["predict", run, "1234", "--store", store]) == 0
    expected = capsys.readouterr().out
    assert call(["predict", path, "1234"]) == 0
    assert capsys.readouterr().out == expected
    mlp = runs["mlp"].folder.run_id
    arguments = ["export", mlp, "--format", "safetensors", "--out", "g.safetensors"]
    assert call([*arguments, "--store", store]) == 0
    assert call(["sample", mlp, "-n", "4", "--store", store, "-o", "a.png"]) == 0
    assert call(["sample", "g.safetensors", "-n", "4", "-o", "b.png"]) == 0
    assert Path("a.png").read_bytes() == Path("b.png").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--format", "onnx"], "--format onnx: give a RUN"),
        (["4863", "--format", "onnx", "--profile", "full"], "--profile full: --format onnx is of"),
        (["demo", "--update", "3"], "--update 3: it goes with the network of a run"),
    ],
)
def test_flags_that_do_not_go_together(arguments, told, capsys, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert call(["export", *arguments]) == 2
    assert told in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def _changed(path: Path, **change: Any) -> None:
    """Put other words into the description of a file."""
    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        about = json.loads(json.loads(file.read(size))["__metadata__"][KEY])
    save_file(load_file(path), path, {KEY: json.dumps(about | change)})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"form": 2}, "in a form that is unknown"),
        ({"run": "0" * 16}, "is damaged: it is not what run 0"),
        ({"config": {"kind": "nothing"}}, "kind"),
        ({"config": None}, "is damaged: its description cannot be read"),
        ({"network": {"length": -1}}, "is damaged: its description cannot be read"),
        ({"update": "three"}, "is damaged"),
    ],
)
def test_a_description_that_cannot_be_is_told(change, told, runs, tmp_path) -> None:
    path = runs["gru"].export("safetensors", tmp_path / "network.safetensors")
    _changed(path, **change)
    with pytest.raises(DataError, match=told):
        Exported(path)


def test_files_that_are_none_are_told(runs, tmp_path, capsys) -> None:
    whole = runs["lstm"].export("safetensors", tmp_path / "network.safetensors")
    other = tmp_path / "other.safetensors"
    save_file({"a": np.zeros(3, np.float32)}, other)
    cut = tmp_path / "cut.safetensors"
    cut.write_bytes(whole.read_bytes()[:-40])
    text = tmp_path / "text.onnx"
    text.write_text("no program")
    for path, told in (
        (other, "no network that assay exported"),
        (cut, "is damaged"),
        (text, "is damaged"),
        (tmp_path / "none.onnx", "is not there"),
    ):
        assert call(["predict", str(path), "1234"]) == 2
        assert told in capsys.readouterr().err
    tensors = load_file(whole)
    shutil.copy(whole, other)
    about = Exported(whole).about.text()
    save_file({**tensors, "readout.bias": np.zeros(3, np.float32)}, other, {KEY: about})
    with pytest.raises(DataError, match="holds another network than it describes"):
        Exported(other)
    with pytest.raises(ConfigError, match="draws no images"):
        Exported(whole).sample(3)
