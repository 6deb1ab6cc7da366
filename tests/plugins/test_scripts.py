"""The hashes of scripts: of what belongs to them, and of nothing else."""

from pathlib import Path

import pytest

from assay.errors import PluginError
from assay.plugins import restamped, script_sha256, script_stamps
from assay.plugins.scripts import is_script


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lib").mkdir()
    (tmp_path / "train.py").write_text("import numpy, helper\nfrom lib import model\n")
    (tmp_path / "helper.py").write_text("import json")
    (tmp_path / "lib/model.py").write_text("from . import part")
    (tmp_path / "lib/part.py").write_text("x = 1")
    (tmp_path / "lib/run.py").write_text("import part, helper")
    (tmp_path / "other.py").write_text("y = 1")
    (tmp_path / "fit.R").write_text("print(1)")
    return tmp_path


def files(name: str, folder: Path) -> set[str]:
    found = script_stamps([name], str(folder))
    return {Path(path).relative_to(folder.resolve()).as_posix() for path in found}


def test_what_belongs_to_a_script(folder: Path) -> None:
    assert files("train.py", folder) == {"train.py", "helper.py", "lib/model.py", "lib/part.py"}
    assert files("lib/run.py", folder) == {"lib/run.py", "lib/part.py", "helper.py"}
    assert files("fit.R", folder) == {"fit.R"}
    assert files("lib/p*.py", folder) == {"lib/part.py"}


@pytest.mark.parametrize("name", ["v1.2/train.py", "train.v2.py", "my-train.py"])
def test_a_script_may_have_a_name_that_no_module_has(folder: Path, name: str) -> None:
    script = folder / name
    script.parent.mkdir(exist_ok=True)
    script.write_text("import helper")
    assert files(name, folder) == {name, "helper.py"}


def test_a_script_may_lie_beside_the_folder_that_it_is_run_in(folder: Path) -> None:
    (folder / "other").mkdir()
    found = {Path(path).name for path in script_stamps(["../train.py"], str(folder / "other"))}
    assert found == {"train.py", "helper.py", "model.py", "part.py"}


def test_a_module_far_down_changes_the_hash_and_another_file_does_not(folder: Path) -> None:
    before = script_sha256("train.py", str(folder))
    stamps = script_stamps(["train.py"], str(folder))
    (folder / "other.py").write_text("y = 22")
    assert script_sha256("train.py", str(folder)) == before
    assert restamped(stamps) == []
    (folder / "lib/part.py").write_text("x = 22")
    assert script_sha256("train.py", str(folder)) != before
    assert [Path(path).name for path in restamped(stamps)] == ["part.py"]


def test_what_is_not_there(folder: Path) -> None:
    with pytest.raises(PluginError, match=r"there is no file 'configs/\*.yaml' in"):
        script_sha256("configs/*.yaml", str(folder))
    assert is_script("lib/part.py", str(folder))
    assert not is_script(str(folder / "fit.R"), str(folder))  # a path of one machine alone
    assert not is_script("lib", str(folder))
    assert not is_script("\0", str(folder))
