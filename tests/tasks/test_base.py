"""SequenceData, its split and its check of labels."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import DataError
from assay.tasks.base import SequenceData, check_labels, label_entropy, split


def symbols(rows, targets=None, classes=10):
    inputs = np.array(rows, np.uint8)
    labels = np.arange(len(inputs)) % classes if targets is None else np.array(targets)
    return SequenceData(inputs, labels.astype(np.int64), symbols=10, classes=classes)


GOOD = {
    "inputs": np.array([[0, 1], [2, 3], [4, 5]], np.uint8),
    "targets": np.array([0, 1, 1]),
    "symbols": 6,
    "classes": 2,
}
REAL = {"inputs": np.zeros((3, 4, 2), np.float32), "symbols": None}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"inputs": [[0, 1], [2, 3], [4, 5]]}, "inputs is a list.*NumPy array"),
        ({"inputs": np.zeros((3, 2))}, "inputs has shape.*float64.*uint8"),
        ({"inputs": np.zeros((3, 2, 1), np.uint8)}, r"inputs has shape \(3, 2, 1\).*\(N, L\)"),
        ({"inputs": np.zeros((3, 0), np.uint8)}, r"inputs has shape \(3, 0\)"),
        ({"inputs": np.zeros((3, 4), np.float32), "symbols": None}, r"\(N, L, D\)"),
        ({**REAL, "inputs": np.zeros((3, 4, 2), ">f4")}, "type >f4"),
        ({"symbols": 5}, r"inputs\[2, 1\] is 5: allowed are symbols 0 to 4"),
        ({"symbols": 257}, "symbols = 257: allowed are 1 to 256"),
        ({"symbols": 0}, "symbols = 0"),
        ({"targets": np.array([0, 1])}, "3 sequences and targets 2 labels"),
        ({"targets": np.array([[0], [1], [1]])}, "targets has shape"),
        ({"targets": np.array([0, 1, 1], np.int32)}, "int32.*uint8 or int64"),
        ({"targets": np.array([0, 2, 1])}, r"targets\[1\] is 2: allowed are classes 0 to 1"),
        ({"targets": np.array([0, -1, 1])}, r"targets\[1\] is -1"),
        ({"classes": 0}, "classes = 0"),
        ({"classes": None}, "targets has.*float32"),
        (
            {"classes": None, "targets": np.array([0, np.inf, 1], np.float32)},
            r"targets\[1\] is inf: allowed are finite",
        ),
        ({"inputs": GOOD["inputs"][:1], "targets": GOOD["targets"][:1]}, "at least 2"),
    ],
)
def test_invalid_data_is_refused_in_one_sentence(changes, message):
    with pytest.raises(DataError, match=message) as caught:
        SequenceData(**{**GOOD, **changes})
    assert "\n" not in str(caught.value)


def test_a_value_that_is_not_finite_is_named():
    inputs = np.zeros((3, 4, 2), np.float32)
    inputs[1, 2, 0] = np.nan
    with pytest.raises(DataError, match=r"inputs\[1, 2, 0\] is nan"):
        SequenceData(inputs, GOOD["targets"], symbols=None, classes=2)


def test_take_keeps_order_and_form():
    data = SequenceData(**GOOD)
    taken = data.take(np.array([2, 0]))
    assert taken.inputs.tolist() == [[4, 5], [0, 1]]
    assert taken.targets.tolist() == [1, 0]
    assert (taken.symbols, taken.classes, taken.length, len(taken)) == (6, 2, 2, 2)


@given(
    rows=st.lists(st.lists(st.integers(0, 2), min_size=3, max_size=3), min_size=4, max_size=40),
    fraction=st.floats(0.05, 0.95),
    seed=st.integers(0, 100),
)
def test_copies_never_straddle_the_split(rows, fraction, seed):
    data = symbols(rows)
    try:
        parts = split(data, fraction, np.random.default_rng(seed))
    except DataError:
        return
    train, validation = (
        sorted(map(tuple, part.inputs.tolist())) for part in (parts.train, parts.validation)
    )
    assert not set(train) & set(validation)
    assert sorted(train + validation) == sorted(map(tuple, rows))


@given(st.integers(4, 300), st.floats(0.01, 0.99), st.integers(0, 100))
def test_distinct_sequences_are_cut_exactly(total, fraction, seed):
    inputs = np.stack([np.arange(total) // 256, np.arange(total) % 256], axis=1).astype(np.uint8)
    data = SequenceData(inputs, np.zeros(total, np.int64), symbols=256, classes=1)
    expected = round(fraction * total)
    if min(expected, total - expected) < 2:
        with pytest.raises(DataError, match="train_fraction"):
            split(data, fraction, np.random.default_rng(seed))
    else:
        parts = split(data, fraction, np.random.default_rng(seed))
        assert (len(parts.train), len(parts.validation)) == (expected, total - expected)


def test_the_cut_moves_to_the_nearest_place_between_copies():
    rows = [[0, 0]] * 30 + [[1, digit] for digit in range(10)] + [[2, digit] for digit in range(10)]
    for seed in range(20):
        parts = split(symbols(rows), 0.5, np.random.default_rng(seed))
        sizes = len(parts.train), len(parts.validation)
        assert sum(sizes) == 50
        # Only the 30 copies can push the cut off 25, by less than half their number.
        assert abs(sizes[0] - 25) <= 15


def test_labels_stay_with_their_sequences():
    data = symbols([[digit, digit] for digit in range(10)])
    parts = split(data, 0.5, np.random.default_rng(0))
    for part in (parts.train, parts.validation):
        assert (part.inputs[:, 0] == part.targets).all()


def test_zero_and_minus_zero_are_the_same_sequence():
    inputs = np.array([0.0, -0.0, 0.0, -0.0, 1, 2, 3, 4], np.float32).reshape(8, 1, 1)
    data = SequenceData(inputs, np.arange(8) % 2, symbols=None, classes=2)
    for seed in range(20):
        parts = split(data, 0.5, np.random.default_rng(seed))
        assert not set(parts.train.inputs.ravel()) & set(parts.validation.inputs.ravel())


def test_identical_sequences_cannot_be_split():
    with pytest.raises(DataError, match="all 12 sequences are identical"):
        split(symbols([[1, 2]] * 12), 0.5, np.random.default_rng(0))


def test_label_entropy_in_bits():
    assert label_entropy(symbols([[0]] * 8, [0, 1, 2, 3] * 2)) == pytest.approx(2)
    assert label_entropy(symbols([[0]] * 8, [3] * 8)) == 0
    assert label_entropy(symbols([[0]] * 4, [0, 0, 0, 1])) == pytest.approx(
        -(0.75 * math.log2(0.75) + 0.25 * math.log2(0.25))
    )


def test_label_entropy_is_not_for_real_values():
    with pytest.raises(ValueError, match="classes"):
        label_entropy(real_targets([0, 1]))


def real_targets(values):
    targets = np.array(values, np.float32)
    return SequenceData(np.zeros((len(targets), 1, 1), np.float32), targets, None, None)


@pytest.mark.parametrize(("rare", "accepted"), [(0, False), (4, False), (7, True), (500, True)])
def test_nearly_constant_labels_are_refused(rare, accepted):
    data = symbols([[0]] * 1000, [1] * rare + [9] * (1000 - rare))
    if accepted:
        check_labels(data, "here")
    else:
        with pytest.raises(DataError, match=r"here: .* % of the labels are class 9"):
            check_labels(data, "here")


def test_classes_that_do_not_occur_do_not_count_as_unbalanced():
    data = SequenceData(np.zeros((4, 1), np.uint8), np.array([0, 999, 0, 999]), 1, 1000)
    check_labels(data, "here")


def test_constant_real_targets_are_refused():
    check_labels(real_targets([1, 2]), "here")
    with pytest.raises(DataError, match=r"here: every label is 1\.5"):
        check_labels(real_targets([1.5, 1.5]), "here")
