"""What was worked out is found again, and nothing else is."""

import os
from pathlib import Path

import pytest

from assay.store import cache


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(cache, "cache_folder", lambda: tmp_path / "numbers")
    return tmp_path / "numbers"


def ask(key: str, value: object, fresh: bool = True) -> tuple[object, bool]:
    """The answer, and whether it had to be worked out."""
    made = []

    def make() -> object:
        made.append(1)
        return value

    return cache.remembered(key, make, lambda: fresh), bool(made)


def test_it_is_worked_out_once(folder) -> None:
    value = {"a": [0.1, None, "é"], "b": {"c": 1e-300}}
    assert ask("key", value) == (value, True)
    assert ask("key", "another") == (value, False)
    assert ask("other key", 2) == (2, True)


def test_what_changed_meanwhile_is_not_kept(folder) -> None:
    assert ask("key", 1, fresh=False) == (1, True)
    assert ask("key", 2) == (2, True)


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: b"",
        lambda whole: whole[:-1],
        lambda whole: whole[:-1] + b"9",
        lambda whole: whole + b" ",
        lambda whole: b"7",
        lambda whole: whole.replace(b"numbers 1", b"numbers 2"),
    ],
)
def test_a_damaged_entry_is_ignored_and_replaced(damage, folder) -> None:
    ask("key", 1)
    (entry,) = folder.iterdir()
    entry.write_bytes(damage(entry.read_bytes()))
    assert ask("key", 2) == (2, True)
    assert ask("key", 3) == (2, False)


def test_an_entry_under_another_name_is_ignored(folder) -> None:
    ask("key", 1)
    (entry,) = folder.iterdir()
    content = entry.read_bytes()
    ask("other", 2)
    (other,) = set(folder.iterdir()) - {entry}
    other.write_bytes(content)
    assert ask("other", 3) == (3, True)


def test_an_edited_assay_finds_nothing(folder, monkeypatch) -> None:
    ask("key", 1)
    monkeypatch.setattr(cache, "source_stamp", lambda: b"other code")
    assert ask("key", 2) == (2, True)


def test_the_code_of_a_package_is_that_of_all_its_modules(tmp_path, monkeypatch) -> None:
    for name in ("alone.py", "whole/__init__.py", "whole/inner/part.py", "shared/mine/__init__.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "shared/other.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))

    def codes() -> list[str]:
        cache.code_sha256.cache_clear()
        return [cache.code_sha256(name) for name in ("alone", "whole.inner.part", "shared.mine")]

    before = codes()
    assert codes() == before
    for number, name in enumerate(("alone.py", "whole/__init__.py", "shared/mine/__init__.py")):
        (tmp_path / name).write_text("a = 1")
        now = codes()
        assert [new != old for new, old in zip(now, before, strict=True)] == [
            place == number for place in range(3)
        ]
        before = now
    (tmp_path / "shared/other.py").write_text("a = 1")
    assert codes() == before
    cache.code_sha256.cache_clear()


def test_its_size_is_bounded_and_the_oldest_go_first(folder, monkeypatch) -> None:
    monkeypatch.setattr(cache, "MOST_BYTES", 1_000)
    for number in range(8):
        ask(f"key {number}", "x" * 200)
        for path in folder.iterdir():
            at = path.stat().st_mtime - 10
            os.utime(path, (at, at))
        assert sum(path.stat().st_size for path in folder.iterdir()) <= 1_000
    assert ask("key 0", 0) == (0, True)
    assert ask("key 7", 0) == ("x" * 200, False)


def test_a_cache_that_cannot_be_written_keeps_nothing(folder) -> None:
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("a file")
    assert ask("key", 1) == (1, True)
    assert ask("key", 2) == (2, True)
