"""What Python code asks of a study."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assay import Archive, AssayError, GanConfig, MemoryConfig, Run, RunOptions, Study, train
from assay.store import Store
from tests.claims.made_up_claims import fill, part, write


def test_looking_writes_nothing_into_a_store(tmp_path: Path, store: Store) -> None:
    path = write(tmp_path, [part()])
    fill(path, store, first=[0.9, 0.9], second=[0.1])
    files = {each: each.read_bytes() for each in tmp_path.rglob("*") if each.is_file()}
    study = Study(str(path), store)
    for profile in ("quick", "full"):
        study.plan(profile)
        study.claim_rows(profile)
        study.outlooks(profile)
        study.evidence(profile)
        study.table(profile)
        study.claim("C1", profile)
        study.data(profile)
        study.strip(profile)
    study.report("full", folder=tmp_path / "apart")
    now = {
        each: each.read_bytes()
        for each in tmp_path.rglob("*")
        if each.is_file() and tmp_path / "apart" not in each.parents
    }
    assert now == files


MISTAKES: dict[str, tuple[Callable[[Study], object], str]] = {
    "no study": (lambda study: Study("nope"), "nope: no such file, and the shipped studies are"),
    "which study": (lambda study: Study(), "which study"),
    "no archive": (lambda study: Archive("nope"), "nope is no folder of evidence"),
    "no run": (lambda study: Run("nope", study.store), "no run whose id begins with 'nope'"),
    "no profile": (lambda study: study.plan("nope"), "no profile 'nope': allowed are quick, full"),
    "no experiment": (lambda study: study.plan("full", "zz*"), "no experiment matches 'zz*'"),
    "no multiverse": (
        lambda study: study.plan("full", multiverse=True),
        "there is no [multiverse]",
    ),
    "no figure": (lambda study: study.figure("99", "full"), "no figure '99': there are 1"),
    "no claim": (lambda study: study.claim("C9", "full"), "no claim 'C9': there are C1"),
    "no curve": (lambda study: study.specification_curve("C9"), "no multiverse of claim 'C9'"),
    "no format": (
        lambda study: study.report("full", "docx"),  # type: ignore[arg-type]
        "format = 'docx': should be 'html', 'md', 'pdf', 'json' or 'ipynb'",
    ),
    "no workers": (lambda study: study.run("full", workers=0), "workers = 0: should be 1 or more"),
    "no time": (lambda study: RunOptions(checkpoint_seconds=-1), "checkpoint_seconds = -1"),
    "a setting": (lambda study: MemoryConfig(length=1), "length = 1: should be greater than"),
    "a choice": (lambda study: GanConfig(channels=2), "channels = 2: should be 1 or 3"),  # type: ignore[arg-type]
    "a slip": (
        lambda study: MemoryConfig().replace(lenght=5),
        "unknown key 'lenght': did you mean 'length'?",
    ),
    "no data": (lambda study: train(MemoryConfig(task="file", data="no.csv")), "data = 'no.csv'"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_what_a_user_can_put_right_is_one_sentence(name: str, tmp_path: Path, store: Store) -> None:
    call, message = MISTAKES[name]
    path = write(tmp_path, [part()])
    fill(path, store, first=[0.9], second=[0.1])
    with pytest.raises(AssayError) as error:
        call(Study(str(path), store))
    assert message in str(error.value)
    assert "\n" not in str(error.value)
