"""A snapshot answers from what was worked out only while nothing that it follows from changed."""

from pathlib import Path

import pytest

from assay import Archive, Study
from assay.claims import snapshot
from assay.claims.declarations import declare
from assay.claims.evidence import gather
from assay.claims.further import extended
from assay.claims.snapshot import Snapshot
from assay.cli import call
from assay.errors import StoreError
from assay.store import RunFolder
from assay.study import load_study
from tests.claims.made_up_claims import fill, part, write
from tests.claims.test_verdicts import CLOSE, HIGH, LOW


@pytest.fixture
def made(tmp_path, store) -> Path:
    path = write(tmp_path, [part()])
    fill(path, store, first=HIGH, second=LOW)
    return path


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each time that logs are read."""
    times: list[int] = []

    def counted(*arguments, **options):
        times.append(1)
        return gather(*arguments, **options)

    monkeypatch.setattr(snapshot, "gather", counted)
    return times


def test_another_process_finds_what_one_worked_out(made, store, read) -> None:
    first = Study(str(made), store).verdicts("full")
    assert read == [1]
    # A new object knows nothing but what is on disk.
    assert Study(str(made), store).verdicts("full") == first
    assert Study(str(made), store).claim("C1", "full")
    assert read == [1, 1]  # the tables of a report are another entry
    assert Study(str(made), store).table("full")
    assert read == [1, 1]


def test_a_run_that_ends_is_seen_by_the_same_object(made, store, read) -> None:
    study = Study(str(made), store)
    before = study.table("full")
    fill(made, store, third=CLOSE)
    after = study.table("full")
    assert before != after
    assert read == [1, 1]


def test_a_declaration_is_seen_by_the_same_object(made, store) -> None:
    """Runs that had been there confirm nothing; with the log of before they do."""
    log = store.declaration_log.read_bytes()
    store.declaration_log.unlink()
    study = Study(str(made), store)
    assert study.verdicts("full")[0]["verdict"] == "open"
    store.declaration_log.write_bytes(log)
    assert study.verdicts("full")[0]["verdict"] == "supported"


@pytest.mark.parametrize("name", ["config.json", "record.json"])
def test_a_run_that_was_written_again_is_read_again(name, made, store, read) -> None:
    study = Study(str(made), store)
    before = study.verdicts("full")
    path = store.runs()[0].path / name
    path.write_bytes(path.read_bytes() + b" ")
    assert study.verdicts("full") == before
    assert read == [1, 1]


def test_an_altered_log_is_noticed(made, store) -> None:
    study = Study(str(made), store)
    study.verdicts("full")
    path = store.runs()[0].path / "metrics.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"accuracy":', b'"accuracy": ', 1))
    for again in (study, Study(str(made), store)):
        with pytest.raises(StoreError, match=r"metrics\.jsonl is damaged"):
            again.verdicts("full")


def test_other_claims_and_another_profile_are_worked_out_anew(made, store, read) -> None:
    Study(str(made), store).verdicts("full")
    Study(str(made), store).verdicts("quick")
    assert read == [1, 1]
    path = write(made.parent, [part(margin="0.3")])
    (found,) = Study(str(path), store).verdicts("full")
    assert found["parts"][0]["margin"] == 0.3
    assert read == [1, 1, 1]


def test_an_own_metric_that_was_edited_is_worked_out_anew(store, tmp_path, read) -> None:
    code = tmp_path / "mine.py"
    code.write_text("def level(log, update):\n    return 0.25\n")
    path = write(tmp_path, [part(metric='"mine:level"')])
    fill(path, store, first=HIGH[:2], second=LOW[:2])

    def values() -> set[float]:
        # A new object knows nothing but what is on disk.
        (found,) = Study(str(path), store).verdicts("full")
        return {each["value"] for each in found["parts"][0]["arms"][0]["values"]}

    assert values() == values() == {0.25}
    assert read == [1]
    code.write_text("def level(log, update):\n    return 0.75\n")
    assert values() == {0.75}


def test_a_packed_run_that_is_exchanged_is_noticed(made, store, tmp_path, capsys) -> None:
    folder = tmp_path / "kept"
    arguments = ["archive", str(made), "--profile", "full", "--out", str(folder)]
    assert call([*arguments, "--store", str(store.root)]) == 0
    study = Study(store=Archive(folder))
    assert study.verdicts("full")[0]["verdict"] == "supported"
    one, other = sorted((folder / "runs").iterdir())[:2]
    other.write_bytes(one.read_bytes())
    with pytest.raises(StoreError, match=f"{other.name} was altered"):
        study.verdicts("full")
    capsys.readouterr()
    assert call(["claims", "--from", str(folder), "--json"]) == 2
    assert str(other) in capsys.readouterr().err
    other.unlink()
    (found,) = Study(store=Archive(folder)).verdicts("full")
    assert found["verdict"] == "open"


def test_looking_again_reads_the_runs_that_ended_since(made, store, monkeypatch) -> None:
    first = Snapshot(load_study(str(made)), "full", store)
    before = first.verdicts
    fill(made, store, third=CLOSE)
    read: list[str] = []
    whole = RunFolder.metrics
    monkeypatch.setattr(
        RunFolder, "metrics", lambda self: [read.append(self.run_id), whole(self)][1]
    )
    again = first.again()
    assert [each.decision for each in again.verdicts] == [each.decision for each in before]
    assert len(read) == len(CLOSE)
    (path,) = {run.path for run in store.runs() if run.run_id == read[0]}
    (path / "metrics.jsonl").write_text("not what it wrote\n")
    with pytest.raises(StoreError, match="is damaged"):
        again.again().verdicts  # noqa: B018


def test_seeds_beyond_a_long_gap_of_seen_ones_count(tmp_path, store) -> None:
    study = load_study(str(write(tmp_path, [part()])))
    arm = study.arms("full")[0]
    store.create(arm.run(40))
    assert extended([arm], store)[0].seeds == 8, "40 is beyond any gap that workers leave"
    for seed in range(8, 40):
        store.create(arm.run(seed).replace(epochs=1))
    declare(study, store)
    assert extended([arm], store)[0].seeds == 41
