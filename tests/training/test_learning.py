"""Networks learn what they are said to learn: the whole chain from configuration to accuracy."""

from collections.abc import Callable, Mapping

import pytest

from assay.config import MemoryConfig
from assay.store import RunFolder

Train = Callable[[MemoryConfig], RunFolder]

QUICK = {"hidden_size": 32, "data_size": 5000, "learning_rate": 5e-3, "batch_size": 64}
LEARNT = {
    "the report's LSTM at T = 5": {},
    "equation 6 as printed": {"lstm_form": "as_reported"},
    "RNN at T = 5": {"cell": "rnn"},
    "GRU, one-hot, Adam": {**QUICK, "cell": "gru", "length": 9, "epochs": 4, "encoding": "one_hot"}
    | {"optimizer": "adam"},
    "copy": {**QUICK, "task": "copy", "length": 8, "epochs": 12, "encoding": "one_hot"},
    "adding": {**QUICK, "task": "adding", "length": 6, "epochs": 20, "optimizer": "adam"},
    "chrono": {
        **QUICK,
        "length": 9,
        "epochs": 8,
        "initialisation": "chrono",
        "encoding": "one_hot",
    },
}


def _best(folder: RunFolder) -> float:
    return max(folder.metrics().curve("validation.accuracy"))


def _last(folder: RunFolder) -> Mapping[str, float | None]:
    return folder.metrics().epochs[-1].validation


@pytest.mark.parametrize("changes", LEARNT.values(), ids=LEARNT.keys())
def test_it_is_learnt(changes: dict[str, object], train_here: Train) -> None:
    assert _best(train_here(MemoryConfig(**changes))) > 0.9


def test_a_slow_rate_does_not_learn_in_700_updates(train_here: Train) -> None:
    assert _last(train_here(MemoryConfig(learning_rate=1e-4)))["accuracy"] < 0.8


def test_double_softmax_cannot_fall_below_its_bound(train_here: Train) -> None:
    """Softmax of a one-hot vector leaves -log(e / (e + 9)) = 1.46 nats."""
    last = _last(train_here(MemoryConfig(loss="double_softmax")))
    assert 1.461 < last["loss"] < 2.0
    assert last["accuracy"] > 0.5


def test_labels_without_pattern_are_not_learnt(train_here: Train, tmp_path_factory) -> None:
    folder = tmp_path_factory.mktemp("noise")
    (folder / "noise_labels.py").write_text(
        "def make(rng, length, data_size):\n"
        "    return rng.integers(0, 10, (data_size, length)), rng.integers(0, 10, data_size)\n"
    )
    config = MemoryConfig(**QUICK, task="noise_labels:make", epochs=2, folder=str(folder))
    assert _last(train_here(config))["accuracy"] < 0.16
