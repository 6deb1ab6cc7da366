"""Optuna: the studies in a SQLite file, a run for each trial that has ended."""

from pathlib import Path
from typing import Any

from assay.errors import DataError
from assay.readers import sqlite
from assay.readers.tracked import Series, Setting, TrackedRun, flat

INTERMEDIATE = "intermediate"


class OptunaStudies:
    """Reads them by Optuna's own package.

    The metrics are a trial's value, or values, and `intermediate`, what it reported at steps. Its
    settings are its parameters, its user attributes, the study and the trial's state.
    """

    what = "Optuna studies"

    def recognise(self, path: str) -> bool:
        """By the tables of the file."""
        return {"studies", "trials", "trial_params"} <= sqlite.tables(path)

    def read(self, path: str, metric: str) -> list[TrackedRun]:
        """The trials of all studies, as `STUDY/NUMBER`."""
        try:
            import optuna
        except ImportError:
            raise DataError(
                f"{path}: reading studies of Optuna takes its package: pip install 'assay[optuna]'"
            ) from None
        address = f"sqlite:///{Path(path).resolve()}"
        try:
            storage = optuna.storages.RDBStorage(address)
            studies = [
                optuna.load_study(study_name=name, storage=storage)
                for name in optuna.get_all_study_names(storage)
            ]
            return [
                _run(study.study_name, trial, _value_names(study), metric)
                for study in studies
                for trial in study.get_trials(deepcopy=False)
                if trial.state.is_finished()
            ]
        except Exception as error:  # its own, and those of the database
            text = str(error).strip() or type(error).__name__
            raise DataError(f"{path}: Optuna cannot read it: {text.splitlines()[0]}") from None


def _value_names(study: Any) -> list[str]:
    count = len(study.directions)
    named = study.metric_names
    if named:
        return [str(name) for name in named]
    return ["value"] if count == 1 else [f"values_{place}" for place in range(count)]


def _run(study: str, trial: Any, names: list[str], metric: str) -> TrackedRun:
    settings: dict[str, Setting] = {"study": study, "state": trial.state.name}
    settings |= flat(trial.user_attrs) | flat(trial.params)
    reported = trial.intermediate_values
    end = max(reported, default=0)
    points = {name: [(end, value)] for name, value in zip(names, trial.values or [], strict=False)}
    if reported:
        points[INTERMEDIATE] = list(reported.items())
    series = Series.of(points[metric]) if metric in points else None
    return TrackedRun(f"{study}/{trial.number}", settings, [*names, INTERMEDIATE], series)
