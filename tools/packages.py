"""Build the sdist, and from it the wheel, into dist/; install each elsewhere and try it there.

    python tools/packages.py

The wheel comes with the kernel; the sdist is installed as where there is no compiler. The installed
assay borrows the dependencies of the Python that runs this, which has to have `build`.
"""

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import time
import venv
import zipfile
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import distribution
from pathlib import Path

from assay import __version__

ROOT = Path(__file__).parents[1]
DIST = ROOT / "dist"
# Beside the package itself.
IN_SDIST = {"CHANGELOG.md", "LICENSE", "MANIFEST.in", "README.md", "constraints.txt"}
IN_SDIST |= {"pyproject.toml", "setup.py"}
MADE = {"PKG-INFO", "setup.cfg"}
KERNEL = "assay/models/libnative.so"
STUDY = """\
title = "Tried outside the checkout"

[defaults]
length = 5
hidden_size = 8
data_size = 300
epochs = 2

[experiments.cells]
grid = { cell = ["lstm", "rnn"] }

[[claims]]
id = "C1"
where = "section 1"
sentence = "Short strings are easy for the LSTM."

[[claims.parts]]
sentence = "At T = 5 the LSTM is right most of the time."
metric = "final_accuracy"
test = "above"
of = { experiment = "cells", cell = "lstm" }
threshold = 0.5
margin = 0.0
unit = "accuracy"

[profiles.quick]
seeds = 2
"""
WITHOUT_COMPILER = {"CC": "no-compiler", "CXX": "no-compiler"}


def main() -> None:
    """Build, look into, install and try both."""
    began = time.monotonic()
    for old in DIST.glob("assay-*"):
        old.unlink()
    call(sys.executable, "-m", "build", "--no-isolation", "--outdir", DIST, ROOT)
    (sdist,), (wheel,) = DIST.glob("*.tar.gz"), DIST.glob("*.whl")
    look_into(sdist, wheel)
    print(f"{sdist.name} and {wheel.name} built in {time.monotonic() - began:.0f} s")
    with (
        tempfile.TemporaryDirectory(prefix="assay-packages-") as folder,
        ThreadPoolExecutor() as both,
    ):
        began = time.monotonic()
        trials = [
            both.submit(attempt, wheel, Path(folder, "wheel"), kernel=True),
            both.submit(attempt, sdist, Path(folder, "sdist"), kernel=False),
        ]
        for trial in trials:
            trial.result()
    print(f"both installed and tried in {time.monotonic() - began:.0f} s")


def look_into(sdist: Path, wheel: Path) -> None:
    """Both hold the whole package, and nothing strays into them."""
    tracked = set(call("git", "-C", ROOT, "ls-files").split())
    package = {name.removeprefix("src/") for name in tracked if name.startswith("src/")}
    native = {name for name in tracked if name.startswith("native/") and "/tests/" not in name}

    with tarfile.open(sdist) as archive:
        inside = {member.name.partition("/")[2] for member in archive if member.isfile()}
    inside = {name for name in inside if ".egg-info/" not in name}
    same(sdist, inside, {f"src/{name}" for name in package} | native | IN_SDIST | MADE)

    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if ".dist-info/" not in name}
        licences = [name for name in archive.namelist() if name.endswith("/licenses/LICENSE")]
    same(wheel, inside, package | {KERNEL})
    if not licences:
        raise SystemExit(f"error: {wheel.name} holds no licence")
    expected = f"assay-{__version__}-py3-none-{platform_tag()}.whl"
    if wheel.name != expected:
        raise SystemExit(f"error: the wheel is called {wheel.name}, not {expected}")


def platform_tag() -> str:
    """The machine's, as a wheel's name writes it."""
    return sysconfig.get_platform().replace("-", "_").replace(".", "_")


def same(package: Path, inside: set[str], expected: set[str]) -> None:
    """Say what is missing, and what should not be there."""
    wrong = [f"lacks {name}" for name in sorted(expected - inside)]
    wrong += [f"holds {name}" for name in sorted(inside - expected)]
    if wrong:
        raise SystemExit(f"error: {package.name} {', '.join(wrong)}")


def install(package: Path, folder: Path, changes: dict[str, str]) -> None:
    """Into a fresh environment, which gets the dependencies of this one only afterwards."""
    venv.create(folder, symlinks=True)
    pip = [sys.executable, "-m", "pip", "--python", folder / "bin/python"]
    call(*pip, "install", "--disable-pip-version-check", "--no-deps", package, **changes)
    site = sysconfig.get_paths(vars={"base": str(folder), "platbase": str(folder)})["purelib"]
    Path(site, "borrowed.pth").write_text(f"{distribution('torch').locate_file('')}\n")


def attempt(package: Path, home: Path, *, kernel: bool) -> None:
    """Install it, and take a small study in a folder of its own from the plan to the verdict."""
    install(package, home / "venv", {} if kernel else WITHOUT_COMPILER)
    (home / "tiny.toml").write_text(STUDY)

    def answer(*words: str) -> str:
        return call(home / "venv/bin/assay", *words, cwd=home)

    found = call(home / "venv/bin/python", "-c", "import assay; print(assay.__file__)", cwd=home)
    expect(Path(found.strip()).is_relative_to(home), f"assay is imported from {found}")
    expect(answer("--version").strip() == __version__, "--version says another version")
    doctor = json.loads(answer("doctor", "--json"))
    expect(doctor["versions"]["assay"] == __version__, "doctor says another version")
    there = not doctor["compute"]["native_kernel"].startswith("not there")
    expect(there == kernel, f"the kernel: {doctor['compute']['native_kernel']}")
    answer("run", "tiny.toml")
    answer("report", "tiny.toml")
    expect((home / "reports/tiny/quick/index.html").stat().st_size > 10_000, "the report is empty")
    (claim,) = json.loads(answer("claims", "tiny.toml", "--json"))["claims"]
    expect(claim["id"] == "C1", f"the claim is called {claim['id']}")


def expect(held: bool, otherwise: str) -> None:
    """Or stop."""
    if not held:
        raise SystemExit(f"error: {otherwise}")


def call(*words: str | Path, cwd: Path | None = None, **changes: str) -> str:
    """What a program prints; all it says where it fails."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env=environment | changes,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = f"{done.stdout}{done.stderr}"
        raise SystemExit(f"error: {' '.join(map(str, words))} ended with {done.returncode}\n{said}")
    return done.stdout


if __name__ == "__main__":
    main()
