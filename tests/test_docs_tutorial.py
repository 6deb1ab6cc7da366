"""The tutorial's study and its commands, run as they stand there, come to what it says."""

import json
import re
import shlex
from pathlib import Path

from tests.end_to_end.conftest import here

PAGE = (Path(__file__).parents[1] / "docs/tutorial/first-study.md").read_text()


def test_the_tutorial_goes_through(tmp_path: Path) -> None:
    (study,) = re.findall(r"```toml\n(.*?)```", PAGE, re.S)
    (tmp_path / "cells.toml").write_text(study)
    commands = [
        line
        for block in re.findall(r"```sh\n(.*?)```", PAGE, re.S)
        for line in block.splitlines()
        if "cells.toml" in line
    ]
    assert [line.split()[1] for line in commands] == ["plan", "run", "claims", "report"]
    for line in commands:
        command, *words = shlex.split(line)
        assert command == "assay"
        done = here(tmp_path, *words)
        assert done.returncode == 0, f"{line}\n{done.stderr}"
        if words[0] == "plan":
            rows = [row.split()[:2] for row in done.stdout.splitlines() if row[:1] == "C"]
            assert rows == [["C1", "6"], ["C2", "6"]], "as the text says"
    assert (tmp_path / "reports/cells/full/index.html").is_file()
    found = json.loads(here(tmp_path, "claims", "cells.toml", "--json").stdout)["claims"]
    assert [each["verdict"] for each in found] == ["supported", "no room"]
