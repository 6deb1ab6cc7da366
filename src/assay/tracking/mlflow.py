"""MLflow: a run for each run, in the experiment of its study, by MLflow's own client."""

import hashlib
import io
import logging
import math
import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from assay.readers.mlflow_runs import OPTIONS
from assay.tracking.entries import Entry, Note, Picture, Point
from assay.tracking.sink import Differs, Ended, Scalar, Subject
from assay.tracking.target import Target

# A server that is slow is one to come back to, and not one to wait for.
for _option, _value in {**OPTIONS, "MLFLOW_HTTP_REQUEST_TIMEOUT": "20"}.items():
    os.environ.setdefault(_option, _value)

from mlflow import MlflowClient  # noqa: E402 - it reads them when it is loaded
from mlflow.entities import Metric, Param, RunTag  # noqa: E402

logging.getLogger("mlflow").setLevel(logging.ERROR)

_PAGE = 1_000
_PARAMS_AT_ONCE = 100
_LONGEST = 500
_STATUS = {"finished": "FINISHED", "diverged": "FAILED", "failed": "FAILED", "stopped": "KILLED"}
_RUN, _ENDED, _LOG = "assay.run", "assay.status", "assay.log_sha256"


class MlflowSink:
    """A database or a server."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._client = MlflowClient(target.place)
        self._runs: dict[str, dict[str, Any]] = {}
        self._experiments: dict[str, str] = {}

    def whole(self, subject: Subject, how: Ended) -> bool:  # noqa: D102 - as in Sink
        there = self._there(subject).get(subject.run)
        tags = there.data.tags if there else {}
        return (tags.get(_ENDED), tags.get(_LOG)) == (how.status, how.log_sha256)

    def begin(self, subject: Subject, settings: Mapping[str, Scalar]) -> "_RunWriter":  # noqa: D102 - as in Sink
        runs = self._there(subject)
        if subject.run not in runs:
            # Its tag comes with it, so that it is found whatever happens next.
            runs[subject.run] = self._client.create_run(
                self._experiments[subject.study], run_name=subject.name, tags=_tags(subject)
            )
        run = runs[subject.run]
        if run.info.status != "RUNNING":
            self._client.update_run(run.info.run_id, status="RUNNING")
        params = [
            Param(name, _cut(_text(value)))
            for name, value in settings.items()
            if name not in run.data.params
        ]
        for first in range(0, len(params), _PARAMS_AT_ONCE):
            self._client.log_batch(run.info.run_id, params=params[first : first + _PARAMS_AT_ONCE])
        return _RunWriter(self._client, run)

    def discard(self, subject: Subject) -> None:  # noqa: D102 - as in Sink
        run = self._there(subject).pop(subject.run, None)
        if run is not None:
            self._client.delete_run(run.info.run_id)

    def _there(self, subject: Subject) -> dict[str, Any]:
        """The runs of the study that are there, by their ids in assay."""
        if subject.study not in self._runs:
            found = self._client.get_experiment_by_name(subject.study)
            experiment = found.experiment_id if found else self._new_experiment(subject.study)
            self._experiments[subject.study] = experiment
            self._runs[subject.study] = self._search(experiment) if found else {}
        return self._runs[subject.study]

    def _new_experiment(self, study: str) -> str:
        file = self._target.database
        # Else pictures would go to the current folder, wherever the database is.
        folder = None if file is None else (file.with_suffix(".artifacts") / study).as_uri()
        return str(self._client.create_experiment(study, artifact_location=folder))

    def _search(self, experiment: str) -> dict[str, Any]:
        runs: dict[str, Any] = {}
        token = None
        while True:
            page = self._client.search_runs([experiment], max_results=_PAGE, page_token=token)
            runs |= {run.data.tags[_RUN]: run for run in page if _RUN in run.data.tags}
            token = page.token
            if not token:
                return runs


class _RunWriter:
    """One run; what it has of each metric is asked for once."""

    def __init__(self, client: MlflowClient, run: Any) -> None:
        self._client, self._run = client, run.info.run_id
        self._notes: list[str] = []
        self._has: dict[tuple[str, int], list[float]] = {}
        for name in run.data.metrics:
            for each in client.get_metric_history(self._run, name):
                self._has.setdefault((each.key, each.step), []).append(each.value)

    def write(self, found: Sequence[Entry], grid: Callable[[int, str], bytes]) -> None:
        now = int(time.time() * 1000)
        metrics = [
            Metric(_name(each.name), each.value, now, each.update)
            for each in found
            if isinstance(each, Point) and self._is_new(each)
        ]
        if metrics:
            self._client.log_batch(self._run, metrics=metrics)
        for each in found:
            if isinstance(each, Picture) and (content := grid(each.update, each.sha256)):
                self._log_picture(each.update, content)
            elif isinstance(each, Note):
                self._notes.append(f"update {each.update}: {each.text}")

    def end(self, how: Ended) -> None:
        if any(self._has.values()) and how.log_sha256:
            raise Differs
        alarms = {"assay.alarms": "\n".join(self._notes)} if self._notes else {}
        message = {"assay.message": how.message} if how.message else {}
        ended = None if how.seconds is None else int(how.seconds * 1000)
        self._client.set_terminated(self._run, _STATUS[how.status], ended)
        # Last, since they say that the rest is there.
        tags = {**alarms, **message, _ENDED: how.status, _LOG: how.log_sha256}
        self._client.log_batch(
            self._run, tags=[RunTag(name, _cut(text)) for name, text in tags.items()]
        )

    def _is_new(self, point: Point) -> bool:
        """Whether it is not there yet.

        Raises:
            Differs: if another number is there in its place.
        """
        there = self._has.get((_name(point.name), point.update))
        if not there:
            return True
        for index, value in enumerate(there):
            if value == point.value or (math.isnan(value) and math.isnan(point.value)):
                del there[index]
                return False
        raise Differs

    def _log_picture(self, update: int, content: bytes) -> None:
        from PIL import Image

        with Image.open(io.BytesIO(content)) as image:
            self._client.log_image(self._run, image, artifact_file=f"samples/{update:010d}.png")


def _tags(subject: Subject) -> dict[str, str]:
    tags = {
        _RUN: subject.run,
        "assay.study": subject.study,
        "experiment": ", ".join(subject.experiments),
        "arm": ", ".join(subject.arms),
        "seed": str(subject.seed),
    }
    return {name: _cut(text) for name, text in tags.items() if text}


def _name(name: str) -> str:
    """A name that MLflow takes; one that is altered for it stays apart from others."""
    plain = re.sub(r"[^\w\-. :/]", "_", name, flags=re.ASCII)
    if plain == name and len(name) < _LONGEST // 2:
        return name
    return f"{plain[: _LONGEST // 4]}_{hashlib.sha256(name.encode()).hexdigest()[:6]}"


def _text(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
