"""What a function saves comes back as it was, and reading it runs no code."""

import json
import math
import pickle
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from torch import nn

from assay.errors import TrainingError
from assay.kinds.function.state import decode, encode


def back(state: Any) -> Any:
    """A state once it was written down and read."""
    content, structure = encode(state=state)
    return decode(content, json.loads(json.dumps(structure, allow_nan=False)))["state"]


floats = st.floats(allow_subnormal=False)  # of others this process makes zeros
plain = st.none() | st.booleans() | st.integers() | floats | st.text() | st.binary()
shapes = hnp.array_shapes(min_dims=0, min_side=0)
whole = hnp.boolean_dtypes() | hnp.integer_dtypes() | hnp.datetime64_dtypes()
arrays = (
    hnp.arrays(whole | hnp.unicode_string_dtypes(), shapes)
    | hnp.arrays(np.uint64, shapes).map(lambda bits: bits.view(np.float64))
    | hnp.arrays(np.uint16, shapes).map(lambda bits: bits.view(np.float16))
)
states = st.recursive(
    plain | arrays,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text() | st.integers() | st.booleans(), inner, max_size=4)
    ),
    max_leaves=12,
)


def same(one: Any, other: Any) -> bool:
    """Whether two states are the same, types and bits."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray | np.generic):
        return bool(one.dtype == other.dtype and one.shape == other.shape) and (
            one.tobytes() == other.tobytes()
        )
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, float) and math.isnan(one):
        return math.isnan(other)
    return bool(one == other) and str(one) == str(other)


@given(states)
def test_it_comes_back(state: Any) -> None:
    assert same(back(state), state)


def test_the_order_of_an_array_in_memory_is_kept() -> None:
    found = back(np.asfortranarray(np.arange(6.0).reshape(2, 3)))
    assert found.flags.f_contiguous
    found[0, 0] = 7  # and it is its own


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.int64, torch.bool])
def test_tensors(dtype: torch.dtype) -> None:
    for tensor in (torch.arange(6).reshape(2, 3), torch.tensor(1), torch.empty(0, 2)):
        found = back(tensor.to(dtype))
        assert found.dtype == dtype
        assert torch.equal(found, tensor.to(dtype))


def test_arrays_of_jax() -> None:
    state = {
        "x": jnp.arange(6.0).reshape(2, 3),
        "low": jnp.ones(3, jnp.bfloat16),
        "key": jax.random.PRNGKey(3),
        "none": jnp.zeros((0, 2)),
    }
    found = back(state)
    for name, value in state.items():
        assert isinstance(found[name], jax.Array)
        assert found[name].dtype == value.dtype
        assert np.array_equal(found[name], value)
    with pytest.raises(TrainingError, match="state is a PRNGKeyArray"):
        encode(state=jax.random.key(0))


def test_a_network_and_its_optimizer_go_on() -> None:
    torch.manual_seed(0)
    one, other = nn.Linear(3, 2), nn.Linear(3, 2)
    x = torch.randn(4, 3)
    optimizers = [torch.optim.Adam(each.parameters()) for each in (one, other)]
    for step in range(4):
        if step == 2:
            found = back([one.state_dict(), optimizers[0].state_dict()])
            other.load_state_dict(found[0])
            optimizers[1].load_state_dict(found[1])
        for network, optimizer in zip((one, other), optimizers, strict=True):
            optimizer.zero_grad()
            network(x).square().sum().backward()
            optimizer.step()
    assert torch.equal(one.weight, other.weight)


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ({"a": [1, {"net": nn.Linear(1, 1)}]}, r"state\['a'\]\[1\]\['net'\] is a Linear, and what"),
        ({1, 2}, "state is a set"),
        (np.array([None]), "state is a ndarray"),
        (np.random.default_rng(0), "state is a Generator"),
        ({(lambda: 1): 2}, "a key of state is a function"),
    ],
)
def test_what_cannot_be_saved_is_named(state: Any, told: str) -> None:
    with pytest.raises(TrainingError, match=told):
        encode(state=state)


def test_a_state_that_holds_itself() -> None:
    state: list[Any] = []
    state.append(state)
    with pytest.raises(TrainingError, match="holds itself"):
        encode(state=state)


class Evil:
    """Runs code when it is unpickled."""

    def __reduce__(self) -> Any:
        return print, ("it ran",)


@pytest.mark.parametrize(
    "structure",
    [
        {"pickle": "0"},
        {"numpy": "0", "dtype": "|O", "shape": [1], "order": "C"},
        {"torch": "0", "dtype": "load", "shape": [1]},
        {"torch": "0", "dtype": "nothing", "shape": [1]},
        {"torch": "0", "dtype": "uint8", "shape": [2**31]},
        {"torch": "0", "dtype": "uint8", "shape": [10**30]},
        {"torch": "0", "dtype": "float64", "shape": [-1, -1]},
        {"numpy": "7", "dtype": "<f8", "shape": [1], "order": "C"},
        {"numpy": "0", "dtype": "<f8", "shape": [5], "order": "C"},
        {"dict": [[{"dict": []}, 1]]},
        {"dict": [1]},
        {"float": "x"},
    ],
)
def test_what_is_forged_is_refused_and_runs_nothing(
    structure: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    content, _ = encode(state=pickle.dumps(Evil()))
    for forged in (content, pickle.dumps(Evil())):
        with pytest.raises(ValueError, match=r"."):
            decode(forged, {"state": structure})
    assert capsys.readouterr().out == ""


def test_an_empty_tensor_that_claims_gigabytes_is_refused() -> None:
    content, structure = encode(state=torch.zeros(0, 3))
    assert decode(content, structure)["state"].shape == (0, 3)
    with pytest.raises(ValueError, match="invalid for input of size 0"):
        decode(content, {"state": {**structure["state"], "shape": [2**40]}})
