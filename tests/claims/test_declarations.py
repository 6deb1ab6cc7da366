"""When a claim was declared, what had been seen by then, and no way round it."""

import json
import re
from pathlib import Path

import pytest

from assay.claims.declarations import (
    carry_over,
    declaration,
    declarations,
    declare,
    mend,
)
from assay.config import GanConfig, MemoryConfig, training_id
from assay.errors import StoreError
from assay.kinds.command.config import CommandConfig
from assay.store import Store
from assay.store.archive import Archive
from assay.study import load_study
from tests.claims.made_up_claims import arm, fill, log, part, write
from tests.claims.test_verdicts import HIGH, LOW, judged, words
from tests.report.made_up_runs import write_run

AFTER = "2030-01-01T00:00:00+00:00"


def run(path: Path, store: Store, seeds: range, **started: str) -> None:
    """Ended runs of both arms, which began after every declaration."""
    study = load_study(str(path))
    for experiment, values in (("first", HIGH), ("second", LOW)):
        for seed in seeds:
            config = arm(study, experiment).run(seed)
            write_run(store, config, log(values[seed % 8]), started=AFTER, ended=AFTER)


def put_down(path: Path, store: Store) -> list[str]:
    study = load_study(str(path))
    return [each.claim for each in declare(study, store)]


def seeds(path: Path, store: Store) -> tuple[list[int], list[int]]:
    """The seeds of the first claim that confirm, and those that had been seen."""
    effects = judged(path, store)[0].parts[0].effects
    return [each.seed for each in effects.confirming], [each.seed for each in effects.seen]


def test_what_was_there_before_a_claim_was_declared_does_not_confirm_it(tmp_path, store) -> None:
    path = write(tmp_path, [part()])
    run(path, store, range(8))
    assert seeds(path, store) == ([], [0, 1, 2, 3, 4, 5, 6, 7])
    (found,) = judged(path, store)
    assert (found.word, found.decision.evidence.support) == ("open", 1)
    assert found.declared.why_seen == "it was not declared before its runs"
    assert found.seen.support > 100
    assert put_down(path, store) == ["C1"]
    run(path, store, range(8, 13))
    assert seeds(path, store) == ([8, 9, 10, 11, 12], [0, 1, 2, 3, 4, 5, 6, 7])
    assert words(judged(path, store)) == ["supported"]


def test_what_came_after_confirms(tmp_path, store) -> None:
    path = write(tmp_path, [part()])
    assert put_down(path, store) == ["C1"]
    assert put_down(path, store) == []
    run(path, store, range(5))
    assert seeds(path, store) == ([0, 1, 2, 3, 4], [])
    assert words(judged(path, store)) == ["supported"]


