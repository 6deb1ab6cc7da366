"""Which runs a multiverse is made of, and which multiverses are none."""

import json

import pytest

from assay.claims.universes import multiverses, universe_runs
from assay.cli import call
from assay.config import MemoryConfig
from assay.study import load_study
from tests.claims.made_up_universes import STUDY, write


def test_the_flagships_universes_are_those_of_the_issue() -> None:
    study = load_study("cs324_a3")
    found = multiverses(study)
    assert [each.claim.id for each in found] == ["R1-0", "R2"]
    assert [arm.key for arm in found[0].arms] == ["fig2", "fig9"]
    for each in found:
        assert len(each.universes) == 4 * 2 * 2 * 2 * 2
        assert len({str(universe.choices) for universe in each.universes}) == 64
    runs = universe_runs(study)
    cells = [config.cell for _, config in runs if isinstance(config, MemoryConfig)]
    assert (cells.count("lstm"), cells.count("rnn")) == (64 * 3, 3 * 2 * 2 * 2 * 3)
    assert len({config.run_id for _, config in runs}) == len(runs)
    for arm, config in runs:
        assert isinstance(config, MemoryConfig)
        assert (config.length, config.updates, config.stop_accuracy) == (20, 3_125, 0.9)
        assert (config.epochs, arm.seeds) == (100, 3)


def test_a_value_that_an_arm_lacks_leaves_it_as_it_is(tmp_path) -> None:
    (claim, _) = multiverses(load_study(str(write(tmp_path))))
    by_choice = {tuple(universe.choices.values()): universe for universe in claim.universes}
    plain = by_choice["linear", "adam", "standard"]
    for choices in (("chrono", "adam", "standard"), ("linear", "adam", "as_reported")):
        universe = by_choice[choices]
        assert universe.configs[1] == plain.configs[1]
        assert universe.configs[0] != plain.configs[0]
    both = by_choice["chrono", "adam", "as_reported"]
    assert both.held == ([], ["initialisation", "lstm_form"])
    assert both.configs[1] == plain.configs[1]
    lstm = both.configs[0]
    assert isinstance(lstm, MemoryConfig)
    assert (lstm.initialisation, lstm.optimizer, lstm.lstm_form) == (
        "chrono",
        "adam",
        "as_reported",
    )


AXIS = 'optimizer = ["rmsprop", "adam"]'
CASES = {
    "claim": (
        'claims = ["S", "T"]',
        'claims = ["S", "U"]',
        "claim 'U' is unknown: allowed are S, T",
    ),
    "claim twice": ('claims = ["S", "T"]', 'claims = ["S", "S"]', "each should be there once"),
    "axis": (AXIS, 'optimiser = ["adam", "x"]', "'optimiser' cannot be varied: did you mean 'opt"),
    "axis of its own": (AXIS, "updates = [1, 2]", "'updates' cannot be varied"),
    "value": (
        AXIS,
        'optimizer = ["rmsprop", "sgd"]',
        "axes: optimizer = 'sgd': should be 'rmsprop'",
    ),
    "type": (AXIS, "hidden_size = [8, 8.5]", "axes: hidden_size = 8.5: should be a valid integer"),
    "one value": (AXIS, 'optimizer = ["adam"]', "axes.optimizer = ['adam']: should be two values"),
    "value twice": (
        AXIS,
        "max_norm = [1.0, 1.0]",
        "max_norm = [1.0, 1.0]: each should be there on",
    ),
    "no axes": (STUDY[STUDY.index("initialisation =") :], "", "multiverse.axes = {}: should"),
    "too many": (
        AXIS,
        f"seed = {list(range(600))}",
        "axes make 2,400 universes: should be 1,000 or",
    ),
    "one seed": ("seeds = 3", "seeds = 1", "multiverse.seeds = 1: should be greater than or equal"),
    "no budget": ("updates = 400", "", "multiverse.updates is missing"),
    "no time for two looks": ("updates = 400", "updates = 25", "25 updates apart: should be 26 or"),
    "goal": (
        "stop_accuracy = 0.9",
        "stop_accuracy = 0.8",
        "claim S: it counts a run as solved at 0.9, and stop_accuracy = 0.8: they should be the",
    ),
    "no comparison": (
        'test = "greater"\nof = { experiment = "lstm", lstm_form = "standard" }\n'
        'against = { experiment = "rnn" }',
        'test = "above"\nof = { experiment = "lstm", lstm_form = "standard" }\nthreshold = 0.5',
        "claim S: kind = 'solved', test = 'above' on final_accuracy does not say which of two",
    ),
    "kind": (
        'kind = "solved"\nsolved = 0.9',
        "",
        "claim S: kind = 'majority', test = 'greater' on final_accuracy does not say which",
    ),
    "what it compares": (AXIS, 'cell = ["gru", "rnn"]', "both of its arms are the same: what a cl"),
    "parts": (
        'of = { experiment = "lstm", lstm_form = "as_reported" }\nagainst = { experiment = "rnn" }',
        'of = { experiment = "rnn" }\nagainst = { experiment = "lstm", lstm_form = "standard" }',
        "claim T: its parts compare different arms, or in different ways",
    ),
    "images": (
        'of = { experiment = "lstm", lstm_form = "standard" }\nagainst = { experiment = "rnn" }\n'
        "margin = 0.1",
        'of = { experiment = "gan" }\nagainst = { experiment = "rnn" }\nmargin = 0.1',
        "claim S: metric = 'final_accuracy' is of kind 'memory' and 'classifier', and gan is of",
    ),
    "together": (
        'initialisation = ["linear", "chrono"]',
        'task = ["palindrome", "adding"]\nloss = ["logits", "double_softmax"]',
        "lstm with task = adding, loss = double_softmax, optimizer = rmsprop, lstm_form = standard:"
        " loss = 'double_softmax' is for classification",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_one_sentence(name, tmp_path, store, capsys) -> None:
    old, new, message = CASES[name]
    assert old in STUDY
    path = write(tmp_path, STUDY.replace(old, new, 1))
    assert call(["run", str(path), "--multiverse", "--store", str(store.root)]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.startswith(f"error: {path}")
    assert len(error.strip().splitlines()) == 1
    assert not store.root.exists()


def test_a_study_without_a_multiverse_has_none_to_run(tmp_path, store, capsys) -> None:
    path = write(tmp_path, STUDY[: STUDY.index("[multiverse]")])
    assert call(["plan", str(path), "--multiverse", "--store", str(store.root)]) == 2
    assert "own.toml: there is no [multiverse] in it" in capsys.readouterr().err


def test_the_plan_counts_them(tmp_path, store, capsys) -> None:
    path = write(tmp_path, STUDY.replace("1000", "1000\nhidden_size = 4"))
    shared = [str(path), "--multiverse", "--store", str(store.root)]
    assert call(["plan", *shared, "--only", "rnn", "--json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert [(row["arm"], row["seeds"], row["done"]) for row in plan["arms"]] == [("rnn", 6, 0)]
    assert plan["claims"] == []
    assert call(["plan", *shared]) == 0
    text = capsys.readouterr().out
    assert "30 runs, 0 done; at most about" in text
    assert [line.split()[0] for line in text.splitlines()[1:3]] == ["lstm", "rnn"]
    assert call(["plan", *shared, "--only", "gan"]) == 2
    assert "no experiment matches 'gan': there are lstm, rnn" in capsys.readouterr().err
