"""From runs to every word that a verdict may be, and what had been declared, by commands."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from assay.cli import call
from tests.kinds.test_another_kind import assay

STUDY = """
title = "Every word"
[defaults]
kind = "command"
command = '''printf "score %s\\n" {score}'''
pattern = "score {score}"
[experiments.steady]
grid = { score = [0.995, 0.99, 0.95, 0.1] }
[experiments.varied]
command = '''printf "score 0.%s\\n" {seed}'''
[profiles.quick]
seeds = 1
[profiles.full]
seeds = 8
"""
METRICS = """
from assay.outcomes.outcome import Outcome, Value

score = Outcome(
    "score", "share", lambda log, update: Value(log.curve("score")[-1]), ("score",), low=0, high=1
)
"""
HIGH, LOW = '{ experiment = "steady", score = 0.95 }', '{ experiment = "steady", score = 0.1 }'
BEST, NEXT = '{ experiment = "steady", score = 0.995 }', '{ experiment = "steady", score = 0.99 }'


def claim(id: str, parts: str, control_of: str = "") -> str:
    of = f'control_of = "{control_of}"' if control_of else ""
    return f'[[claims]]\nid = "{id}"\nsentence = "{id} says so."\n{of}\n{parts}'


def higher(of: str, against: str, also: str = "") -> str:
    return f"""
[[claims.parts]]
sentence = "It is higher."
metric = "mine:score"
test = "greater"
of = {of}
against = {against}
margin = 0.05
unit = "share"
{also}
"""


SPLIT = """
[[claims.parts]]
sentence = "It is above a third."
metric = "mine:score"
test = "above"
of = { experiment = "varied" }
threshold = 0.35
margin = 0.0
unit = "share"
"""
CLAIMS = {
    "Yes": higher(HIGH, LOW),
    "Half": higher(HIGH, LOW) + higher(LOW, HIGH),
    "Reverse": higher(LOW, HIGH),
    "Alike": higher(HIGH, NEXT),
    "Full": higher(BEST, NEXT, "limit = 1.0"),
    "Unsure": SPLIT,
    "Check": higher(HIGH, LOW),
}
CONTROLS = {"Check": "Unsure"}
WORDS = {
    "Yes": "supported",
    "Half": "partly supported",
    "Reverse": "contrary",
    "Alike": "no difference",
    "Full": "no room",
    "Unsure": "open",
    "Check": "not tested",
}
DRAWN = """
title = "What is computed"
[experiments.gan]
kind = "gan"
[[claims]]
id = "Sum"
sentence = "Halfway between two drawn noises the norm is that of a drawn one."
[[claims.parts]]
sentence = "It is."
metric = "midpoint_norm"
test = "above"
of = { experiment = "gan" }
threshold = 0.95
margin = 0.0
unit = "ratio"
"""


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a study and the runs of both of its profiles."""
    folder = tmp_path_factory.mktemp("words")
    (folder / "mine.py").write_text(METRICS)
    every = [claim(name, parts, CONTROLS.get(name, "")) for name, parts in CLAIMS.items()]
    (folder / "words.toml").write_text(STUDY + "".join(every))
    assay(folder, "run", "words.toml", "--profile", "full")
    return folder


def words(told: str) -> dict[str, str]:
    return {each["id"]: each["verdict"] for each in json.loads(told)["claims"]}


FULL = ("--profile", "full")


def test_each_word_is_reached_from_runs_and_printed(trained: Path) -> None:
    assert words(assay(trained, "claims", "words.toml", *FULL, "--json")) == WORDS
    text = assay(trained, "claims", "words.toml", *FULL)
    rows, _, paragraphs = text.partition("\n\nYes: ")
    for name, word in WORDS.items():
        (row,) = [line for line in rows.splitlines() if line.split()[:1] == [name]]
        assert word in row
        below = f"\nYes: {paragraphs}".partition(f"\n{name}")[2].split("\n\n")[0]
        assert f"{name} says so." in below
        assert f"\n  {word.capitalize()}" in below


Told = Callable[..., str]


