"""Runs that are a folder each: which they are, and what their names and settings files say."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assay.errors import DataError
from assay.readers.tracked import Setting, flat, setting

_PAIR = re.compile(
    r"(?:^|[/,;\s]|[_-](?=[A-Za-z]\w*=))([A-Za-z][\w.]*)=([^/,;\s]*?)(?=$|[/,;\s]|[_-][A-Za-z]\w*=)"
)
_SEED = re.compile(r"(?:^|[/_.,\s-])seed[_=-]?(\d+)(?=$|[/_.,\s-])", re.IGNORECASE)
_HPARAMS = "hparams.yaml"
_MOST_VALUES = 100_000


def files_below(path: str, is_one: Callable[[Path], bool]) -> dict[str, list[Path]]:
    """The files of a kind in a folder and those below it, by the name of their folder.

    That is the way to it from the folder that was given, whose own name it has itself.
    """
    top = Path(path)
    found = {}
    for folder, below, names in os.walk(top):
        below[:] = sorted(name for name in below if not name.startswith("."))
        files = [Path(folder, name) for name in sorted(names) if is_one(Path(folder, name))]
        if files:
            found[run_name(top, Path(folder))] = files
    return found


def run_name(top: Path, folder: Path) -> str:
    """The name of a run's folder, seen from the one that was given."""
    return folder.relative_to(top).as_posix() if folder != top else top.resolve().name


def settings_of(name: str, folder: Path) -> dict[str, Setting]:
    """The settings of a run by its name, `lr=0.1,seed=3` or `lstm_seed3`, and by `hparams.yaml`.

    Raises:
        DataError: if that file cannot be read.
    """
    seed = _SEED.search(name)
    found: dict[str, Setting] = {"seed": int(seed[1])} if seed else {}
    found |= {key: setting(value) for key, value in _PAIR.findall(name)}
    return found | _hparams(folder / _HPARAMS)


def _hparams(path: Path) -> dict[str, Setting]:
    if not path.is_file():
        return {}
    try:
        import yaml
    except ImportError:
        raise DataError(
            f"{path}: reading it takes PyYAML: pip install 'assay[lightning]'"
        ) from None
    try:
        # Texts, whatever their tags: nothing in the file is called.
        content: Any = yaml.load(path.read_text(encoding="utf-8-sig"), yaml.BaseLoader)
        if not isinstance(content, dict):
            return {}
        _check_size(content)
        texts = flat(content)
    except (yaml.YAMLError, ValueError, RecursionError, OSError) as error:
        raise DataError(f"{path}: cannot be read: {str(error).splitlines()[0]}") from None
    return {
        name: setting(value) if isinstance(value, str) else value for name, value in texts.items()
    }


def _check_size(content: Any) -> None:
    """See that it is not too much: what YAML refers to many times, or within itself, counts so.

    Raises:
        ValueError: if it is.
    """
    left, count = [content], 0
    while left:
        value = left.pop()
        count += 1
        if count > _MOST_VALUES:
            raise ValueError(f"it unpacks to more than {_MOST_VALUES:,} values")
        if isinstance(value, dict | list):
            left += value.values() if isinstance(value, dict) else value
