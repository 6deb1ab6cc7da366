"""Table 1 of the report: what was trained, for how long, and what it came to."""

from collections.abc import Mapping, Sequence
from typing import Any

from assay import tasks
from assay.claims.evidence import ArmRuns, summarise
from assay.claims.image_outcomes import quality_of
from assay.claims.logs import Log, epochs
from assay.claims.outcomes import OUTCOMES
from assay.config import KINDS, MemoryConfig, RunConfig
from assay.errors import AssayError
from assay.figures.labels import arm_label
from assay.report.data.plain import Data, summary_data
from assay.study import StudyPlan, for_kind

ANSWERS = ("best_accuracy", "last_accuracy", "final_accuracy", "updates_to_90")

QUALITIES = (
    "frechet_over_floor",
    "frechet",
    "kernel",
    "precision",
    "recall",
    "density",
    "coverage",
    "near",
    "class_balance",
    "isolated_pixels",
)

# Not parameters that a reader would compare: identity, place, and what has a column of its own.
_NOT_PARAMETERS = {"kind", "seed", "folder", "length", "data_sha256", "source_sha256"}

# Settings that the training examples do not depend on.
_NOT_DATA = (
    "cell",
    "cell_options",
    "lstm_form",
    "learning_rate",
    "epochs",
    "updates",
    "stop_accuracy",
)


def table_rows(study: StudyPlan, runs: Mapping[str, ArmRuns]) -> list[Data]:
    """One row an arm that the profile trains to answer something."""
    examples: dict[str, int | None] = {}
    chosen = [found for found in runs.values() if found.arm.config.kind != "gan"]
    return [
        _row(study, found, examples)
        | {name: summary_data(summarise(OUTCOMES[name], found), found.seeds) for name in ANSWERS}
        for found in chosen
        if found.arm.seeds
    ]


def generator_rows(study: StudyPlan, runs: Mapping[str, ArmRuns]) -> list[Data]:
    """One row an arm that the profile trains to generate images."""
    return [
        _row(study, found, {})
        | {name: summary_data(summarise(OUTCOMES[name], found), found.seeds) for name in QUALITIES}
        for found in _generators(runs)
        if found.arm.seeds
    ]


def floors(runs: Mapping[str, ArmRuns]) -> list[Data]:
    """The quality of real images and of pure noise, as the first run has them."""
    logs = [log for found in _generators(runs) for log in found.logs]
    rows = []
    for name, title in (("floor", "real images, the floor"), ("noise", "pure noise")):
        values = {quality: _first(name, quality, logs) for quality in QUALITIES[1:]}
        if values["frechet"] is not None:
            rows.append({"title": title, **values})
    return rows


def default_settings(study: StudyPlan, kind: str) -> dict[str, Any]:
    """Every setting as the study has it where an experiment does not change it."""
    fields = {name: field.default for name, field in KINDS[kind].model_fields.items()}
    return fields | for_kind(study.file.defaults, kind)


def _generators(runs: Mapping[str, ArmRuns]) -> list[ArmRuns]:
    return [found for found in runs.values() if found.arm.config.kind == "gan"]


def _first(real: str, quality: str, logs: list[Log]) -> float | None:
    found = (quality_of(real, quality, log) for log in logs)
    return next((value for value in found if value is not None), None)


def _row(study: StudyPlan, runs: ArmRuns, examples: dict[str, int | None]) -> Data:
    arm, config = runs.arm, runs.arm.config
    sequences = _training_examples(config, examples)
    per_epoch = _updates_per_epoch(config, sequences, runs.logs)
    return {
        "figures": [fig.id for fig in study.figures if arm.experiment in fig.experiments],
        "experiment": arm.experiment,
        "arm": arm.key,
        "title": arm.title,
        "label": arm_label(arm),
        "length": _length(config),
        "changed": _changed(study, arm.declared),
        "training_examples": sequences,
        "updates_per_epoch": per_epoch,
        "epochs": None if config.updates else config.epochs,
        "updates": _updates(config, per_epoch),
        "declared_epochs": None if arm.declared.updates else arm.declared.epochs,
        "declared_updates": _updates(arm.declared, per_epoch),
        "stop_accuracy": config.stop_accuracy if isinstance(config, MemoryConfig) else None,
        "seeds": arm.seeds,
        "finished": len(runs.logs),
        "diverged": runs.diverged,
    }


def _length(config: RunConfig) -> int | None:
    # The length of a file's sequences is the file's, and the field stands at its default.
    if not isinstance(config, MemoryConfig) or config.task == "file":
        return None
    return config.length


def _changed(study: StudyPlan, declared: RunConfig) -> Data:
    defaults = default_settings(study, declared.kind)
    return {
        key: value
        for key, value in declared.model_dump().items()
        if key not in _NOT_PARAMETERS and value != defaults.get(key)
    }


def _updates_per_epoch(config: RunConfig, sequences: int | None, logs: Sequence[Log]) -> int | None:
    """From the data, or where they are not there from the end of a run's first epoch."""
    if sequences is not None:
        return -(-sequences // config.batch_size)
    return next((int(epochs(log)[0]["update"]) for log in logs if epochs(log)), None)


def _updates(config: RunConfig, per_epoch: int | None) -> int | None:
    if config.updates is not None:
        return config.updates
    return None if per_epoch is None else config.epochs * per_epoch


def _training_examples(config: RunConfig, known: dict[str, int | None]) -> int | None:
    """How many sequences train; None if a file or an own generator is not there any more."""
    if not isinstance(config, MemoryConfig):
        return None
    data = config.model_copy(
        update={name: MemoryConfig.model_fields[name].default for name in _NOT_DATA}
    )
    if data.run_id not in known:
        try:
            known[data.run_id] = len(tasks.make(data).train)
        except AssayError:
            known[data.run_id] = None
    return known[data.run_id]
