"""Looking at a study writes nothing; claims and reports record verdicts, whoever else does too."""

import json
import multiprocessing
from pathlib import Path

import pytest

from assay import Study
from assay.claims.looks import Passed, record, recorded
from assay.cli import call
from assay.store import Store
from assay.study import load_study
from tests.claims.made_up_claims import fill, part, write
from tests.claims.test_verdicts import HIGH, LOW, claims

EACH = 12


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def made(tmp_path, store) -> Path:
    path = write(tmp_path, [part()])
    fill(path, store, first=HIGH, second=LOW)
    return path


def test_looking_writes_nothing_to_the_store(made, store) -> None:
    before = files(store.root)
    study = Study(str(made), store)
    study.table("full")
    study.claim("C1", "full")
    study.data("full")
    study.figure("1", "full")
    study.evidence("full")
    study.plan("full")
    assert files(store.root) == before
    assert study.verdicts("full")[0]["verdict"] == "supported"
    assert len(recorded(load_study(str(made)), store)) == 1


def test_a_report_records(made, store, tmp_path) -> None:
    Study(str(made), store).report("full", folder=tmp_path / "page")
    assert [each.verdict for each in recorded(load_study(str(made)), store)] == ["supported"]


def passed(number: int) -> Passed:
    return Passed(f"X{number}", "full", "d", {"a": number}, None, 0.05, "supported", 0.01, "")


def add(path: str, root: str, first: int, ready: "multiprocessing.synchronize.Barrier") -> None:
    """One verdict after the other, as fast as the disk takes them."""
    study, store = load_study(path), Store(root)
    ready.wait()
    for number in range(first, first + EACH):
        record(study, store, [passed(number)])


def test_two_processes_that_record_at_once_lose_nothing(made, store) -> None:
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Barrier(2)
    workers = [
        spawn.Process(target=add, args=(str(made), str(store.root), first, ready))
        for first in (0, 100)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=120)
        assert worker.exitcode == 0
    found = {each.claim for each in recorded(load_study(str(made)), store)}
    assert found == {f"X{first + number}" for first in (0, 100) for number in range(EACH)}


def test_two_studies_of_one_name_are_two(tmp_path, store, capsys, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    paths = []
    for week, margin in (("week1", "0.05"), ("week2", "0.2")):
        (tmp_path / week).mkdir()
        paths.append(write(tmp_path / week, [part(margin=margin)]))
        fill(paths[-1], store, first=HIGH, second=LOW)
    pages = []
    for path in paths:
        (found,) = claims(path, store, capsys)
        assert not found["exploratory"]
        short = str(path.relative_to(tmp_path))
        assert call(["report", short, "--profile", "full", "--store", str(store.root)]) == 0
        pages.append(capsys.readouterr().out.strip())
        assert call(["archive", short, "--profile", "full", "--store", str(store.root)]) == 0
        pages.append(capsys.readouterr().out.strip())
    assert pages == [
        f"{top}/week{week}/own{end}"
        for week in (1, 2)
        for top, end in (("reports", "/full/index.html"), ("results", ""))
    ]
    # The first study's record still stands when it is changed.
    write(tmp_path / "week1", [part(margin="0.3")])
    (found,) = claims(paths[0], store, capsys)
    assert "margins were changed" in found["exploratory"]


def test_a_study_moved_with_its_store_keeps_its_record(tmp_path, capsys) -> None:
    home = tmp_path / "home"
    home.mkdir()
    path, store = write(home, [part()]), Store(home / "store")
    fill(path, store, first=HIGH, second=LOW)
    claims(path, store, capsys)
    home.rename(tmp_path / "moved")
    path = write(tmp_path / "moved", [part(margin="0.5")])
    (found,) = claims(path, Store(tmp_path / "moved" / "store"), capsys)
    assert "margins were changed" in found["exploratory"]


def test_a_record_of_an_older_version_is_read(made, store, capsys) -> None:
    """It names no study: what it says of the same arms counts, and of others does not."""
    claims(made, store, capsys)
    (log,) = (store.root / "verdicts").glob("*.json")
    entries = json.loads(log.read_text(encoding="utf-8"))["verdicts"]
    older = store.root / "verdicts" / "own.json"
    log.unlink()
    older.write_text(json.dumps({"format": 1, "verdicts": entries}), encoding="utf-8")
    write(made.parent, [part(margin="0.5")])
    assert "margins were changed" in claims(made, store, capsys)[0]["exploratory"]
    (log,) = set((store.root / "verdicts").glob("*.json")) - {older}
    log.unlink()
    strangers = [entry | {"seeds": {"another": 8}} for entry in entries]
    older.write_text(json.dumps({"format": 1, "verdicts": strangers}), encoding="utf-8")
    assert not claims(made, store, capsys)[0]["exploratory"]


def test_profiles_have_reports_of_their_own(made, store, capsys, monkeypatch) -> None:
    monkeypatch.chdir(made.parent)
    printed = []
    for profile in ("quick", "full"):
        assert call(["report", made.name, "--profile", profile, "--store", str(store.root)]) == 0
        printed.append(capsys.readouterr().out.strip())
    assert printed == ["reports/own/quick/index.html", "reports/own/full/index.html"]
    assert len({Path(path).read_text(encoding="utf-8") for path in printed}) == 2


def test_studies_elsewhere_and_of_shipped_names_have_their_own_place(tmp_path, monkeypatch) -> None:
    below = tmp_path / "here"
    below.mkdir()
    monkeypatch.chdir(below)
    places = [load_study("cs324_a3").place("reports")]
    for path in (
        tmp_path / "cs324_a3.toml",
        below / "cs324_a3.toml",
        below / "a" / "cs324_a3.toml",
    ):
        path.parent.mkdir(exist_ok=True)
        path.write_text('title = "T"\n[experiments.a]\n', encoding="utf-8")
        places.append(load_study(str(path)).place("reports"))
    assert len(set(places)) == len(places)
    assert places[0] == Path("reports/cs324_a3")
    assert places[-1] == Path("reports/a/cs324_a3")
