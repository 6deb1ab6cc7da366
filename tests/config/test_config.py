import copy
import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.config import GanConfig, MemoryConfig, is_plugin, load_config
from assay.errors import AssayError, ConfigError

# Identities of runs that exist in people's stores. A change here orphans them: never edit a line.
GOLDEN = {
    "4863bba45b9efe67": {},
    "de5e2924a37d20fd": {"length": 20, "epochs": 3},
    "bb0e2bca11f45557": {"lstm_form": "as_reported"},
    "1aa5426b7c0724fa": {"cell": "rnn", "length": 20, "epochs": 3},
    "15b08ddfecf007d6": {"learning_rate": 0.01},
}


@pytest.mark.parametrize(("run_id", "changes"), GOLDEN.items())
def test_identities_stay(run_id: str, changes: dict[str, object]) -> None:
    assert MemoryConfig(**changes).run_id == run_id


def test_the_defaults_are_the_reports() -> None:
    config = MemoryConfig()
    assert (config.length, config.hidden_size, config.batch_size) == (5, 128, 128)
    assert (config.learning_rate, config.epochs, config.max_norm) == (1e-3, 100, 10.0)
    assert (config.data_size, config.train_fraction, config.optimizer) == (100_000, 0.8, "rmsprop")


@given(
    seed=st.integers(0, 2**63 - 1),
    learning_rate=st.floats(1e-9, 1e3),
    length=st.integers(3, 500),
    encoding=st.sampled_from(["scalar", "one_hot"]),
)
def test_a_stored_configuration_comes_back_with_its_identity(
    seed: int, learning_rate: float, length: int, encoding: str
) -> None:
    config = MemoryConfig(seed=seed, learning_rate=learning_rate, length=length, encoding=encoding)
    again = load_config(json.loads(json.dumps(config.model_dump())), "test")
    assert again == config
    assert again.run_id == config.run_id


def test_identity_ignores_where_files_lie_but_not_what_they_hold() -> None:
    base = {"task": "file", "data_sha256": "a" * 64}
    here = MemoryConfig(**base, data="x.csv", folder="here")
    there = MemoryConfig(**base, data="moved/y.csv", folder="there")
    other = MemoryConfig(**{**base, "data_sha256": "b" * 64}, data="x.csv")
    assert here.run_id == there.run_id != other.run_id


def test_an_integer_learning_rate_is_the_same_run() -> None:
    assert MemoryConfig(learning_rate=1).run_id == MemoryConfig(learning_rate=1.0).run_id


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"learning_rate": -1}, "learning_rate = -1: should be greater than 0"),
        ({"learning_rate": float("nan")}, "learning_rate = nan: should be a finite number"),
        ({"length": 1}, "length = 1: should be greater than or equal to 2"),
        ({"data_size": 0}, "data_size = 0: should be greater than or equal to 10"),
        ({"epochs": "ten"}, "epochs = 'ten': should be a valid integer"),
        ({"epochs": "10"}, "epochs = '10': should be a valid integer"),
        ({"epochs": 1.5}, "epochs = 1.5: should be a valid integer"),
        ({"epochs": True}, "epochs = True: should be a valid integer"),
        ({"lenght": 5}, "unknown key 'lenght': did you mean 'length'?"),
        ({"cell": "lstmm"}, "cell = 'lstmm': allowed are rnn, lstm, gru, mingru, lru, mlstm, or"),
        ({"cell": "rnn", "lstm_form": "as_reported"}, "is a form of the lstm, but cell = 'rnn'"),
        ({"cell": "rnn", "initialisation": "chrono"}, "cell = 'rnn' has none"),
        (
            {"cell": "gru", "initialisation": "forget_bias"},
            "cell = 'gru' has none; allowed is lstm",
        ),
        ({"cell": "my:Cell", "initialisation": "chrono"}, "is for built-in cells"),
        ({"task": "file"}, "data names the file of task = 'file'"),
        ({"data": "x.csv"}, "data names the file of task = 'file'"),
        ({"task": "copy", "length": 2}, "the copy task needs at least 3"),
        ({"task": "adding", "loss": "double_softmax"}, "adding is regression"),
        ({"cell_options": {"a": 1}}, "cell_options is for an own module:attribute"),
        ({"optimizer": "sgd"}, "optimizer = 'sgd': should be 'rmsprop' or 'adam'"),
    ],
)
def test_wrong_settings_are_told_in_one_sentence(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError) as error:
        MemoryConfig.parse(changes, "study.toml, experiments.a")
    assert str(error.value).startswith("study.toml, experiments.a: ")
    assert message in str(error.value)
    assert "\n" not in str(error.value)
    with pytest.raises(AssayError) as told:
        MemoryConfig(**changes)  # type: ignore[arg-type]
    assert f"study.toml, experiments.a: {told.value}" == str(error.value)


def test_a_configuration_is_a_pydantic_model_as_any_other() -> None:
    config = GanConfig(conditional=True, channels=1, seed=3)
    assert pickle.loads(pickle.dumps(config)) == config
    assert copy.deepcopy(config) == config
    assert config.model_copy(update={"seed": 4}).seed == 4
    assert GanConfig.model_validate(config.model_dump()) == config
    assert GanConfig.model_validate(config) == config
    with pytest.raises(AssayError, match="channels = 2: should be 1 or 3"):
        GanConfig.model_validate({"channels": 2})
    with pytest.raises(AssayError, match="channels = 2: should be 1 or 3"):
        GanConfig(channels=2)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("cells:Mine", True),
        ("a.b.c:D.e", True),
        ("lstm", False),
        (":x", False),
        ("a:", False),
        ("a b:c", False),
        ("a:b:c", False),
    ],
)
def test_plugin_names(name: str, expected: bool) -> None:
    assert is_plugin(name) is expected