CHANGES = {
    "margin": {"margin": "0.04"},
    "test": {"test": '"smaller"'},
    "arms": {"of": '{ experiment = "second" }', "against": '{ experiment = "first" }'},
    "metric": {"metric": '"best_accuracy"'},
    "kind": {"kind": '"shift"'},
    "solved": {"kind": '"solved"', "solved": "0.9"},
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_that_matters_is_another_declaration(name, tmp_path, store) -> None:
    put_down(write(tmp_path, [part()]), store)
    run(tmp_path / "own.toml", store, range(6))
    path = write(tmp_path, [part(**CHANGES[name])])
    assert seeds(path, store)[0] == []
    assert put_down(path, store) == ["C1"]
    assert seeds(path, store)[0] == []


def test_how_a_logged_number_is_read_is_part_of_what_is_asked(tmp_path, store) -> None:
    logged = {"metric": '"validation.accuracy"'}
    for at in ('"last"', '"best"', '"mean of last 3"'):
        assert put_down(write(tmp_path, [part(**logged, at=at)]), store) == ["C1"]
        assert put_down(write(tmp_path, [part(**logged, at=at)]), store) == []


def test_most_is_part_of_what_is_asked_and_alpha_is_not(tmp_path, store) -> None:
    put_down(write(tmp_path, [part()]), store)
    assert put_down(write(tmp_path, [part()], study="alpha = 0.1"), store) == []
    assert put_down(write(tmp_path, [part()], study="most = 0.6"), store) == ["C1"]


def test_another_name_asks_the_same(tmp_path, store) -> None:
    """Neither the study's file, nor the claim's id, nor a sentence is a way round."""
    path = write(tmp_path, [part()])
    run(path, store, range(6))
    put_down(path, store)
    other = tmp_path / "renamed.toml"
    text = path.read_text().replace('id = "C1"', 'id = "Z"').replace("The first is", "It is")
    other.write_text(text.replace('title = "Made up"', 'title = "Another"'))
    assert put_down(other, store) == []
    assert seeds(other, store) == ([], [0, 1, 2, 3, 4, 5])


def test_two_studies_of_one_name_are_told_apart(tmp_path, store) -> None:
    """What was trained for the first counts for the second only where they share an arm."""
    paths = [tmp_path / week / "own.toml" for week in ("week1", "week2")]
    for path in paths:
        path.parent.mkdir()
        write(path.parent, [part()])
    first, second = paths
    assert put_down(first, store) == ["C1"]
    run(first, store, range(5))
    second.write_text(first.read_text().replace("epochs = 20", "epochs = 20\nhidden_size = 9"))
    assert put_down(second, store) == ["C1"]
    run(second, store, range(5))
    assert [seeds(path, store) for path in paths] == [([0, 1, 2, 3, 4], [])] * 2
    shared = '{ experiment = "third" }'
    second.write_text(first.read_text().replace('{ experiment = "second" }', shared))
    assert put_down(second, store) == ["C1"]
    entry = json.loads(store.declaration_log.read_text().splitlines()[-1])
    assert list(entry["seen"].values()) == [[0, 1, 2, 3, 4]]
    assert seeds(first, store) == ([0, 1, 2, 3, 4], [])


def test_a_shorter_run_of_a_seen_seed_was_seen(tmp_path, store) -> None:
    """The first updates of a long run are those of a short one."""
    path = write(tmp_path, [part()])
    run(path, store, range(3))
    path.write_text(path.read_text().replace("epochs = 20", "epochs = 19"))
    put_down(path, store)
    (line,) = store.declaration_log.read_text().splitlines()
    assert list(json.loads(line)["seen"].values()) == [[0, 1, 2], [0, 1, 2]]
    run(path, store, range(6))
    assert seeds(path, store) == ([3, 4, 5], [0, 1, 2])


PROFILE = "[profiles.full.experiments]\nfirst = {{ {} }}\n[[claims]]"


def test_a_profile_that_trains_something_else_asks_something_else(tmp_path, store) -> None:
    """What was trained for another study is no confirmation by being put into a profile."""
    path = write(tmp_path, [part()])
    text = path.read_text()
    assert put_down(path, store) == ["C1"]
    path.write_text(text.replace("[[claims]]", PROFILE.format("learning_rate = 0.02")))
    run(path, store, range(6))
    assert seeds(path, store) == ([], [0, 1, 2, 3, 4, 5])
    assert put_down(path, store) == ["C1"]
    assert seeds(path, store) == ([], [0, 1, 2, 3, 4, 5])
    path.write_text(text.replace("[[claims]]", PROFILE.format("epochs = 30")))
    assert put_down(path, store) == []


def test_all_profiles_are_declared_at_once(tmp_path, store) -> None:
    """What the one trains of arms that both have was not seen before the other was declared."""
    path = write(tmp_path, [part()])
    text = path.read_text().replace("[[claims]]", PROFILE.format("learning_rate = 0.02"))
    path.write_text(text)
    assert put_down(path, store) == ["C1", "C1"]
    run(path, store, range(5))
    assert seeds(path, store) == ([0, 1, 2, 3, 4], [])


def test_a_run_that_began_before_is_seen_wherever_it_was(tmp_path, store) -> None:
    path = write(tmp_path, [part()])
    put_down(path, store)
    run(path, store, range(2, 6))
    study = load_study(str(path))
    for experiment in ("first", "second"):
        for seed in (0, 1):
            before = {"started": "2001-01-01T00:00:00+00:00"}
            write_run(store, arm(study, experiment).run(seed), log(0.5), **before)
    assert seeds(path, store) == ([2, 3, 4, 5], [0, 1])


def test_trainings_are_told_apart_by_all_but_seed_and_budget() -> None:
    one = MemoryConfig(length=8, updates=100)
    assert training_id(one) == training_id(one.replace(seed=3, updates=5, epochs=7, measure_at=[4]))
    assert training_id(one) != training_id(one.replace(length=9))
    generator = GanConfig(updates=100)
    assert training_id(generator) == training_id(generator.replace(updates=None, save_interval=7))
    assert training_id(generator) != training_id(generator.replace(latent_dim=3))
    command = CommandConfig(
        command="train {lr} {steps}", pattern=["loss {loss}"], lr=0.1, steps=20, updates="steps"
    )
    reads = {"pattern": ["loss {loss}", "error {error}"], "resumes": True, "cores": 2}
    longer = {"values": {"lr": 0.1, "steps": 30}}
    assert training_id(command) == training_id(command.replace(seed=3, **reads, **longer))
    assert training_id(command) != training_id(command.replace(values={"lr": 0.2, "steps": 20}))
    unknown = command.replace(updates=None)
    assert training_id(unknown) != training_id(unknown.replace(**longer))


DAMAGE = {
    "text": (b"nonsense\n", "line 2, is damaged"),
    "another schema": (b'{"schema_version":2}\n', "line 2, is damaged: schema_version = 2"),
    "no such day": (
        b'{"schema_version":1,"declaration":"0123456789abcdef","at":"2026-99-01T00:00:00Z",'
        b'"study":"s","claim":"c","seen":{}}\n',
        "line 2, is damaged: at = '2026-99-01T00:00:00Z'",
    ),
    "not of an hour": (
        b'{"schema_version":1,"declaration":"0123456789abcdef","at":"2026-01-01T25:00:00Z",'
        b'"study":"s","claim":"c","seen":{"a":[true]}}\n',
        "line 2, is damaged",
    ),
    "bytes that are no text": (b"\xff\xfe\x00\n", "line 2, is damaged"),
    "an empty line": (b"\n", "line 2, is damaged"),
    "no hash": (b'{"schema_version":1,"declaration":"x"}\n', "line 2, is damaged: declaration"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_log_is_named_and_confirms_nothing(name, tmp_path, store) -> None:
    line, message = DAMAGE[name]
    path = write(tmp_path, [part()])
    put_down(path, store)
    run(path, store, range(6))
    whole = store.declaration_log.read_bytes()
    store.declaration_log.write_bytes(whole + line)
    (found,) = judged(path, store)
    assert message in found.declared.why_seen
    assert str(store.declaration_log) in found.declared.why_seen
    assert found.word == "open"
    assert found.seen.support > 20
    changed = write(tmp_path, [part(margin="0.01")])
    with pytest.raises(StoreError, match="line 2, is damaged"):
        put_down(changed, store)
    assert store.declaration_log.read_bytes() == whole + line


def test_a_line_that_was_altered_is_named_and_one_of_before_has_no_hash(tmp_path, store) -> None:
    path = write(tmp_path, [part()])
    put_down(path, store)
    run(path, store, range(6))
    (line,) = store.declaration_log.read_text().splitlines()
    (year,) = re.findall(r'"at":"(\d+)', line)
    store.declaration_log.write_text(line.replace(f'"at":"{year}', '"at":"1999') + "\n")
    (found,) = judged(path, store)
    assert "line 1, is damaged" in found.declared.why_seen
    assert "it was altered" in found.declared.why_seen
    before = json.loads(line)
    del before["sha256"]
    store.declaration_log.write_text(json.dumps(before) + "\n")
    assert seeds(path, store) == ([0, 1, 2, 3, 4, 5], [])


def test_a_log_is_mended_and_what_it_was_is_kept(tmp_path, store) -> None:
    path = write(tmp_path, [part()])
    put_down(path, store)
    assert mend(store) is None
    whole = store.declaration_log.read_bytes()
    store.declaration_log.write_bytes(b"nonsense\n" + whole)
    kept = mend(store)
    assert kept is not None
    assert kept.read_bytes() == b"nonsense\n" + whole
    assert store.declaration_log.read_bytes() == whole
    store.declaration_log.write_bytes(b"nonsense\n")
    mend(store)
    assert not store.declaration_log.exists()


def test_a_log_whose_end_is_cut_off_is_named_and_mended(tmp_path, store) -> None:
    path = write(tmp_path, [part()])
    put_down(path, store)
    whole = store.declaration_log.read_bytes()
    for length in range(len(whole)):
        store.declaration_log.write_bytes(whole[:length])
        assert not declarations(store).first
        assert "its end is cut off" in declarations(store).damage
    mend(store)
    assert put_down(path, store) == ["C1"]


def test_a_log_that_cannot_be_read_is_named(tmp_path, store) -> None:
    store.declaration_log.mkdir(parents=True)
    assert "declarations.jsonl cannot be read: Is a directory" in declarations(store).damage


def test_an_archive_keeps_them_and_the_first_counts(tmp_path, store) -> None:
    path = write(tmp_path, [part()])
    fill(path, store, first=HIGH, second=LOW)
    source = tmp_path / "kept"
    source.mkdir()
    (source / "evidence.json").write_text(
        '{"format": 1, "study": "own", "profile": "full", "study_sha256": ""}'
    )
    archive = Archive(source)
    carry_over(store, archive)
    assert declarations(archive).first == declarations(store).first
    later = Store(tmp_path / "later")
    put_down(path, later)
    carry_over(later, archive)
    assert declarations(archive).first == declarations(store).first


def test_the_hashes_of_the_shipped_claims_stay_as_they_are() -> None:
    """Their committed evidence rests on these: another way to hash would make it exploratory."""
    study = load_study("cs324_a3")
    found = {each.id: declaration(study, each, study.arms("full")) for each in study.claims}
    assert (found["R2"], found["R1"], found["G1"]) == (
        "c64cc389726c0437",
        "306e07eb441a91e4",
        "c1f40d50be33b9c5",
    )
