"""An own generator, from a module in a folder of the user's."""

import sys
import textwrap
from itertools import count

import numpy as np
import pytest

from assay import tasks
from assay.config import MemoryConfig
from assay.errors import ConfigError, DataError, PluginError
from assay.tasks.own import check_seeded

_number = count()


@pytest.fixture
def make_own(tmp_path, monkeypatch):
    """Write a module of a new name with a function `f`, and make its data."""

    def make(source, **fields):
        name = f"own_task_{next(_number)}"
        (tmp_path / f"{name}.py").write_text("import numpy as np\n" + textwrap.dedent(source))
        config = MemoryConfig(
            task=f"{name}:f", folder=str(tmp_path), **{"length": 6, "data_size": 50, **fields}
        )
        return tasks.make(config)

    monkeypatch.setattr("sys.path", [*sys.path])
    return make


PARITY = """
    def f(rng, length, data_size, base=2):
        digits = rng.integers(0, base, (data_size, length - 1))
        return digits, digits.sum(axis=1) % 2
"""


def test_a_pair_of_arrays(make_own):
    split = make_own(PARITY, task_options={"base": 9})
    assert (split.train.symbols, split.train.classes, split.train.length) == (9, 2, 5)
    for part in (split.train, split.validation):
        assert (part.inputs.sum(axis=1) % 2 == part.targets).all()


def test_the_seed_decides(make_own):
    first, again, other = (make_own(PARITY, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first.train.inputs, again.train.inputs)
    assert not np.array_equal(first.train.inputs, other.train.inputs)


def test_a_sequence_data(make_own):
    split = make_own("""
        from assay.tasks import SequenceData

        def f(rng, length, data_size):
            inputs = rng.random((data_size, length, 3), np.float32)
            return SequenceData(inputs, inputs[:, 0, 0], symbols=None, classes=None)
    """)
    assert split.train.inputs.shape == (40, 6, 3)


def test_lists_and_names_as_labels(make_own):
    split = make_own("""
        def f(rng, length, data_size):
            rows = [[i % 7, i // 7, 0] for i in range(data_size)]
            return rows, ["odd" if row[0] % 2 else "even" for row in rows]
    """)
    assert (split.train.symbols, split.train.classes) == (8, 2)
    assert (split.train.inputs[:, 0] % 2 == split.train.targets).all()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("raise KeyError('digits')", r"own_task_\d+:f failed: KeyError: 'digits'"),
        ("return None", "returned a NoneType: allowed are"),
        ("return np.zeros((5, 2))", "returned a ndarray: allowed are"),
        ("return [[1, 2], [3]], [0, 1]", "sequences are no array"),
        ("return [['a'], ['b']], [0, 1]", "sequences have shape"),
        ("return np.zeros((5, 2)), np.zeros(4)", "5 sequences and 4 labels"),
        ("return np.ones((5, 2, 2, 2)), np.zeros(5)", "sequences have shape"),
        ("return np.full((5, 2), np.nan), np.zeros(5)", "row 1, step 1 .* finite"),
        ("return np.ones((5, 2)), np.ones((5, 1))", "labels have shape"),
        ("return np.ones((5, 2)), np.ones(5, complex)", "labels have .*complex"),
        ("return np.ones((2000, 1)), -np.arange(2000)", "2000 different values: allowed are up to"),
        ("return np.ones((50, 2)), np.ones(50, int)", "100 % of the labels are class 1"),
    ],
)
def test_what_a_generator_may_not_do(make_own, body, message):
    with pytest.raises(DataError, match=message) as caught:
        make_own(f"def f(rng, length, data_size): {body}")
    assert "own_task_" in str(caught.value)


def test_invalid_sequence_data_names_the_generator(make_own):
    source = """
        from assay.tasks import SequenceData

        def f(rng, length, data_size):
            return SequenceData(np.zeros((9, 2), np.uint8), np.full(9, 4), symbols=1, classes=3)
    """
    with pytest.raises(DataError, match=r"own_task_\d+:f: targets\[0\] is 4: allowed"):
        make_own(source)


def test_unknown_options_are_refused(make_own):
    with pytest.raises(PluginError, match="bases"):
        make_own(PARITY, task_options={"bases": 3})


def test_options_cannot_replace_what_assay_gives(make_own):
    with pytest.raises(ConfigError, match=r"task_options\.length"):
        make_own(PARITY, task_options={"length": 3})


@pytest.fixture
def check(tmp_path):
    """Whether a generator gives the same for one seed; the sentence that says that it does not."""

    def said(source, **fields):
        (tmp_path / "seeded.py").write_text(textwrap.dedent(source))
        fields = {"length": 6, "data_size": 500, **fields}
        try:
            check_seeded(MemoryConfig(task="seeded:f", folder=str(tmp_path), **fields))
        except (DataError, PluginError) as error:
            return str(error)
        return ""

    return said


IGNORES_RNG = {
    "NumPy's generator": "x = np.random.randint(0, 6, (data_size, length))",
    "Python's generator": "x = [[random.randrange(6) for _ in range(6)] for _ in range(data_size)]",
    "PyTorch's generator": "x = torch.randint(0, 6, (data_size, length)).numpy()",
    "a generator of the module": "x = OWN.integers(0, 6, (data_size, length))",
    "a generator without a seed": "x = np.random.default_rng().integers(0, 6, (data_size, length))",
    "a count of calls": "CALLS.append(1); x = rng.integers(0, 6, (data_size, length)) + len(CALLS)",
    "the clock": "x = np.full((data_size, length), time.perf_counter())",
    "labels alone": "x = rng.integers(0, 6, (data_size, length)); y = np.random.rand(data_size)",
}
HEAD = """
import random, time
import numpy as np, torch
OWN, CALLS = np.random.default_rng(0), []
def f(rng, length, data_size):
    y = None
    {line}
    return x, x[:, 0] % 2 if y is None else y
"""


@pytest.mark.parametrize("line", IGNORES_RNG.values(), ids=IGNORES_RNG.keys())
def test_a_generator_that_ignores_its_rng_is_named(check, line):
    source = HEAD.format(line=line).replace("x[:, 0]", "np.asarray(x)[:, 0]")
    assert check(source) == (
        "seeded:f gave other sequences when it was called again with the same seed: whatever is "
        "random in it should come from `rng`"
    )


@pytest.mark.parametrize(
    "line",
    [
        "x = rng.integers(0, 6, (data_size, length))",
        "x = np.arange(6 * data_size).reshape(data_size, 6)",
        "x = np.full((data_size, length), np.nan)",
        "assert data_size == 500; x = rng.integers(0, 6, (data_size, length))",
        "x = OWN.integers(0, 6, (data_size, length)) * 0 + rng.integers(0, 6, (data_size, 1))",
    ],
    ids=["rng", "no chance", "not finite", "wants all", "draws that decide nothing"],
)
def test_a_generator_that_keeps_to_its_rng_passes(check, line):
    assert check(HEAD.format(line=line)) == ""


def test_few_sequences_are_asked_for(check):
    assert "failed: MemoryError" not in check(
        HEAD.format(
            line="if data_size > 64: raise MemoryError\n    x = rng.integers(0, 6, (data_size, 6))"
        )
    )
