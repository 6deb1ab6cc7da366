"""Commands that train a report's runs again."""

import glob
import json
import shlex
from collections.abc import Sequence
from typing import Any

from assay.config import RunConfig
from assay.figures.labels import arm_label
from assay.report.data.report import ArmCommands, CommandsRow, ExperimentCommand, RunCommand
from assay.shell import command, flag
from assay.store import Store
from assay.study import Arm, StudyPlan

# The hashes are filled in by the command; the folder matters only where own files are read; what a
# run has to log follows from a study's claims.
_NOT_FLAGS = {"kind", "folder", "data_sha256", "source_sha256", "expects"}


def command_rows(
    study: StudyPlan, profile: str, arms: Sequence[Arm], status: dict[str, str], store: Store
) -> CommandsRow:
    """How to run everything, each experiment, and each run; `status` is by run id.

    A study of one's own is named from its folder, wherever that is on the reader's machine.
    """
    named = study.name if study.shipped else study.path.name
    run = _run_command(named, store, profile=profile)
    universes = [_run_command(named, store, multiverse=True)] if study.file.multiverse else []
    report = command("report", named, profile=profile, store=store.option)
    trained = [arm for arm in arms if arm.seeds]
    titles = {arm.experiment: arm.title for arm in trained}
    return CommandsRow(
        [run, *universes, report],
        [
            # A pattern, in which a name stands for itself alone.
            ExperimentCommand(
                name, title, _run_command(named, store, profile=profile, only=glob.escape(name))
            )
            for name, title in titles.items()
        ],
        [
            ArmCommands(
                arm.key, arm_label(arm), [_run(study, arm, run, status, store) for run in arm.runs]
            )
            for arm in trained
        ],
    )


def _run(
    study: StudyPlan, arm: Arm, config: RunConfig, status: dict[str, str], store: Store
) -> RunCommand:
    run_id, declared = config.run_id, study.settings(arm.experiment) | arm.point
    from_study = config.model_copy(update={"folder": declared.get("folder", ".")})
    return RunCommand(config.seed, run_id, status[run_id], train_command(from_study, store))


def run_command(study: StudyPlan, store: Store, **options: str | bool) -> str:
    """The command that trains what is missing of a study."""
    return _run_command(study.argument, store, **options)


def _run_command(study: str, store: Store, **options: str | bool) -> str:
    return command("run", study, **options, store=store.option)


def train_command(config: RunConfig, store: Store) -> str:
    """The command that trains one run, with the flags that are not at their default."""
    changed = config.model_dump(exclude_defaults=True, exclude=_NOT_FLAGS)
    own = config.data is not None or config.plugins or config.in_folder
    if own and config.folder != ".":
        changed["folder"] = config.folder
    changed["seed"] = changed.pop("seed", config.seed)  # always said, and said last
    if store.option is not None:
        changed["store"] = store.option
    flags = [word for key, value in changed.items() for word in _flags(key, value)]
    return shlex.join(["assay", "train", config.kind, *flags])


def _flags(key: str, value: Any) -> list[str]:
    if isinstance(value, dict):
        options = [(f"{key.replace('_', '-')}.{name}", each) for name, each in value.items()]
        return [word for name, each in options for word in _option(name, each)]
    if isinstance(value, tuple | list):
        return [word for each in value for word in flag(key, _text(each))] or [
            "--empty-" + key.replace("_", "-")
        ]
    return flag(key, value if isinstance(value, bool) else _text(value))


def _option(name: str, value: Any) -> list[str]:
    """One of the options of an own module, whose type its text has to tell."""
    word = json.dumps(value) if isinstance(value, str) and _means_more(value) else _text(value)
    return [f"--{name}={word}"] if word.startswith("-") else [f"--{name}", word]


def _means_more(text: str) -> bool:
    """Whether the command line would take a text for a number, a truth value or another text."""
    try:
        return isinstance(json.loads(text), str | int | float)
    except ValueError:
        return False


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
