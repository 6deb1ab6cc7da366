"""The commands on images as a user has them: train, kill, look, and what is refused."""

import json
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import load_file, save_file

from tests.end_to_end.conftest import Cli, here, signal_all, start

TRAIN = (
    *("train", "gan", "--task", "images", "--data", "shapes", "--image-size", "8"),
    *("--batch-size", "12", "--latent-dim", "5", "--updates", "400", "--save-interval", "100"),
    *("--checkpoint-seconds", "0.2"),
)


def write_shapes(folder: Path) -> None:
    """30 gray images, bright above or below, in a folder each."""
    rng = np.random.default_rng(0)
    for number in range(30):
        pixels = rng.integers(0, 60, (8, 8), dtype=np.uint8)
        half = slice(0, 4) if number % 2 else slice(4, 8)
        pixels[half] += 180
        path = folder / "shapes" / str(number % 2) / f"{number:02d}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(path)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with images, a store with a finished run in it, and the run's id."""
    folder = tmp_path_factory.mktemp("trained")
    write_shapes(folder)
    found = here(folder, *TRAIN)
    assert found.returncode == 0, found.stderr
    return folder, found.stdout.strip()


Look = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def look(trained: tuple[Path, str]) -> Look:
    """Run a command on the trained run."""
    folder, run = trained

    def command(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return here(folder, name, run, *arguments)

    return command


def test_a_killed_training_ends_bit_identical(trained: tuple[Path, str], tmp_path: Path) -> None:
    folder, run = trained
    moment = random.Random(3)
    for _ in range(3):
        process = start(folder, *TRAIN, "--store", "killed")
        end = time.monotonic() + 60
        while not list(folder.glob("killed/*/metrics.jsonl")):
            assert time.monotonic() < end
            time.sleep(0.02)
        time.sleep(moment.uniform(0.5, 4.0))
        signal_all(process, signal.SIGKILL)
        process.communicate()
    assert here(folder, *TRAIN, "--store", "killed").returncode == 0
    whole, killed = folder / "store" / run, folder / "killed" / run
    names = [
        "metrics.jsonl",
        "checkpoints/0000000400.safetensors",
        *(f"samples/{update:010d}.npy" for update in (0, 100, 200, 300, 400)),
        *(f"snapshots/{update:010d}.safetensors" for update in (0, 200, 400)),
    ]
    for name in names:
        assert (whole / name).read_bytes() == (killed / name).read_bytes(), name


def test_samples_are_drawn_and_depend_on_the_seed(look: Look, trained: tuple[Path, str]) -> None:
    folder, _ = trained
    for name, seed in (("a", "7"), ("b", "7"), ("c", "8")):
        found = look("sample", "-n", "9", "--seed", seed, "-o", f"{name}.png")
        assert (found.returncode, found.stdout.strip()) == (0, f"{name}.png")
    a, b, c = ((folder / f"{name}.png").read_bytes() for name in "abc")
    assert a == b != c
    assert Image.open(folder / "a.png").width >= 500
    assert look("sample", "-n", "3", "--single", "-o", "few").returncode == 0
    assert sorted(path.name for path in (folder / "few").iterdir()) == ["0.png", "1.png", "2.png"]
    assert Image.open(folder / "few" / "0.png").size == (8, 8)


def test_an_earlier_generator_can_be_looked_at(look: Look, trained: tuple[Path, str]) -> None:
    folder, _ = trained
    for update in ("0", "200", "400"):
        found = look("sample", "--update", update, "-o", f"u{update}.png")
        assert found.returncode == 0
    assert look("sample", "-o", "now.png").returncode == 0
    kept = {update: (folder / f"u{update}.png").read_bytes() for update in ("0", "200", "400")}
    assert kept["400"] == (folder / "now.png").read_bytes()
    assert len(set(kept.values())) == 3
    missing = look("sample", "--update", "123", "-o", "none.png")
    assert missing.returncode == 2
    assert "keeps no generator of update 123: there are 0, 200, 400" in missing.stderr


def test_ways_films_and_inversions(look: Look, trained: tuple[Path, str]) -> None:
    folder, _ = trained
    assert look("interpolate", "--rows", "3", "-o", "strip.png").returncode == 0
    width, height = Image.open(folder / "strip.png").size
    assert width / height == pytest.approx((9 * 10 + 2) / (3 * 10 + 2), rel=0.01)
    assert look("interpolate", "--steps", "4", "--path", "spherical", "-o", "w.gif").returncode == 0
    assert Image.open(folder / "w.gif").n_frames == 10  # type: ignore[attr-defined]
    assert look("film", "-o", "film.webp").returncode == 0
    assert Image.open(folder / "film.webp").n_frames == 5  # type: ignore[attr-defined]
    one, two = "shapes/0/00.png", "shapes/1/01.png"
    found = look("invert", one, two, "--json", "-o", "between.png")
    assert found.returncode == 0, found.stderr
    inversions = json.loads(found.stdout)["inversions"]
    assert [each["image"] for each in inversions] == [one, two]
    assert all(0 < each["distance"] < 128 and len(each["z"]) == 5 for each in inversions)
    strip = Image.open(folder / "between.png")
    assert strip.width / strip.height == pytest.approx((11 * 10 + 2) / 12, rel=0.02)
    said = look("invert", one, "-o", "one.png").stdout
    assert "of 255 gray levels" in said


def test_an_audit_is_printed_and_drawn(look: Look, trained: tuple[Path, str]) -> None:
    folder, _ = trained
    found = look("audit", "-n", "60", "--json", "-o", "audit.png")
    assert found.returncode == 0, found.stderr
    spaces = {each["space"]: each for each in json.loads(found.stdout)["spaces"]}
    assert set(spaces) == {"pixels", "features"}
    assert all(0 <= each["copies"] <= 1 for each in spaces.values())
    assert (folder / "audit.png").read_bytes().startswith(b"\x89PNG")
    assert "training image" in look("audit", "-n", "60", "-o", "audit.png").stdout


def test_a_conditional_study_from_images_to_a_report(tmp_path: Path, cli: Cli) -> None:
    write_shapes(tmp_path)
    (tmp_path / "shapes.toml").write_text(
        'title = "Shapes"\n[defaults]\nkind = "gan"\ntask = "images"\ndata = "shapes"\n'
        "image_size = 8\nbatch_size = 12\nlatent_dim = 5\nupdates = 60\nconditional = true\n"
        '[experiments.plain]\n[experiments.wgan]\nloss = "wgan_gp"\n[profiles.quick]\nseeds = 1\n'
        '[[figures]]\nid = "1"\ntitle = "Samples"\nkind = "samples"\nexperiments = ["plain"]\n'
        '[[figures]]\nid = "2"\ntitle = "Ways"\nkind = "interpolation"\nexperiments = ["plain"]\n'
        '[[figures]]\nid = "3"\ntitle = "Quality"\nkind = "quality"\n'
        'experiments = ["plain", "wgan"]\n'
    )
    assert "2 runs, 0 done" in cli("plan", "shapes.toml").stdout
    assert cli("run", "shapes.toml").returncode == 0
    assert cli("report", "shapes.toml").stdout.strip() == "reports/shapes/quick/index.html"
    page = (tmp_path / "reports/shapes/quick/index.html").read_text()
    assert page.count("<svg") == 3
    assert "Table 2" in page
    assert "Table 1" not in page
    run = json.loads(cli("status", "--json").stdout)["runs"][0]["run"]
    assert cli("sample", run, "--digit", "1", "-o", "ones.png").returncode == 0
    refused = cli("sample", run, "--digit", "2", "-o", "twos.png")
    assert refused.returncode == 2
    assert "class 2: allowed are 0 to 1" in refused.stderr


REFUSED = {
    "no steps": (["interpolate", "RUN", "--steps", "0"], "--steps = 0: should be 1 or more"),
    "one end": (["interpolate", "RUN", "--from", "1"], "--from and --to go together"),
    "class": (["interpolate", "RUN", "--from", "11", "--to", "3"], "class 11: allowed are 0 to 1"),
    "no classifier": (
        ["interpolate", "RUN", "--from", "0", "--to", "1"],
        "ends by class need a classifier",
    ),
    "no images": (["sample", "RUN", "-n", "0"], "-n = 0: should be 1 or more"),
    "seed": (["sample", "RUN", "--seed", "-1"], "--seed = -1"),
    "suffix": (["sample", "RUN", "-o", "kept.txt"], "kept.txt: should end in .png"),
    "film suffix": (["film", "RUN", "-o", "kept.png"], "should end in .gif or .webp"),
    "other size": (["invert", "RUN", "large.png"], "large.png is 9 x 8 pixels: needed are 8 x 8"),
    "corrupt": (["invert", "RUN", "corrupt.png"], "corrupt.png is no readable image"),
    "no file": (["invert", "RUN", "none.png"], "none.png cannot be read"),
    "no GAN": (["sample", "MEMORY"], "trains 'memory', and no generator"),
    "no network": (["predict", "RUN", "123"], "trains 'gan', no recurrent network"),
    "other weights": (["sample", "ALTERED"], "is damaged: it is not what the run wrote"),
    "empty folder": (
        ["train", "gan", "--task", "images", "--data", "empty"],
        "empty holds no image: 10 or more are needed",
    ),
    "bad image": (["train", "gan", "--task", "images", "--data", "bad"], "zz.png is no readable"),
    "no data": (["train", "gan", "--task", "images"], "give both or neither"),
    "size": (
        [*TRAIN[:4], "--data", "shapes", "--network", "dcgan", "--image-size", "30"],
        "image_size = 30: network = 'dcgan' makes 28, or a multiple of 8",
    ),
    "network": (["train", "gan", "--network", "resnet"], "allowed are mlp, dcgan"),
    "loss": (["train", "gan", "--loss", "hinge"], "allowed are non_saturating, minimax"),
    "epochs": (["train", "gan", "--epochs", "0"], "epochs = 0: should be greater"),
    "unlabelled": (
        ["train", "gan", "--task", "images", "--data", "shapes/0", "--conditional"],
        "needs images of two classes or more",
    ),
}


@pytest.fixture(scope="module")
def others(trained: tuple[Path, str]) -> dict[str, str]:
    """Ids of a run of another kind, and of one whose weights are those of another network."""
    folder, run = trained
    train = ("train", "memory", "--updates", "1", "--hidden-size", "4", "--data-size", "50")
    memory = here(folder, *train).stdout.strip()
    short = [{"400": "2"}.get(word, word) for word in TRAIN]
    altered = here(folder, *short, "--seed", "1").stdout.strip()
    for path in (folder / "store" / altered / "snapshots").iterdir():
        tensors = load_file(path)
        save_file({"other." + name: value for name, value in tensors.items()}, path)
    (folder / "kept.txt").write_text("kept")
    (folder / "empty").mkdir()
    (folder / "corrupt.png").write_bytes((folder / "shapes/0/00.png").read_bytes()[:60])
    Image.new("L", (9, 8)).save(folder / "large.png")
    (folder / "bad").mkdir()
    for number in range(12):
        Image.new("L", (8, 8), number).save(folder / "bad" / f"{number}.png")
    (folder / "bad" / "zz.png").write_text("text")
    return {"RUN": run, "MEMORY": memory, "ALTERED": altered}


@pytest.mark.parametrize("case", REFUSED)
def test_wrong_input_is_told_in_one_sentence(
    trained: tuple[Path, str], others: dict[str, str], case: str
) -> None:
    folder, _ = trained
    arguments, message = REFUSED[case]
    if case == "other weights":
        arguments = [*arguments, "--update", "2"]
    files = {path: path.stat().st_mtime_ns for path in folder.glob("*.*")}
    runs = set((folder / "store").iterdir())
    found = here(folder, *(others.get(word, word) for word in arguments))
    assert found.returncode == 2, found.stderr
    assert message in found.stderr
    assert found.stderr.count("\n") == 1
    assert "Traceback" not in found.stderr
    assert {path: path.stat().st_mtime_ns for path in folder.glob("*.*")} == files
    assert set((folder / "store").iterdir()) - runs <= {folder / "store" / ".writable"}
