"""Evidence: what is kept of a study's runs is all that claims and reports read, and is checked."""

import io
import json
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assay.claims.snapshot import Snapshot
from assay.cli import call
from assay.report.pages.write import write_report
from assay.store import Store
from assay.store.archive import Archive, packed
from assay.study import load_study
from tests.claims import made_up_universes
from tests.claims.made_up_claims import fill, part, write
from tests.report.made_up_runs import write_generator

HIGH = [0.95, 0.96, 0.97, 0.98, 0.99, 0.95, 0.96, 0.97]
LOW = [0.10, 0.12, 0.11, 0.14, 0.13, 0.10, 0.12, 0.11]

GENERATOR = """
title = "One generator"
[experiments.gan]
kind = "gan"
epochs = 1
[profiles.quick]
seeds = 1
[[figures]]
id = "4"
title = "Samples"
kind = "samples"
experiments = ["gan"]
[[figures]]
id = "5"
title = "Between"
kind = "interpolation"
experiments = ["gan"]
"""


@dataclass(frozen=True)
class Made:
    """A study of two arms and one more whose only run diverged, its store and its evidence."""

    study: Path
    store: Store
    kept: Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("made")
    path, store = write(folder, [part()]), Store(folder / "store")
    fill(path, store, first=HIGH, second=LOW, third=[None])
    return Made(path, store, keep(path, store, folder / "kept"))


@pytest.fixture
def study(made: Made) -> Path:
    return made.study


@pytest.fixture
def kept(made: Made, tmp_path: Path) -> Path:
    """A copy of the evidence, to be damaged."""
    return Path(shutil.copytree(made.kept, tmp_path / "kept"))


def keep(study: Path, store: Store, folder: Path, profile: str = "full") -> Path:
    arguments = ["evidence", str(study), "--profile", profile]
    assert call([*arguments, "--store", str(store.root), "--out", str(folder)]) == 0
    return folder


