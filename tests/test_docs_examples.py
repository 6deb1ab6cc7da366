"""What the pages of docs/examples say came out does so."""

import csv
import re
from pathlib import Path

import pytest

from assay.cli import call

EXAMPLES = Path(__file__).parents[1] / "docs/examples"


def told(capsys: pytest.CaptureFixture[str]) -> str:
    """What was printed, with the spaces that can be typed."""
    return capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ")


def test_the_page_on_nested_cross_validation_says_what_the_table_comes_to(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(EXAMPLES)
    monkeypatch.setenv("COLUMNS", "80")
    page = Path("nested-cv.md").read_text(encoding="utf-8")
    asked = re.search(r"^assay (judge .*)$", page, re.MULTILINE)
    shown = re.search(r"```text\n(.*?)```", page, re.DOTALL)
    assert asked
    assert shown
    assert call(asked[1].split()) == 0
    assert told(capsys).startswith(shown[1])
    assert call([*asked[1].split()[:-1], "0.01"]) == 0
    assert "12 of 30 seeds show it, and at that rate 60 would not decide it" in told(capsys)


@pytest.mark.parametrize(
    ("study", "metric", "digits"),
    [("nanogpt", "lowest val_loss", 3), ("makemore", "last test_loss", 3)],
)
def test_the_page_on_a_script_of_others_says_what_its_runs_come_to(
    study: str, metric: str, digits: int, tmp_path: Path
) -> None:
    evidence = EXAMPLES.parents[1] / "results" / study
    assert (evidence / "study.toml").read_bytes() == (EXAMPLES / f"{study}.toml").read_bytes()
    assert call(["export", "--from", str(evidence), "--out", str(tmp_path)]) == 0
    with (tmp_path / "results.csv").open(encoding="utf-8") as file:
        medians = [row["median"] for row in csv.DictReader(file) if row["outcome"] == metric]
    page = (EXAMPLES / f"{study}.md").read_text(encoding="utf-8").split("end of verdicts")[1]
    said = {float(number) for number in re.findall(rf"\d\.\d{{{digits}}}", page)}
    assert len(medians) > 1
    for median in medians:
        assert any(abs(float(median) - each) <= 0.5001 * 10**-digits for each in said), median
