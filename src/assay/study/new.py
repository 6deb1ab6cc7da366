"""A study to begin with: a commented file, and where it needs one an example script beside it."""

import difflib
import json
import os
import shlex
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from string import Template

from assay.errors import StudyError
from assay.shell import command
from assay.store.durable import write_atomic

TITLES = {
    "command": "Does a higher learning rate come closer in 200 steps?",
    "function": "Does a higher rate come closer in 200 steps?",
    "memory": "Which cell learns short palindromes?",
    "gan": "Which network draws better digits?",
    "results": "",
}
"""The kinds that there are to begin with, and the title of the example of each."""

_SCRIPTS = ("command", "function")
_SCRIPT = "train.py"


def new_files(
    kind: str, path: Path | None = None, script: Path | None = None, title: str | None = None
) -> dict[Path, str]:
    """The files to write, the study first, and what is in each.

    Args:
        kind: one of `TITLES`.
        path: the study file, or of `results` the table; by default `study.toml`, `results.csv`.
        script: a script that there is, for which none is written.
        title: the study's title.

    Raises:
        StudyError: if there is no such kind or script, or the kind takes none.
    """
    if kind not in TITLES:
        near = difflib.get_close_matches(kind, TITLES, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise StudyError(f"kind = {kind!r}: {hint}allowed are {', '.join(TITLES)}")
    if script is not None and kind not in _SCRIPTS:
        raise StudyError(f"--script {script}: kind {kind!r} takes no script")
    if kind == "results":
        return {path or Path("results.csv"): _template("results.csv")}
    path = path or Path("study.toml")
    path = path if path.suffix else path.with_suffix(".toml")
    if script is not None and not script.is_file():
        raise StudyError(f"--script {script}: there is no such file")
    beside = path.parent / _SCRIPT
    named = _named(kind, script or beside, path.parent)
    text = Template(_template(f"{kind}.toml")).substitute(
        title=json.dumps(title or TITLES[kind], ensure_ascii=False),
        plan=command("plan", str(path)),
        script=_word(named) if kind == "command" else named,
        module=named.removesuffix(".py"),
    )
    files = {path: text}
    if kind in _SCRIPTS and script is None:
        files[beside] = _template(f"{kind}.py.txt")
    return files


def write_new(files: Mapping[Path, str], *, force: bool = False) -> None:
    """Write them, or none where one is there already.

    Raises:
        StudyError: if one is there and `force` is not said, or it cannot be written.
    """
    there = [path for path in files if path.exists()]
    if there and not force:
        names = " and ".join(map(str, there))
        hint = f", or name yours with --script {there[-1]}" if there[-1].suffix == ".py" else ""
        verb, what = ("are", "them") if len(there) > 1 else ("is", "it")
        raise StudyError(f"{names} {verb} there already: --force writes over {what}{hint}")
    for path, text in files.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(path, text.encode())
        except OSError as error:
            raise StudyError(f"{path} cannot be written: {error.strerror or error}") from None


def _named(kind: str, script: Path, folder: Path) -> str:
    """What a study in a folder calls a script; of a function, the file of a module beside it."""
    named = Path(os.path.relpath(script, folder)).as_posix()
    module = named.removesuffix(".py")
    if kind == "function" and (module == named or not module.isidentifier()):
        raise StudyError(
            f"--script {script}: should be a Python file in the folder of the study, whose name a "
            "module can have"
        )
    return named


def _word(named: str) -> str:
    """A script as one word of a command line, within a text of TOML."""
    word = shlex.quote(named).replace("{", "{{").replace("}", "}}")
    return json.dumps(word, ensure_ascii=False)[1:-1]


def _template(name: str) -> str:
    return (resources.files("assay.study") / "templates" / name).read_text(encoding="utf-8")