def files(folder: Path) -> dict[Path, tuple[bytes, int]]:
    return {
        path: (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def claims(capsys: Any, *arguments: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert call(["claims", *arguments, "--json"]) == 0, capsys.readouterr().err
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["claims"]
    return found


def test_claims_from_evidence_are_those_from_the_store(made, study, kept, capsys) -> None:
    root = str(made.store.root)
    from_store = claims(capsys, str(study), "--profile", "full", "--store", root)
    before = files(kept)
    assert claims(capsys, str(study), "--from", str(kept)) == from_store
    assert from_store[0]["verdict"] == "supported"
    assert files(kept) == before


def test_runs_are_added_and_never_written_again(tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part()])
    fill(path, store, first=HIGH[:3])
    folder = keep(path, store, tmp_path / "kept")
    first = files(folder)
    fill(path, store, first=HIGH, second=LOW[:2])
    keep(path, store, folder)
    assert "added 7; 10 of 24 runs are there" in capsys.readouterr().err
    now = files(folder)
    assert len(now) == len(first) + 7
    assert now.items() >= first.items()
    # From a store of their own, runs come to the same bytes.
    again = keep(path, store, tmp_path / "again")
    assert {file.read_bytes() for file in again.rglob("*.zip")} == {
        file.read_bytes() for file in folder.rglob("*.zip")
    }


def test_runs_under_way_stay_out(tmp_path, store) -> None:
    path = write(tmp_path, [part()])
    fill(path, store, first=HIGH[:2])
    (unfinished, _) = store.runs()
    (unfinished.path / "record.json").unlink()
    folder = keep(path, store, tmp_path / "kept")
    assert not packed(folder, unfinished.run_id).exists()
    assert len(Archive(folder).runs()) == 1


def test_runs_of_a_multiverse_are_kept(tmp_path, store, capsys) -> None:
    path = made_up_universes.write(tmp_path)
    made_up_universes.fill(path, store, lambda run: 100 if run.cell == "lstm" else None)
    from_store = claims(capsys, str(path), "--store", str(store.root))
    folder = keep(path, store, tmp_path / "kept", "quick")
    assert len(list(folder.rglob("*.zip"))) == len(store.runs()) > 0
    found = claims(capsys, str(path), "--from", str(folder))
    assert found == from_store
    assert found[0]["multiverse"]["runs"]["finished"] > 0


def test_a_report_from_evidence_needs_no_weights(tmp_path, monkeypatch) -> None:
    # Commands name a store that is not the usual one, and evidence lies in none.
    monkeypatch.chdir(tmp_path)
    store = Store("store")
    # How long a digit is looked for in the noise that an untrained generator makes.
    monkeypatch.setattr("assay.inference.generator._MOST_BATCHES", 1)
    path = tmp_path / "gan.toml"
    path.write_text(GENERATOR)
    study = load_study(str(path))
    ((config,),) = [arm.runs for arm in study.arms("quick")]
    write_generator(store, config)  # type: ignore[arg-type]
    page = write_report(Snapshot(study, "quick", store), tmp_path / "before")
    folder = keep(path, store, tmp_path / "kept", "quick")
    shutil.rmtree(store.root)
    again = write_report(Snapshot(study, "quick", Archive(folder)), tmp_path / "after")
    assert again.read_bytes() == page.read_bytes()
    for number in (4, 5):
        name = f"figures/figure-{number}.png"
        assert (page.parent / name).read_bytes() == (again.parent / name).read_bytes()
    with zipfile.ZipFile(packed(folder, config.run_id)) as archive:
        names = archive.namelist()
    assert names[:3] == ["config.json", "record.json", "metrics.jsonl"]
    assert "samples/0000000000.npy" in names
    assert names[-1] == "passages.npz"


def test_another_study_of_the_same_name_is_kept_apart(made, kept, tmp_path, capsys) -> None:
    options = ["--profile", "full", "--store", str(made.store.root), "--out", str(kept)]
    # Edited, it is the same study as long as it plans the runs that are there.
    edited = write(tmp_path, [part(margin="0.01")])
    assert call(["archive", str(edited), *options]) == 0
    assert (kept / "study.toml").read_bytes() == edited.read_bytes()
    assert len(claims(capsys, "--from", str(kept))) == 1
    text = edited.read_text(encoding="utf-8")
    edited.write_text(
        text.replace("seeds = 8", "seeds = 3"), encoding="utf-8"
    )  # the rest go beyond
    assert call(["archive", str(edited), *options]) == 0
    before = files(kept)
    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / edited.name
    other.write_text(text.replace('cell = "gru"', 'cell = "lru"'), encoding="utf-8")
    message = f"{kept} holds evidence of another study, or of {other} before it was edited"
    refused(capsys, ["archive", str(other), *options], f"{message}: 1 of its runs are none")
    assert files(kept) == before


def test_an_archive_keeps_its_study(made, kept, tmp_path, capsys, monkeypatch) -> None:
    root = str(made.store.root)
    from_store = claims(capsys, str(made.study), "--profile", "full", "--store", root)
    monkeypatch.chdir(tmp_path)
    assert claims(capsys, "--from", "kept") == from_store
    assert claims(capsys, "own", "--from", "kept") == from_store
    assert call(["report", "--from", "kept"]) == 0
    assert capsys.readouterr().out.strip() == "reports/kept/full/index.html"
    (kept / "study.toml").write_bytes((kept / "study.toml").read_bytes() + b"\n")
    refused(capsys, ["claims", "--from", str(kept)], f"{kept / 'study.toml'} is missing or was alt")
    # As archives of older versions are: the study has to be named, if it is no shipped one.
    (kept / "evidence.json").write_text('{"format": 1, "study": "own", "profile": "full"}')
    refused(capsys, ["claims", "--from", str(kept)], "keeps no study file: give that of own")
    assert claims(capsys, str(made.study), "--from", str(kept)) == from_store


def test_evidence_that_a_crash_cut_short_is_finished_by_the_same_command(
    made, kept, tmp_path, capsys
) -> None:
    """The study was edited, and its file is there while the manifest is the one before."""
    edited = tmp_path / "own.toml"
    edited.write_text(made.study.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")
    shutil.copy(edited, kept / "study.toml")
    keep(edited, made.store, kept)
    assert claims(capsys, "--from", str(kept))[0]["verdict"] == "supported"


def test_a_manifest_that_was_altered_is_named(kept, capsys) -> None:
    manifest = kept / "evidence.json"
    manifest.write_text(manifest.read_text().replace('"profile": "full"', '"profile": "fast"'))
    refused(capsys, ["claims", "--from", str(kept)], "evidence.json was altered: its sha256")


def test_an_archive_of_own_modules_and_data_needs_neither(tmp_path, store, capsys) -> None:
    (tmp_path / "words.csv").write_text("\n".join("0,1,1,0" for _ in range(40)), encoding="utf-8")
    (tmp_path / "mine.py").write_text("class Cell: ...\n", encoding="utf-8")
    path = write(tmp_path, [part()])
    text = path.read_text(encoding="utf-8")
    own = '[experiments.first]\ncell = "mine:Cell"\ntask = "file"\ndata = "words.csv"\n'
    path.write_text(text.replace("[experiments.first]\n", own), encoding="utf-8")
    fill(path, store, first=HIGH, second=LOW)
    from_store = claims(capsys, str(path), "--profile", "full", "--store", str(store.root))
    folder = keep(path, store, tmp_path / "kept")
    assert from_store[0]["verdict"] == "supported"
    for name in ("words.csv", "mine.py", "own.toml"):
        (tmp_path / name).unlink()
    assert claims(capsys, "--from", str(folder)) == from_store


def repacked(change: Callable[[dict[str, bytes]], object]) -> Callable[[Path], None]:
    """Damage that a tool for archives can do: other members, and checksums that fit them."""

    def damage(path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        change(members)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        path.write_bytes(buffer.getvalue())

    return damage


def other_seed(members: dict[str, bytes]) -> None:
    config = json.loads(members["config.json"])
    members["config.json"] = json.dumps(config | {"seed": 99}).encode()


def higher(members: dict[str, bytes]) -> None:
    members["metrics.jsonl"] = (
        members["metrics.jsonl"].replace(b"0.1", b"0.9", 1).replace(b"0.9", b"0.8", 1)
    )


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("samples/0000000001.npy", bytes(100_000_000))


def without_hash(record: bytes) -> dict[str, Any]:
    return {key: value for key, value in json.loads(record).items() if key != "sha256"}


def later(record: bytes) -> bytes:
    return json.dumps(without_hash(record) | {"gpu": "none"}).encode()


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "torn": (lambda path: path.write_bytes(path.read_bytes()[:-30]), "is damaged"),
    "empty": (lambda path: path.write_bytes(b""), "is damaged"),
    "another config": (repacked(other_seed), "was altered: its config.json describes run"),
    "other numbers": (repacked(higher), "was altered: its metrics.jsonl is not what the run wrote"),
    "no record": (repacked(lambda files: files.pop("record.json")), "is no run: it should hold"),
    "half a record": (
        repacked(lambda files: files.update({"record.json": b"{"})),
        "is damaged, or of a later version of assay: Invalid JSON",
    ),
    "a record of a later version": (
        repacked(lambda files: files.update({"record.json": later(files["record.json"])})),
        "is damaged, or of a later version of assay: unknown key 'gpu'",
    ),
    "no settings": (
        repacked(lambda files: files.update({"config.json": b"[1]"})),
        "is damaged: it should hold one JSON object",
    ),
    "something else": (repacked(lambda files: files.update({"../x": b""})), "is no run"),
    "thousands more": (
        repacked(lambda files: files.update({f"{n}": b"" for n in range(3_000)})),
        "is no run: it should hold config.json, record.json, metrics.jsonl and images, and holds "
        "config.json, record.json, metrics.jsonl, 0, 1, 2, …",
    ),
    "a bomb": (bomb, "was altered: samples/0000000001.npy unpacks to 100,000,000 bytes, and"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damaged_evidence_is_refused_in_one_sentence(name, kept, study, capsys) -> None:
    damage, sentence = DAMAGE[name]
    path = sorted((kept / "runs").iterdir())[0]
    damage(path)
    within = {"half a record": ", record.json", "no settings": ", config.json"}
    within["a record of a later version"] = ", record.json"
    where = f"{path}{within.get(name, '')}"
    refused(capsys, ["claims", str(study), "--from", str(kept)], f"{where} {sentence}")


def test_what_is_wrong_within_a_file_is_named_by_where_the_user_has_it(kept, study, capsys) -> None:
    def unknown(members: dict[str, bytes]) -> None:
        config = json.loads(members["config.json"])
        members["config.json"] = json.dumps(config | {"nope": 1}).encode()

    path = sorted((kept / "runs").iterdir())[0]
    repacked(unknown)(path)
    message = f"error: {path}, config.json: unknown key 'nope'"
    refused(capsys, ["claims", str(study), "--from", str(kept)], message)


def test_a_file_that_is_written_anew_is_read_anew(kept) -> None:
    run = Archive(kept).runs()[0]
    before = run.record()
    assert before is not None

    def slower(members: dict[str, bytes]) -> None:
        record = before.model_copy(update={"seconds": before.seconds + 1})
        members["record.json"] = record.model_dump_json().encode()

    repacked(slower)(run.path)
    now = run.record()
    assert now is not None
    assert now.seconds == before.seconds + 1


def test_every_flipped_byte_of_content_is_found(kept, study, capsys) -> None:
    path = sorted((kept / "runs").iterdir())[0]
    whole = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        numbers = archive.getinfo("metrics.jsonl")
    start = numbers.header_offset + 30 + len("metrics.jsonl")
    # Not those of LZMA's own header, which name the version that packed it.
    for at in range(start + 9, start + numbers.compress_size - 9, 53):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        refused(capsys, ["claims", str(study), "--from", str(kept)], f"{path} is damaged")


def test_other_folders_are_refused(made, kept, study, tmp_path, capsys) -> None:
    refused(capsys, ["report", "--from", str(tmp_path)], "is no folder of evidence")
    refused(capsys, ["report"], "give a STUDY, or --from and a folder of evidence")
    out = ["--store", str(made.store.root), "--out", str(kept)]
    refused(capsys, ["evidence", str(study), *out], "holds evidence of own, profile full: own,")
    for content, message in (
        ('{"format": 2}', "is damaged, or of a later version of assay: this one reads format 1"),
        ('{"format": 1, "study": "own"}', "is damaged: profile is missing"),
        (
            '{"format": 1, "study": "own", "profile": "full", "of": 1}',
            "is damaged: unknown key 'of': allowed are data",
        ),
        ("[", "cannot be read"),
        ("[1]", "is damaged: it should hold one JSON object"),
    ):
        (kept / "evidence.json").write_text(content)
        refused(capsys, ["claims", "--from", str(kept)], f"{kept / 'evidence.json'} {message}")
    file = tmp_path / "file"
    file.write_text("")
    out = ["--store", str(made.store.root), "--out", str(file / "kept")]
    refused(capsys, ["evidence", str(study), *out], "cannot be written")


def refused(capsys: Any, arguments: list[str], sentence: str) -> None:
    capsys.readouterr()
    assert call(arguments) == 2
    printed = capsys.readouterr()
    assert sentence in printed.err
    assert len(printed.err.strip().splitlines()) == 1
    assert not printed.out
