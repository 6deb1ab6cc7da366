"""Commands that train a report's runs again."""

import json
import shlex
from collections.abc import Sequence
from typing import Any

from assay.config import RunConfig
from assay.figures.labels import arm_label
from assay.report.data.plain import Data
from assay.study import Arm, StudyPlan

# The hashes are filled in by the command; the folder matters only where own files are read.
_NOT_FLAGS = {"kind", "folder", "data_sha256", "source_sha256"}


def command_data(
    study: StudyPlan, profile: str, arms: Sequence[Arm], status: dict[str, str]
) -> Data:
    """How to run everything, each experiment, and each run; `status` is by run id."""
    run = f"assay run {_name(study)} --profile {shlex.quote(profile)}"
    universes = [f"assay run {_name(study)} --multiverse"] if study.file.multiverse else []
    trained = [arm for arm in arms if arm.seeds]
    titles = {arm.experiment: arm.title for arm in trained}
    return {
        "everything": [run, *universes, run.replace("assay run", "assay report", 1)],
        "experiments": [
            {"experiment": name, "title": title, "command": f"{run} --only {_quoted(name)}"}
            for name, title in titles.items()
        ],
        "arms": [
            {
                "arm": arm.key,
                "label": arm_label(arm),
                "runs": [
                    {
                        "seed": config.seed,
                        "run": config.run_id,
                        "status": status[config.run_id],
                        "command": train_command(config),
                    }
                    for config in arm.runs
                ],
            }
            for arm in trained
        ],
    }


def train_command(config: RunConfig) -> str:
    """The command that trains one run, with the flags that are not at their default."""
    changed = config.model_dump(exclude_defaults=True, exclude=_NOT_FLAGS)
    if config.data is not None or config.plugins:
        changed["folder"] = config.folder
    changed["seed"] = changed.pop("seed", config.seed)  # always said, and said last
    flags = [flag for key, value in changed.items() for flag in _flags(key, value)]
    return shlex.join(["assay", "train", config.kind, *flags])


def _flags(key: str, value: Any) -> list[str]:
    name = "--" + key.replace("_", "-")
    if isinstance(value, dict):
        return [text for inner, each in value.items() for text in (f"{name}.{inner}", _text(each))]
    return [name, _text(value)]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _name(study: StudyPlan) -> str:
    return shlex.quote(study.name if study.shipped else str(study.path))


def _quoted(name: str) -> str:
    # Quoted even where it needs not be: a reader puts a pattern such as 'fig*' in its place.
    return shlex.quote(name) if shlex.quote(name) != name else f"'{name}'"
