"""Inputs that atheris makes, guided by which lines of assay they reach.

    python -m tests.reliability.hostile.guided FOLDER TARGET RUNS SEED

A process of its own: assay is loaded so that what it runs through is counted. Each outcome is a
line of FOLDER/outcomes, and the last input is FOLDER/input.
"""

import sys
import warnings
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["assay"]):
    from tests.reliability.hostile.targets import TARGETS, Target
    from tests.reliability.hostile.trials import Stand, prepared, watched

from tests.reliability.hostile.mutations import Files


def places(target: Target) -> list[tuple[Files, str]]:
    """The files that can be made up, each with the folder that it is in."""
    return [
        (files, name)
        for files in target.valid()
        for name in files
        if not target.only or name.endswith(target.only)
    ]


def put_in(target: Target, content: bytes) -> Files:
    """A folder with a file that is made up: which, says the first byte."""
    where = places(target)
    files, name = where[content[0] % len(where)] if content else where[0]
    inside = content[1:]
    if target.inside:
        inside = target.finish([inside, *target.inside])
    found = {**files, name: inside}
    return target.fits(found) if target.fits is not None else found


def begin(target: Target, folder: Path) -> None:
    """The valid files, for atheris to begin with."""
    folder.mkdir(exist_ok=True)
    for at, (files, name) in enumerate(places(target)[:256]):
        for number, content in enumerate(target.inside or [files[name]]):
            (folder / f"{at}-{number}").write_bytes(bytes([at]) + content[:4096])


def main() -> None:
    """Try so many inputs."""
    folder, target = Path(sys.argv[1]), TARGETS[sys.argv[2]]
    begin(target, folder / "corpus")
    stand: Stand = prepared(folder / "stand")
    outcomes = (folder / "outcomes").open("a", buffering=1)

    def one(content: bytes) -> None:
        (folder / "input").write_bytes(content)
        files = put_in(target, content)
        outcome = watched(lambda: stand.tried(target, files))
        print(repr(outcome), file=outcomes)

    warnings.simplefilter("ignore")
    options = [f"-runs={sys.argv[3]}", f"-seed={sys.argv[4]}", "-max_len=8192", "-verbosity=0"]
    options += ["-rss_limit_mb=0", "-timeout=0", "-handle_segv=0", "-print_final_stats=0"]
    atheris.Setup([sys.argv[0], *options, str(folder / "corpus")], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
