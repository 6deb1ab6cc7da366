"""The `trainer_state.json` that a `Trainer` of Hugging Face writes into folders of checkpoints."""

import re
from pathlib import Path
from typing import Any

from assay.errors import DataError
from assay.readers.run_folders import files_below, run_name, settings_of
from assay.readers.tracked import Series, TrackedRun, flat
from assay.text import parse_json

_NAME = "trainer_state.json"
_CHECKPOINT = re.compile(r"checkpoint-\d+")


class TrainerStates:
    """Reads folders of them; of the checkpoints of a run the last counts."""

    what = "Hugging Face trainer states"

    def recognise(self, path: str) -> bool:
        """Whether it is one, or there is one below."""
        place = Path(path)
        if place.is_dir():
            return bool(files_below(path, _is_one))
        return _is_one(place)

    def read(self, path: str, metric: str) -> list[TrackedRun]:
        """The runs, by the names of their folders."""
        place = Path(path)
        if place.is_file():
            return [_run(place.resolve().parent.name, place.parent, _state(place), metric)]
        latest: dict[Path, dict[str, Any]] = {}
        for files in files_below(path, _is_one).values():
            folder = files[0].parent
            if _CHECKPOINT.fullmatch(folder.name) and folder != place:
                folder = folder.parent
            state = _state(files[0])
            if folder not in latest or _steps(state) >= _steps(latest[folder]):
                latest[folder] = state
        return [
            _run(run_name(place, folder), folder, state, metric) for folder, state in latest.items()
        ]


def _is_one(path: Path) -> bool:
    return path.name == _NAME and path.is_file()


def _state(path: Path) -> dict[str, Any]:
    try:
        state = parse_json(path.read_bytes())
        if not isinstance(state, dict) or not isinstance(state.get("log_history"), list):
            raise ValueError("there is no 'log_history' in it")
        parameters = state.get("trial_params")
        state["trial_params"] = flat(parameters) if isinstance(parameters, dict) else {}
        return state
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read: {str(error).splitlines()[0]}") from None


def _steps(state: dict[str, Any]) -> float:
    steps = state.get("global_step")
    return steps if isinstance(steps, int | float) else 0


def _run(name: str, folder: Path, state: dict[str, Any], metric: str) -> TrackedRun:
    history = [entry for entry in state["log_history"] if isinstance(entry, dict)]
    points = [
        (entry.get("step", 0), entry[metric])
        for entry in history
        if isinstance(entry.get(metric), int | float)
        and isinstance(entry.get("step", 0), int | float)
    ]
    metrics = dict.fromkeys(key for entry in history for key in entry if key != "step")
    settings = state["trial_params"] | settings_of(name, folder)
    return TrackedRun(name, settings, list(metrics), Series.of(points) if points else None)
