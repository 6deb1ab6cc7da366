"""The hash of an own module: its file's where it stands alone, and that of all it imports."""

import hashlib
import re
from pathlib import Path

import pytest

from assay.config import MemoryConfig
from assay.errors import PluginError
from assay.plugins import Plugin, located, resolve, what_changed
from assay.plugins.sources import find_sources


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    "text",
    [
        "import torch\nfrom torch import nn\n",
        "def broken(:",
        "import random  # beside it lies another\n",
        '"""import helper"""\n',
        "from not_there import x\n",
    ],
)
def test_alone_it_is_that_of_the_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "cells.py").write_text(text)
    (tmp_path / "helper.py").write_text("X = 1")
    (tmp_path / "random.py").write_text("X = 1")
    assert find_sources("cells", str(tmp_path)).sha256 == sha(text)


def test_an_empty_package_adds_nothing_and_a_full_one_does(tmp_path: Path) -> None:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg/cells.py").write_text("X = 1")
    (tmp_path / "pkg/__init__.py").write_text("")
    alone = find_sources("pkg.cells", str(tmp_path)).sha256
    assert alone == sha("X = 1")
    (tmp_path / "pkg/__init__.py").write_text("import torch")
    assert find_sources("pkg.cells", str(tmp_path)).sha256 != alone


def test_circles_end(tmp_path: Path) -> None:
    (tmp_path / "cells.py").write_text("import helper")
    (tmp_path / "helper.py").write_text("import cells\nX = 1")
    found = find_sources("cells", str(tmp_path))
    assert sorted(found.modules) == ["cells", "helper"]
    assert found.files == "cells.py, helper.py"


def test_names_and_contents_both_count(tmp_path: Path) -> None:
    hashes = set()
    for number, (one, other) in enumerate([("1", "2"), ("2", "1"), ("1", "1")]):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "cells.py").write_text("import a, b")
        (folder / "a.py").write_text(f"X = {one}")
        (folder / "b.py").write_text(f"X = {other}")
        hashes.add(find_sources("cells", str(folder)).sha256)
    assert len(hashes) == 3


def test_what_is_not_there_is_named_as_the_user_named_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    for folder, where in ((".", "the current folder"), ("sub", "sub")):
        with pytest.raises(PluginError) as error:
            resolve(MemoryConfig(cell="mine:Cell", folder=folder))
        assert str(error.value) == f"mine:Cell: there is no module 'mine' in {where}"


CELL = "import helper\nclass Cell: pass\n"


@pytest.fixture
def config(tmp_path: Path) -> MemoryConfig:
    folder = tmp_path / "old"
    folder.mkdir()
    (folder / "mine.py").write_text(CELL)
    (folder / "helper.py").write_text("X = 1")
    return resolve(MemoryConfig(cell="mine:Cell", folder=str(folder)))


def test_code_is_what_was_hashed_or_is_refused(config: MemoryConfig) -> None:
    plugin = Plugin.of(config, "cell")
    assert plugin.make() is not None
    for name in ("helper.py", "mine.py"):
        path = Path(config.folder, name)
        text = path.read_text()
        path.write_text(text + "# edited\n")
        with pytest.raises(PluginError, match=r"mine.py, helper.py in .* has changed"):
            plugin.load()
        path.write_text(text)
    assert plugin.make() is not None


def test_a_run_of_the_version_before_names_the_file_alone(config: MemoryConfig) -> None:
    old = config.model_copy(update={"source_sha256": {"mine:Cell": sha(CELL)}})
    assert Plugin.of(old, "cell").make() is not None
    assert what_changed(old) == ""


def test_a_moved_project_is_found_by_its_hash(config: MemoryConfig, tmp_path: Path) -> None:
    Path(config.folder).rename(tmp_path / "new")
    other = tmp_path / "other"
    other.mkdir()
    (other / "mine.py").write_text(CELL + "# another\n")
    (other / "helper.py").write_text("X = 1")
    assert what_changed(config) != ""
    found = located(config, [tmp_path, other, tmp_path / "new"])
    assert found.folder == str(tmp_path / "new")
    assert found.run_id == config.run_id
    # What is found edited is named as such; an empty folder is not taken for it.
    edited = located(config, [tmp_path, other])
    assert edited.folder == str(other)
    assert what_changed(edited) == f"mine:Cell: its code, in {other}, has changed since"
    assert located(config, [tmp_path]) == config
    # Where it is as it was, nothing else is asked.
    assert located(found, [other]) == found


def test_moved_data_are_found_by_their_hash(tmp_path: Path) -> None:
    for name, text in (("old", "sequence,label\n12,1\n"), ("wrong", "sequence,label\n12,0\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "d.csv").write_text(text)
    config = resolve(MemoryConfig(task="file", data="d.csv", folder=str(tmp_path / "old")))
    (tmp_path / "old").rename(tmp_path / "new")
    found = located(config, [tmp_path / "wrong", tmp_path / "new"])
    assert found.folder == str(tmp_path / "new")
    assert located(config, [tmp_path / "wrong"]).folder == str(tmp_path / "wrong")
    assert located(found, [tmp_path / "wrong"]) == found


def test_the_hash_is_part_of_the_identity(config: MemoryConfig) -> None:
    Path(config.folder, "helper.py").write_text("X = 2")
    again = resolve(config)
    assert again.run_id != config.run_id
    assert re.fullmatch("[0-9a-f]{64}", again.source_sha256["mine:Cell"])


def test_to_find_a_module_nothing_of_its_package_is_run(tmp_path: Path, monkeypatch) -> None:
    package = tmp_path / "elsewhere/opened"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise SystemExit('run')")
    (package / "inside.py").write_text("value = 1\n")
    monkeypatch.syspath_prepend(tmp_path / "elsewhere")
    found = find_sources("opened.inside", str(tmp_path))
    assert found.files.startswith("opened/inside.py")
