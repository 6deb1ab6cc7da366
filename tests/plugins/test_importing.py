"""Own modules: each is what was hashed, none meets another, and Python's own are left alone."""

import copy
import os
import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import torch

from assay.errors import PluginError
from assay.plugins import Plugin, start_afresh
from assay.plugins.sources import find_sources


def write(folder: Path, **files: str) -> str:
    """Files by their dotted names; `pkg.__init__` makes a package."""
    for name, text in files.items():
        path = folder.joinpath(*name.split(".")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return str(folder)


def value(folder: str, target: str = "cells:make") -> object:
    return Plugin(target, folder).make()


def test_two_folders_with_one_name_do_not_meet(tmp_path: Path) -> None:
    path = [*sys.path]
    for name in "ab":
        write(
            tmp_path / name,
            cells="from helper import word\ndef make(): return word()",
            helper=f"def word(): return {name!r}",
        )
    found = [value(str(tmp_path / name)) for name in "abab"]
    assert found == ["a", "b", "a", "b"]
    assert sys.path == path
    assert not {"cells", "helper"} & sys.modules.keys()


def test_copies_of_one_file_in_two_folders_know_where_they_are(tmp_path: Path) -> None:
    for name in "ab":
        write(tmp_path / name, cells="def make(): return __file__")
    assert [value(str(tmp_path / name)) for name in "ab"] == [
        str(tmp_path / name / "cells.py") for name in "ab"
    ]


@pytest.mark.parametrize("edited", ["cells", "helper"])
def test_an_edit_is_seen_at_once_though_size_and_time_stay(tmp_path: Path, edited: str) -> None:
    files = {
        "cells": "import helper\ndef make(): return 1 + helper.two()",
        "helper": "def two(): return 2",
    }
    folder = write(tmp_path, **files)
    assert value(folder) == 3
    before = (tmp_path / f"{edited}.py").stat()
    changed = files[edited].replace("return 1", "return 5").replace("return 2", "return 6")
    write(tmp_path, **{edited: changed})
    os.utime(tmp_path / f"{edited}.py", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert value(folder) == 7


WAYS = {
    "from": "from pkg.deep.inner import word\ndef make(): return word()",
    "dotted": "import pkg.deep.inner\ndef make(): return pkg.deep.inner.word()",
    "as": "import pkg.deep.inner as i\ndef make(): return i.word()",
    "from package": "from pkg.deep import inner\ndef make(): return inner.word()",
    "relative": "from .pkg.deep.inner import word\ndef make(): return word()",
    "relative module": "from .pkg.deep import inner\ndef make(): return inner.word()",
    "star": "from pkg.deep.inner import *\ndef make(): return word()",
    "lazy": "def make():\n    from pkg.deep.inner import word\n    return word()",
    "lazy dotted": "def make():\n    import pkg.deep.inner\n    return pkg.deep.inner.word()",
    "in a class": "class K:\n    from pkg.deep.inner import word\ndef make(): return K.word()",
    "guarded": "try:\n    from pkg.deep.inner import word as make\nexcept ImportError:\n    pass",
    "through another": "from other import make",
}
REST = {
    "pkg.__init__": "LOADED = True",
    "pkg.deep.__init__": "",
    "pkg.deep.inner": "from ..near import word\nfrom . import side",
    "pkg.near": "def word(): return 'found'",
    "pkg.deep.side": "",
    "other": "from pkg.deep.inner import word as make",
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("packages", [True, False], ids=["packages", "plain folders"])
def test_every_way_to_import_finds_what_lies_beside_it_and_is_hashed(
    tmp_path: Path, way: str, packages: bool
) -> None:
    rest = {name: text for name, text in REST.items() if packages or "__init__" not in name}
    folder = write(tmp_path, cells=WAYS[way], **rest)
    assert value(folder) == "found"
    before = find_sources("cells", folder).sha256
    write(tmp_path, **{"pkg.near": "def word(): return 'other'"})
    assert find_sources("cells", folder).sha256 != before
    assert value(folder) == "other"


def test_a_lazy_import_after_an_edit_has_what_was_hashed(tmp_path: Path) -> None:
    lazy = "def make():\n    import helper\n    return helper.X"
    folder = write(tmp_path, cells=lazy, helper="X = 1")
    call = Plugin("cells:make", folder).load()
    write(tmp_path, helper="X = 2")
    assert call() == 1
    assert value(folder) == 2


def test_python_s_own_modules_are_never_taken_from_the_folder(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        cells="import random, copy, torch\ndef make(): return random.Random, copy.copy, torch.nn",
        random="raise RuntimeError('mine')",
        copy="raise RuntimeError('mine')",
        torch="raise RuntimeError('mine')",
    )
    assert value(folder) == (random.Random, copy.copy, torch.nn)


@pytest.mark.parametrize("name", ["copy", "random", "torch", "numpy", "types"])
def test_an_own_module_named_like_python_s_is_refused(tmp_path: Path, name: str) -> None:
    folder = write(tmp_path, **{name: "make = dict"})
    with pytest.raises(PluginError, match=f"{name} is a module .* rename the file"):
        value(folder, f"{name}:make")


def test_a_package_may_hold_such_names(tmp_path: Path) -> None:
    folder = write(
        tmp_path, **{"pkg.__init__": "", "pkg.random": "X = 4", "pkg.cells": "from . import random"}
    )
    write(tmp_path, **{"pkg.cells": "from . import random\ndef make(): return random.X"})
    assert value(folder, "pkg.cells:make") == 4


def test_dataclasses_and_super_work_as_everywhere(tmp_path: Path) -> None:
    text = """
from __future__ import annotations
import pickle
from dataclasses import dataclass

@dataclass
class Base:
    size: int = 3

class make(Base):
    def __init__(self):
        super().__init__(4)
        self.same = pickle.loads(pickle.dumps(Base(7))).size
"""
    made = value(write(tmp_path, cells=text))
    assert (made.size, made.same) == (4, 7)  # type: ignore[attr-defined]


def test_a_fault_names_file_and_line(tmp_path: Path) -> None:
    folder = write(tmp_path, cells="def make():\n    return 1 / 0")
    with pytest.raises(PluginError, match=rf"ZeroDivisionError: .* \({folder}/cells.py, line 2\)$"):
        value(folder)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def make(:", r"SyntaxError: [^()]* \(/.*/cells.py, line 1\)$"),
        ("import missing_helper", "No module named 'missing_helper'"),
        ("from helper import nothing", "cannot import name 'nothing' from 'helper'"),
        ("raise SystemExit(3)", r"SystemExit: 3 \(/.*/cells.py, line 1\)$"),
        ("make = 3", "is a int, and should be a class or function"),
    ],
)
def test_what_goes_wrong_on_import_is_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    folder = write(tmp_path, cells=text, helper="X = 1")
    with pytest.raises(PluginError, match=said) as error:
        value(folder)
    assert "assay_own_" not in str(error.value)


def test_what_an_error_says_may_be_long_or_nothing(tmp_path: Path) -> None:
    long = "def make():\n    raise ValueError('word ' * 100_000)"
    with pytest.raises(PluginError, match=r"word .*… \(/.*cells\.py, line 2\)$") as error:
        value(write(tmp_path, cells=long))
    assert 400 < len(str(error.value)) < 1_000
    mute = "class Mute(Exception):\n    def __str__(self): return 1 / 0\ndef make(): raise Mute"
    with pytest.raises(PluginError, match=r"Mute: what it says cannot be shown \(/.*, line 3\)$"):
        value(write(tmp_path, cells=mute))


def test_prints_are_no_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "import sys\nprint('a')\nsys.stdout.write('b')\ndef make(): print('c')"
    value(write(tmp_path, cells=text))
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "a\nbc\n"


def test_start_afresh_executes_anew(tmp_path: Path) -> None:
    folder = write(tmp_path, cells="N = []\ndef make():\n    N.append(0)\n    return len(N)")
    assert [value(folder), value(folder)] == [1, 2]
    start_afresh()
    assert value(folder) == 1


def test_two_threads_load_one_module(tmp_path: Path) -> None:
    folder = write(
        tmp_path, cells="import time\ntime.sleep(0.05)\nclass K: pass\ndef make(): return K"
    )
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(value(folder))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1


def test_a_module_on_python_s_path_is_found_and_hashed_with_its_package(tmp_path: Path) -> None:
    write(
        tmp_path / "lib",
        **{
            "kit.__init__": "",
            "kit.cells": "from kit.part import X\ndef make(): return X",
            "kit.part": "X = 1",
        },
    )
    code = (
        "from assay.plugins import Plugin; from assay.plugins.sources import find_sources as f;"
        "from pathlib import Path; p = Plugin('kit.cells:make', '.');"
        "print(p.make(), f('kit.cells', '.').sha256);"
        "Path('../lib/kit/part.py').write_text('X = 2');"
        "print(p.make(), f('kit.cells', '.').sha256)"
    )
    (tmp_path / "work").mkdir()
    path = os.pathsep.join([str(tmp_path / "lib"), *sys.path])
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=tmp_path / "work",
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    first, second = (line.split() for line in done.stdout.splitlines())
    assert (first[0], second[0]) == ("1", "2")
    assert first[1] != second[1]
