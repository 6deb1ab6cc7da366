"""Functions that do what they should not: one sentence, with the user's line where there is one."""

import pytest

from assay.errors import AssayError, ConfigError
from assay.execution.runner import execute
from assay.kinds.function import KIND
from assay.kinds.function.config import FunctionConfig
from tests.kinds.function.conftest import Trial

HEAD = "def train(run):\n    "


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("run.log(1, a='x')", "run.log: a = 'x' is a str, and should be a number"),
        ("run.log(1, a=None)", "run.log: a = None is a NoneType, and should be a number"),
        (
            "import numpy; run.log(1, a=numpy.zeros(3))",
            "a = array([0., 0., 0.]) is a ndarray of shape (3,), and should be a number",
        ),
        ("run.log(1, a=1j)", "a = 1j is a complex"),
        ("run.log(0.5, a=1)", "run.log: step = 0.5: should be a whole number, 0 or more"),
        ("run.log(-1, a=1)", "run.log: step = -1: should be a whole number, 0 or more"),
        ("run.log(3)", "run.log(3) names no number, such as run.log(3, loss=0.5)"),
        ("run.log(3, a=1); run.log(2, a=1)", "run.log: step 2 comes after step 3: steps go up"),
        ("run.log(3, a=1); run.log(3, a=2)", "run.log: a was logged at step 3 already"),
        ("run.log(3, a=1); run.resume()", "run.resume() belongs before the first run.log"),
        ("run.save(object())", "run.save: state is a object, and what can be saved are"),
    ],
)
def test_a_wrong_call_is_a_sentence_with_its_line(trial: Trial, body: str, told: str) -> None:
    result = trial.run(HEAD + body)
    assert result.status == "failed"
    assert told in result.message
    assert result.message.endswith(f"({trial.folder}/mine.py, line 2)")
    assert trial.at.status == "failed"


@pytest.mark.parametrize("body", ["pass", "return 0.5"])
def test_one_that_logs_nothing(trial: Trial, body: str) -> None:
    result = trial.run(HEAD + body)
    assert result.message == (
        "mine:train returned and logged no number: run.log(step, name=number) does"
    )
    assert trial.at.status == "failed"


def test_one_that_never_logs_what_a_claim_reads(trial: Trial) -> None:
    result = trial.run(HEAD + "run.log(1, loss=2, acc=3)", expects=["accuracy"])
    assert result.message == (
        "mine:train returned and told no number 'accuracy', which it has to: it told acc, loss"
    )
    assert trial.at.status == "failed"


def test_one_that_raises(trial: Trial) -> None:
    code = "import json\ndef train(run):\n    run.log(1, a=1)\n    json.loads('{')\n"
    result = trial.run(code)
    assert result.status == "failed"
    assert result.message.startswith("JSONDecodeError: Expecting property name")
    assert f"({trial.folder}/mine.py, line 4); the traceback is in" in result.message
    record = trial.at.record()
    first, second, *_ = record.traceback.splitlines()
    assert first == "Traceback (most recent call last):"
    assert second.strip() == f'File "{trial.folder}/mine.py", line 4, in train'
    assert record.updates == 1


@pytest.mark.parametrize("body", ["raise SystemExit(3)", "open('/nowhere/x')", "1 / 0"])
def test_a_failed_run_can_be_tried_again(trial: Trial, body: str) -> None:
    code = f"from pathlib import Path\n{HEAD}run.log(1, a=1)\n    if not Path({str(trial.folder)!r}"
    code += f", 'there').exists():\n        {body}\n"
    assert trial.run(code).status == "failed"
    assert trial.at.status == "failed"
    (trial.folder / "there").touch()
    assert trial.run(code).status == "finished"


@pytest.mark.parametrize(
    ("code", "values", "told"),
    [
        ("def train(run, rate): 1", {"rat": 1}, "is called with rat, and takes none (did you mean"),
        ("def train(run): 1", {"updatess": 1}, "(did you mean updates?)"),
        (
            "def train(run, rate, b): 1",
            {"rate": 1},
            "missing a required argument: 'b'; it is called",
        ),
        ("def train(): 1", {}, "mine:train() is called with a run, and takes none"),
        ("train = 3", {}, "mine:train is a int, and should be a class or function"),
        ("def other(run): 1", {}, "mine:train cannot be loaded from"),
        ("import nothing_there", {}, "No module named 'nothing_there'"),
        ("def train(run:", {}, "cannot be loaded from"),
    ],
)
def test_what_cannot_be_called_is_told_before_a_run(
    trial: Trial, code: str, values: dict[str, int], told: str
) -> None:
    config = trial.config(code, **values)
    with pytest.raises(AssayError) as caught:
        KIND.check(config)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"train": "mine.train"}, "train = 'mine.train': should be module:function"),
        ({}, "train is missing"),
        ({"train": "a:b", "run": 3}, "values.run: run is what assay gives the function"),
        ({"train": "a:b", "updates": "steps"}, "or a value that is a whole number"),
        ({"train": "a:b", "rate": [1]}, "rate"),
    ],
)
def test_a_slip_in_the_settings(settings: dict[str, object], told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        FunctionConfig(**settings)
    assert told in str(caught.value)


def test_a_module_that_was_edited_while_its_run_waited(trial: Trial) -> None:
    config = trial.config(HEAD + "run.log(1, a=1)")
    trial.config(HEAD + "run.log(1, a=2)")
    result = execute(config, trial.store, lambda at: None, lambda: False)
    assert "mine:train is not what this run was planned with" in result.message


def test_much_output_is_cut(trial: Trial) -> None:
    code = HEAD + "[print('x' * 999) for _ in range(20_000)]; run.log(1, a=1)"
    assert trial.run(code).status == "finished"
    kept = (trial.at.path / "output.txt").read_bytes()
    assert b"[assay left out 10 MB here]" in kept
    assert len(kept) < 10_000_100
