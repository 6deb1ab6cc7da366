"""Studies of two arms, and stores of runs that came to given outcomes."""

from collections.abc import Sequence
from pathlib import Path

from assay.claims.declarations import Declaration, declaration
from assay.config import MemoryConfig
from assay.store import Store
from assay.store.log import Check, Diverged, Epoch, Line
from assay.study import Arm, StudyPlan, load_study
from tests.report.made_up_runs import write_run

UPDATES = 140  # 20 epochs of 7

HEAD = """
title = "Made up"
{study}
[defaults]
data_size = 1000
epochs = 20
[experiments.first]
[experiments.second]
cell = "rnn"
[experiments.third]
cell = "gru"
[profiles.quick]
seeds = 3
[profiles.full]
seeds = {seeds}
"""

PART = """
[[claims.parts]]
sentence = "{sentence}"
metric = "final_accuracy"
test = "greater"
of = { experiment = "first" }
against = { experiment = "second" }
margin = 0.05
unit = "accuracy"
"""

CLAIM = """
[[claims]]
id = "{id}"
sentence = "A claim."
"""


def part(sentence: str = "The first is higher.", **changes: str) -> str:
    """A part's table; a change of None leaves a key out, and others are TOML."""
    lines = PART.replace("{sentence}", sentence).strip().splitlines()
    kept = [line for line in lines if line.split(" = ")[0] not in changes]
    return "\n".join([*kept, *(f"{key} = {value}" for key, value in changes.items() if value)])


def write(folder: Path, *claims: Sequence[str], study: str = "", seeds: int = 8) -> Path:
    """A study file of claims, each a list of its parts."""
    text = HEAD.replace("{study}", study).replace("{seeds}", str(seeds))
    for number, parts in enumerate(claims, start=1):
        text += CLAIM.replace("{id}", f"C{number}") + "\n".join(parts) + "\n"
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def arm(study: StudyPlan, experiment: str, profile: str = "full") -> Arm:
    (found,) = study.arms(profile, experiment)
    return found


def declare(path: Path, store: Store, at: str = "2001-01-01T00:00:00+00:00") -> None:
    """Claims that were declared before every made-up run."""
    study = load_study(str(path))
    for claim in study.claims:
        entry = Declaration(
            schema_version=1,
            declaration=declaration(study, claim, study.arms("full")),
            at=at,
            study=study.name,
            claim=claim.id,
            seen={},
        )
        store.root.mkdir(parents=True, exist_ok=True)
        with store.declaration_log.open("a", encoding="utf-8") as log:
            log.write(entry.model_dump_json() + "\n")


def fill(path: Path, store: Store, profile: str = "full", **arms: Sequence[float | None]) -> None:
    """Finished runs, each with the accuracy of an arm's seed; None is a run that diverged.

    Their claims were declared before.
    """
    study = load_study(str(path))
    declare(path, store)
    for experiment, values in arms.items():
        for seed, value in enumerate(values):
            config = arm(study, experiment, profile).run(seed)
            assert isinstance(config, MemoryConfig)
            if store.folder(config).path.is_dir():
                continue
            if value is None:
                write_run(store, config, [Diverged(3)], status="diverged")
            else:
                write_run(store, config, log(value))


def log(accuracy: float) -> list[Line]:
    """A log whose accuracy is the same throughout; below 0.9 it never gets there."""
    checks = [Check(at, {"accuracy": accuracy}) for at in range(25, UPDATES, 25)]
    numbers = {"loss": 0.5, "accuracy": accuracy}
    epochs = [
        Epoch(
            epoch,
            7 * epoch,
            numbers | {"gradient_norm": 1.0, "clipped": 0.0, "update_norm": 0.1},
            numbers,
        )
        for epoch in range(1, 21)
    ]
    return [*checks, *epochs]
