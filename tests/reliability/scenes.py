"""What is disturbed: one command each, in a folder that is as small as it can be.

A scene begins with what a folder holds (`begin`), does one thing that writes (`does`), and comes to
files whose bytes follow from what was asked (`result`). Times, and how often a run was tried, are
no part of them.
"""

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

Job = dict[str, Any]
"""What `stage.py` is asked to do."""

CLAIM = """
[[claims]]
id = "C1"
sentence = "It learns."
[[claims.parts]]
sentence = "It learns."
metric = {metric}
test = "above"
of = {{ experiment = "{arm}" }}
threshold = 0.5
margin = 0.1
unit = "{unit}"
"""
MEMORY = """
title = "Memory"
[defaults]
hidden_size = 3
data_size = 40
batch_size = 16
epochs = 2
[experiments.rnn]
cell = "rnn"
[profiles.quick]
seeds = 2
[profiles.full]
seeds = 2
""" + CLAIM.format(metric='"best_accuracy"', arm="rnn", unit="share")
GAN = """
title = "GAN"
[defaults]
kind = "gan"
task = "images"
data = "shapes"
image_size = 8
latent_dim = 3
batch_size = 8
updates = 2
[experiments.shapes]
measure_at = [1]
[profiles.quick]
seeds = 2
"""
COMMAND = """
title = "Command"
[defaults]
kind = "command"
command = "sh train.sh {seed}"
metrics = "log.csv"
sources = ["train.sh"]
resumes = true
[experiments.script]
[profiles.quick]
seeds = 2
"""
SCRIPT = """
echo step,accuracy > "$ASSAY_FOLDER/log.csv"
for step in 1 2 3; do
  [ -z "$2" ] || sleep "$2"
  echo "loss 0.$1$step"
  echo "$step,0.$1$step" >> "$ASSAY_FOLDER/log.csv"
done
"""
FUNCTION = """
title = "Function"
[defaults]
kind = "function"
train = "train:train"
[experiments.descent]
[profiles.quick]
seeds = 2
"""
TRAIN = """
import random
import time


def train(run, pause=0.0):
    state = run.resume() or {"step": 0, "x": 1.0}
    while state["step"] < 4:
        state["step"] += 1
        time.sleep(pause)
        state["x"] *= 0.5 + 0.1 * random.random()
        run.log(state["step"], loss=state["x"])
        run.save(state)
    print("done")
"""
STUDIES = {"memory": MEMORY, "gan": GAN, "command": COMMAND, "function": FUNCTION}
TRAINED = tuple(STUDIES)
# So that a whole command has moments at which it trains.
LONGER = {
    "memory": ("epochs = 2", "epochs = 60"),
    "gan": ("updates = 2", "updates = 100"),
    "command": ("{seed}", "{seed} 0.2"),
    "function": ("train = ", "pause = 0.1\ntrain = "),
}


@dataclass(frozen=True)
class Scene:
    """Something that writes.

    Attributes:
        name: for tables.
        does: what is disturbed, and then done again.
        before: what was done in the folder before.
        draws: whether it draws figures.
    """

    name: str
    does: Job
    before: tuple[Job, ...] = ()
    draws: bool = False


def project(folder: Path) -> Path:
    """The studies and what they name, in a folder."""
    folder.mkdir(parents=True)
    for name, text in STUDIES.items():
        (folder / f"{name}.toml").write_text(text)
        (folder / f"{name}-longer.toml").write_text(text.replace(*LONGER[name]))
    (folder / "edited").mkdir()
    edited = MEMORY.replace('"Memory"', '"Edited"')
    (folder / "edited" / "memory.toml").write_text(edited)
    (folder / "train.sh").write_text(SCRIPT)
    (folder / "train.py").write_text(TRAIN)
    rng = np.random.default_rng(0)
    (folder / "shapes").mkdir()
    for number in range(24):
        pixels = rng.integers(0, 256, (8, 8), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / "shapes" / f"{number:02d}.png")
    return folder


def scenes(home: Path) -> list[Scene]:
    """All of them, for studies in a folder."""

    def train(kind: str, seed: int | None = None) -> Job:
        return {"train": str(home / f"{kind}.toml"), "seed": seed}

    def call(*words: str) -> Job:
        return {"call": [word.format(home=home) for word in words]}

    memory = (train("memory"),)
    report = call("report", "{home}/memory.toml", "--out", "page")
    archive = call("archive", "{home}/memory.toml", "--profile", "full", "--out", "evidence")
    again = call("archive", "{home}/edited/memory.toml", "--profile", "full", "--out", "evidence")
    return [
        *(Scene(kind, train(kind), (train(kind, 0),)) for kind in TRAINED),
        Scene("declaration log", {"declare": str(home / "memory.toml")}),
        Scene("report", report, memory, draws=True),
        Scene("evidence", archive, memory),
        Scene("evidence, study edited", again, (*memory, archive)),
        Scene("export", call("export", "{home}/memory.toml", "--out", "paper"), memory, draws=True),
        Scene("cache", call("claims", "{home}/memory.toml", "--profile", "full"), memory),
    ]


def result(folder: Path) -> dict[str, str]:
    """Hashes of all files of a trial that follow from what was asked."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and (content := _kept(path, name)) is not None:
            found[name] = hashlib.sha256(content).hexdigest()
    return found


def _kept(path: Path, name: str) -> bytes | None:
    if path.name in ("lock", ".declarations.lock", "timings.jsonl", "attempts.json"):
        return None
    if name.startswith("cache/") or "/damaged/" in name:
        return None
    if "/checkpoints/" in name:
        if (path.parents[1] / "work").exists():  # it saved when its own program did
            return None
        newest = max(path.parent.glob("*.safetensors"), default=None)
        return path.read_bytes() if path == newest else None
    if path.name == "record.json":
        return _without(path.read_bytes(), _OF_AN_ATTEMPT)
    if path.name == "declarations.jsonl":
        return b"\n".join(
            _without(line, ("at", "sha256")) for line in path.read_bytes().splitlines()
        )
    return path.read_bytes()


_OF_AN_ATTEMPT = ("seconds", "started", "ended", "notices", "compute_path", "sha256")


def _without(text: bytes, names: tuple[str, ...]) -> bytes:
    """JSON without some of its keys; what is torn or damaged as it is."""
    try:
        kept = {key: value for key, value in json.loads(text).items() if key not in names}
    except (ValueError, AttributeError):
        return text
    return json.dumps(kept, sort_keys=True).encode()


def leftovers(folder: Path) -> list[str]:
    """Files that are only there while something is written."""
    return [
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.name.endswith(".tmp") or path.name.startswith(".writable")
    ]


def copied(source: Path, target: Path) -> Path:
    """A folder once more."""
    shutil.copytree(source, target)
    return target