@pytest.fixture
def folder(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, to change, and to be in."""
    found = Path(shutil.copytree(trained, tmp_path / "words"))
    monkeypatch.chdir(found)
    return found


@pytest.fixture
def told(folder: Path, capsys: pytest.CaptureFixture[str]) -> Told:
    """What a command prints, with spaces in place of line breaks."""

    def command(*arguments: str, code: int = 0) -> str:
        assert call([*arguments]) == code, capsys.readouterr().err
        found = capsys.readouterr()
        return " ".join((found.out + found.err).split())

    return command


def test_quick_has_numbers_only(told: Told) -> None:
    quick = ("claims", "words.toml", "--profile", "quick")
    numbers = dict.fromkeys(WORDS, "numbers only") | {"Check": "not tested"}
    assert words(told(*quick, "--json")) == numbers
    assert " Numbers only, no verdict: " in told(*quick)


def test_the_plan_says_what_is_decided_and_what_never_will_be(told: Told) -> None:
    text = told("plan", "words.toml", *FULL)
    assert "decided: Yes, Half, Reverse, Alike, Full " in text
    assert (
        "not to be decided: Unsure: 4 of 8 seeds show it, and at that rate 60 would not decide it "
        "at this margin" in text
    )


def test_what_no_seed_changes_is_by_calculation_without_a_run(folder: Path, told: Told) -> None:
    (folder / "drawn.toml").write_text(DRAWN)
    assert words(told("claims", "drawn.toml", "--json")) == {"Sum": "by calculation"}
    text = told("claims", "drawn.toml")
    assert "Sum by calculation it does not hold " in text
    assert "By calculation, it does not hold: " in text


def test_neither_a_name_nor_case_nor_order_makes_a_claim_another(folder: Path, told: Told) -> None:
    """Under another name, in another order and in capitals it is what had been declared."""
    log = folder / "store" / "declarations.jsonl"
    before = log.read_bytes()
    every = [
        claim(name.upper(), parts, CONTROLS.get(name, "").upper()) for name, parts in CLAIMS.items()
    ]
    text = STUDY.replace("Every word", "EVERY WORD") + "".join(reversed(every))
    (folder / "Renamed.toml").write_text(text.replace("steady", "Steady"))
    told("run", "Renamed.toml", *FULL)
    assert log.read_bytes() == before
    found = told("claims", "Renamed.toml", *FULL, "--json")
    assert words(found) == {name.upper(): word for name, word in WORDS.items()}
    assert '"seen": true' not in found


OTHERWISE = {
    "another margin": higher(HIGH, LOW).replace("0.05", "0.04"),
    "said the other way round": higher(LOW, HIGH).replace("greater", "smaller"),
    "a part twice": higher(HIGH, LOW) * 2,
    "parts in another order": higher(LOW, HIGH) + higher(HIGH, LOW),
    "as a share of runs": higher(HIGH, LOW, 'kind = "solved"\nsolved = 0.5'),
}


@pytest.mark.parametrize("asked", OTHERWISE)
def test_whoever_asks_otherwise_after_a_look_has_seen_the_seeds(
    asked: str, folder: Path, told: Told
) -> None:
    """None of these had been declared, though some say what another claim did."""
    (folder / "after.toml").write_text(STUDY + claim("New", OTHERWISE[asked]))
    told("run", "after.toml", *FULL)
    (found,) = json.loads(told("claims", "after.toml", *FULL, "--json"))["claims"]
    assert (found["verdict"], found["evidence"]) == ("open", {"support": 1.0, "against": 1.0})
    assert [each["seen"] for each in found["parts"][0]["seeds"]] == [True] * 8
    text = told("claims", "after.toml", *FULL)
    assert "open, exploratory" in text
    assert "after all of its 8 seeds had been seen: they confirm nothing" in text


def test_a_damaged_log_is_named_and_nothing_is_lost(folder: Path, told: Told) -> None:
    log = folder / "store" / "declarations.jsonl"
    damaged = log.read_bytes().replace(b'"schema_version":1', b'"schema_version":"1"', 1)
    log.write_bytes(damaged)
    runs = sorted(path.name for path in (folder / "store").iterdir())
    named = "store/declarations.jsonl, line 1, is damaged: schema_version"
    found = json.loads(told("claims", "words.toml", *FULL, "--json"))["claims"]
    assert {each["verdict"] for each in found} == {"open", "not tested"}
    assert found[0]["seen_evidence"]["support"] > 100
    assert f"Exploratory, since {named}" in told("claims", "words.toml", *FULL)
    page = told("report", "words.toml", *FULL)
    assert named in Path(page).read_text()
    assert named in told("doctor", code=1)
    told("run", "words.toml", *FULL)
    assert named in told("archive", "words.toml", *FULL, "--out", "kept", code=2)
    assert not Path("kept").exists()
    assert log.read_bytes() == damaged
    assert sorted(path.name for path in (folder / "store").iterdir()) == runs
