"""What Python code asks of a study."""

from pathlib import Path

from assay import Study
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
