"""A metric of one's own: loaded with the study, called with runs, and part of what is declared."""

import re
from pathlib import Path

import pytest

from assay import Archive, Study
from assay.claims.declarations import declaration
from assay.claims.evidence import evidence, gather
from assay.errors import AssayError, PluginError
from assay.outcomes.own import own_outcome
from assay.store import Store
from assay.store.log import Check, Epoch, Log
from assay.study import StudyPlan, load_study
from tests.report.made_up_runs import made_up_log, write_run

DOCS = Path(__file__).parents[2] / "docs/how-to/own-study.md"

MINE = '''
from assay.outcomes.outcome import Outcome, Value

def worst(log, update):
    """The worst accuracy of any epoch."""
    return min(log.curve("validation.accuracy"), default=None)

def last(log, update):
    return log.points("check.accuracy")[-1][1] if update is None else update

share = Outcome("worst of all", "accuracy", lambda log, update: Value(worst(log, update)),
                ("validation.accuracy",), low=0, high=1)
gradient = Outcome("g", "nats", lambda log, update: Value(1.0), ("state_gradient.whole",), True)
other = Outcome("o", "u", lambda log, update: Value(1.0), ("validation.f1",))
number = 3

def needs_more(log, update, more):
    return 1.0

def text(log, update):
    return "high"

def fails(log, update):
    return 1 / 0
'''

STUDY = """
title = "t"
[defaults]
data_size = 1000
epochs = 20
[experiments.a]
[experiments.b]
learning_rate = 1e-2
[profiles.quick]
seeds = 2
[[claims]]
id = "C"
sentence = "s"
[[claims.parts]]
sentence = "p"
metric = "mine:worst"
test = "greater"
of = { experiment = "a" }
against = { experiment = "b" }
margin = 0.01
unit = "u"
"""


def load(folder: Path, metric: str = "worst", **changes: str) -> StudyPlan:
    (folder / "mine.py").write_text(MINE)
    text = STUDY.replace("mine:worst", f"mine:{metric}")
    for old, new in changes.items():
        text = text.replace(f"{old} = ", f"{new}\n{old} = ", 1)
    path = folder / "own.toml"
    path.write_text(text)
    return load_study(str(path))


def test_it_is_what_the_runs_come_to(tmp_path: Path) -> None:
    study, store = load(tmp_path), Store(tmp_path / "store")
    for arm in study.arms("quick"):
        for config in arm.runs:
            write_run(store, config, made_up_log(config))
    (claim,) = evidence(study, gather(study.arms("quick"), store))
    (part,) = claim.parts
    for summary, arm in zip(part.summaries, study.arms("quick"), strict=True):
        logs = [store.folder(config).metrics() for config in arm.runs]
        assert [each.value for each in summary.values] == [
            min(log.curve("validation.accuracy")) for log in logs
        ]
    assert (part.outcome.describe, part.outcome.unit) == ("mine:worst", "u")


def test_an_outcome_says_more_of_itself(tmp_path: Path) -> None:
    load(tmp_path, "share")
    found = own_outcome("mine:share", str(tmp_path))
    assert (found.describe, found.unit, found.high) == ("worst of all", "accuracy", 1)


@pytest.mark.parametrize(
    ("metric", "changes", "message"),
    [
        ("nothing", {}, "metric = 'mine:nothing': mine:nothing cannot be loaded"),
        ("number", {}, "mine:number is a int, and should be"),
        (
            "needs_more",
            {},
            "mine:needs_more: missing a required argument: 'more' (it is called with",
        ),
        ("other", {}, "reads validation.f1, which a does not log"),
        ("share", {"margin": "update = 7"}, "update = 7: mine:share is not of one update"),
        (
            "gradient",
            {"margin": "update = 7"},
            "update = 7: a is not measured then, but at updates",
        ),
        ("worst", {"margin": "at = 'best'"}, "and mine:worst is more than one: leave at out"),
    ],
)
def test_what_cannot_be_used_is_told_with_the_claim(
    tmp_path: Path, metric: str, changes: dict[str, str], message: str
) -> None:
    with pytest.raises(AssayError) as error:
        load(tmp_path, metric, **changes)
    assert "own.toml, claim C" in str(error.value)
    assert message in str(error.value)
    assert error.value.exit_code == 2


def test_a_module_that_is_not_there_is_told_with_the_claim(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(STUDY)
    with pytest.raises(AssayError, match=r"claim C: metric = 'mine:worst': .*no module 'mine'"):
        load_study(str(path))


def test_what_it_does_to_a_run_is_told_by_run_and_line(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(MINE)
    log = Log((Check(25, {"accuracy": 0.5}),), "store/a/metrics.jsonl")
    assert own_outcome("mine:last", str(tmp_path)).of(log, None).value == 0.5
    assert own_outcome("mine:last", str(tmp_path)).of(log, 4).value == 4.0
    assert own_outcome("mine:worst", str(tmp_path)).of(log, None).value is None
    with pytest.raises(
        PluginError, match=r"mine:text gives 'high' for store/a/metrics\.jsonl: it sh"
    ):
        own_outcome("mine:text", str(tmp_path)).of(log, None)
    with pytest.raises(PluginError, match=r"mine:fails failed on store/a.*ZeroDivisionError.*mine"):
        own_outcome("mine:fails", str(tmp_path)).of(log, None)


def test_its_code_is_part_of_what_was_declared(tmp_path: Path) -> None:
    study = load(tmp_path)
    before = _first(study)
    assert _first(load(tmp_path)) == before
    (tmp_path / "mine.py").write_text(MINE.replace("min(", "max("))
    assert _first(study) != before


def _first(study: StudyPlan) -> str:
    return declaration(study, study.claims[0], study.arms("quick"))


def test_an_archive_runs_no_code_of_its_own(tmp_path: Path) -> None:
    study, store = load(tmp_path), Store(tmp_path / "store")
    for arm in study.arms("quick"):
        for config in arm.runs:
            write_run(store, config, made_up_log(config))
    named = str(study.path)
    Study(named, store).keep("quick", tmp_path / "kept")
    with pytest.raises(AssayError, match="claim C: metric = 'mine:worst': it is code of the study"):
        Study(None, Archive(tmp_path / "kept"))
    (row,) = Study(named, Archive(tmp_path / "kept")).verdicts("quick")
    assert row["parts"][0]["describe"] == "mine:worst"


def test_what_the_how_to_says_works(tmp_path: Path) -> None:
    section = DOCS.read_text(encoding="utf-8").split("\n## A metric\n")[1].split("\n## ")[0]
    blocks = re.findall(r"```python\n(.*?)```", section, re.S)
    (tmp_path / "mine.py").write_text("\n".join(blocks))
    (metric,) = re.findall(r'```toml\nmetric = "(.*?)"', section)
    log = Log(tuple(Epoch(n, n, {}, {"accuracy": n / 100}) for n in range(1, 31)))
    assert own_outcome(metric, str(tmp_path)).of(log, None).value == 0.21
    more = own_outcome("mine:worst_ten", str(tmp_path))
    assert more.of(log, None).value == 0.21
    assert (more.reads, more.high) == (("validation.accuracy",), 1)
