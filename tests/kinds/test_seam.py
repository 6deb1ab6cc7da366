"""Nothing outside the kinds asks of which kind a run is."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import assay

ROOT = Path(assay.__file__).parent
KINDS = ("kinds", "config", "testing")
ASKS = (
    r"\bconfig\.kind\s*(==|!=|in\b)",
    r"\bisinstance\(.*\b(?!RunConfig)\w*Config\b",
    r"\bgetattr\([^)]*config[^)]*,[^)]*,[^)]*\)",
    r"\bmatch config\b",
    r"case \w*Config\(",
    r"\bkind\b[^=\n]*(==|!=|\bin\b).*['\"](memory|gan|classifier|command|function)['\"]",
    r"\btype\(.*\)\s*(is|==).*\b\w+Config\b",
)
# What `assay init` writes is a template for a kind, before there is a run of it.
NO_RUNS = ("study/new.py",)


@pytest.mark.parametrize("pattern", ASKS)
def test_no_other_room_asks_for_the_kind(pattern: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in ROOT.rglob("*.py")
        if path.relative_to(ROOT).parts[0] not in KINDS
        and path.relative_to(ROOT).as_posix() not in NO_RUNS
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if re.search(pattern, line)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "line",
    [
        'if arm.config.kind == "gan":',
        "if isinstance(run.config(), GanConfig):",
        'goal = getattr(config, "stop_accuracy", None)',
        'cell = getattr(runs.arm.config, "cell", "")',
        'if self.kind in ("command", "function"):',
        "if type(arm.declared) is FunctionConfig:",
    ],
)
def test_the_patterns_find_what_they_are_for(line: str) -> None:
    assert any(re.search(pattern, line) for pattern in ASKS)


@pytest.mark.parametrize("name", ["memory", "gan", "classifier"])
def test_what_a_kind_is_needs_no_pytorch(name: str) -> None:
    code = (
        "import sys; from assay.config import kind_named; "
        f"kind = kind_named({name!r}); kind.outcomes, kind.logged, kind.figures; "
        "assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
