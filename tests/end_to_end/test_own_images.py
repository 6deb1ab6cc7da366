"""A study of images of one's own: what its report says, and that all it prints can be pasted."""

import json
import re
import shlex
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from assay import Study
from assay.cli import call
from assay.config import GanConfig, kind_named
from assay.errors import AssayError

STUDY = """
title = "Leaves"
[defaults]
updates = 4
batch_size = 8
task = "images"
data = "my leaves"
image_size = 8
[experiments.losses]
kind = "gan"
latent_dim = 5
grid = { loss = ["wgan_gp", "minimax"] }
[experiments.told]
title = "told the class"
kind = "gan"
latent_dim = 5
conditional = true
[experiments.colour]
kind = "gan"
latent_dim = 5
network = "dcgan"
image_size = 16
channels = 3
measure_at = [1, 3]
[experiments.namer]
kind = "classifier"
[profiles.quick]
seeds = 1
[[claims]]
id = "C1"
sentence = "One is better."
[[claims.parts]]
sentence = "One is better."
metric = "frechet"
test = "smaller"
of = { experiment = "losses", loss = "minimax" }
against = { experiment = "losses", loss = "wgan_gp" }
margin = 0.1
unit = "squared feature distance"
[[claims]]
id = "C2"
control_of = "C1"
sentence = "The other is."
[[claims.parts]]
sentence = "The other is."
metric = "coverage"
test = "above"
of = { experiment = "told" }
threshold = 0.5
margin = 0.1
unit = "share"
"""
FIGURES = """
[[figures]]
id = "s"
title = "Samples"
kind = "samples"
experiments = ["losses", "told", "colour"]
moments = [500, 1_000]
[[figures]]
id = "i"
title = "Between"
kind = "interpolation"
experiments = ["told"]
digits = [0, 1]
[[figures]]
id = "q"
title = "Quality"
kind = "quality"
experiments = ["losses", "told", "colour"]
[[figures]]
id = "l"
title = "Losses"
kind = "gan_curves"
experiments = ["losses"]
"""
RUN = ("run", "own leaves.toml", "--store", "my store")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with images in two classes, a study of them, and a store with its runs."""
    folder = tmp_path_factory.mktemp("own leaves")
    rng = np.random.default_rng(0)
    for number in range(40):
        path = folder / "my leaves" / ("oak", "elm")[number % 2] / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rng.integers(0, 256, (20, 20, 3), dtype=np.uint8)).save(path)
    (folder / "own leaves.toml").write_text(STUDY)
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        assert call(list(RUN)) == 0
    return folder


@pytest.fixture(autouse=True)
def _there(trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(trained)


def pasted(command: str) -> int:
    """The exit code of a command as it was printed."""
    program, *arguments = shlex.split(command)
    assert program == "assay"
    return call(arguments)


def after_colon(message: str) -> str:
    """The command at the end of a message."""
    (command,) = re.findall(r": (assay .*)$", message.strip().splitlines()[-1])
    return str(command)


def report(capsys: pytest.CaptureFixture[str], study: str, *options: str) -> str:
    assert call(["report", study, "--store", "my store", "--out", "out", *options]) == 0
    return Path(capsys.readouterr().out.strip()).read_text()


def words(page: str) -> str:
    text = re.sub(r"<style.*?</style>", "", page, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_a_report_says_nothing_of_other_studies(capsys) -> None:
    text = words(report(capsys, "own leaves.toml"))
    for word in ("equation", "MNIST", "digit", "added by", "control of assay", "assay's", "nats"):
        assert word.lower() not in text.lower().replace("loss [nats]", ""), word
    assert "control of C1" in text
    assert "Features are gray values of the image made coarse" in text
    assert "“Near” is left out" in text
    assert "my leaves, 8 × 8, gray; my leaves, 16 × 16, RGB" in text
    assert "Quality of 36 generated images" in text
    assert "100 updates apart" in text
    assert "25 updates" not in text
    for figure in ("samples over the training", "from one noise to another", "losses", "quality"):
        assert f"colour: {figure}" in text


def test_every_command_of_a_report_can_be_pasted(capsys) -> None:
    commands = json.loads(report(capsys, "own leaves.toml", "--format", "json"))["commands"]
    shown = words(report(capsys, "own leaves.toml"))
    assert commands["everything"][0] == (
        "assay run 'own leaves.toml' --profile quick --store 'my store'"
    )
    for command in commands["everything"]:
        assert command in shown
        assert pasted(command) == 0
    assert [entry["experiment"] for entry in commands["experiments"]] == [
        "losses",
        "told",
        "colour",
        "namer",
    ]
    for entry in commands["experiments"]:
        assert pasted(entry["command"]) == 0
    capsys.readouterr()
    for arm in commands["arms"]:
        (run,) = arm["runs"]
        assert run["command"] in shown
        assert pasted(run["command"]) == 0
        assert capsys.readouterr().out.strip() == run["run"]  # it is there already


def test_messages_end_in_commands_that_can_be_pasted(capsys) -> None:
    assert call(["report", "own leaves.toml", "--store", "no store"]) == 2
    train = after_colon(capsys.readouterr().err)
    assert train == "assay run 'own leaves.toml' --profile quick --store 'no store'"
    assert call(["audit", "ffff", "--store", "my store"]) == 2
    assert pasted(after_colon(capsys.readouterr().err)) == 0
    Path("cells.py").write_text(
        "import torch\n"
        "class Odd(torch.nn.Module):\n"
        "    def __init__(self, input_size, hidden_size):\n"
        "        super().__init__()\n"
        "        self.hidden_size = hidden_size\n"
        "        self.mix = torch.nn.Linear(input_size + hidden_size, hidden_size)\n"
        "    def forward(self, x, state):\n"
        "        if len(x) == 11: raise ValueError('on purpose')\n"
        "        return (torch.tanh(self.mix(torch.cat([x, state[0]], dim=1))),)\n"
    )
    Path("-odd cell.toml").write_text(
        'title = "t"\n[defaults]\nbatch_size = 11\nupdates = 2\ndata_size = 50\n'
        '[experiments.a]\ncell = "cells:Odd"\n[profiles.quick]\nseeds = 1\n'
    )
    assert call(["run", "./-odd cell.toml", "--store=-odd", "--only", "[a]"]) == 1
    assert pasted(after_colon(capsys.readouterr().err)) == 1


def test_each_arm_is_drawn_under_its_name() -> None:
    Path("figures.toml").write_text(STUDY + FIGURES)
    study = Study("figures.toml", "my store")
    names = ["losses · loss = wgan_gp", "losses · loss = minimax", "told the class", "colour"]

    def texts(id: str) -> list[str]:
        return [text.get_text() for ax in study.figure(id).axes for text in ax.texts]

    assert texts("s") == names
    assert not [text for text in texts("i") if "→" in text and text[:9] != "elm → oak"]
    assert "elm → oak,\ngreat circle" in texts("i")
    drawn = [ax.get_title("left") for ax in study.figure("q").axes]
    assert [title for title in drawn if title] == [
        "my leaves, 8 × 8, gray",
        "my leaves, 16 × 16, RGB",
    ]
    wgan, _, minimax, _ = study.figure("l").axes
    assert (wgan.get_ylabel(), minimax.get_ylabel()) == ("loss", "loss [nats]")


def test_moments_beyond_the_training_are_told(capsys) -> None:
    Path("figures.toml").write_text(STUDY + FIGURES)
    text = words(report(capsys, "figures.toml"))
    assert "told the class ends after 4 updates, before 500 and 1,000." in text
    said = "Numbers of different images or sizes cannot be compared with each other."
    assert text.count(said) == 1  # under the one figure of quality


def test_what_says_nothing_of_own_images_is_not_logged() -> None:
    kind = kind_named("gan")
    (run,) = Study("own leaves.toml", "my store").runs(only="colour")
    names = {"quality.near", "quality.class_balance", "passage.end_classes"}
    assert not names & kind.logged(run.config).keys()
    assert names <= kind.logged(GanConfig()).keys()
    logged = run.folder.metrics().probe("quality")
    assert logged is not None
    assert not {"near", "class_balance"} & logged.found.keys()
    assert logged.found["images"] == 36


@pytest.mark.parametrize("metric", ["near", "class_balance", "end_classes"])
def test_what_nothing_measures_cannot_be_claimed(metric: str) -> None:
    Path("bad.toml").write_text(STUDY.replace('"coverage"', f'"{metric}"'))
    with pytest.raises(AssayError, match=metric):
        Study("bad.toml", "my store")
