"""A cell of the user's: a dozen lines are enough, and each slip is told in one sentence."""

from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

from assay.config import MemoryConfig
from assay.errors import ConfigError, PluginError
from assay.models import build, kernel_name

HEAD = "import torch\nfrom torch import nn\n\n"
LEAKY = """class Own(nn.Module):
    def __init__(self, input_size, hidden_size, keep=0.5):
        super().__init__()
        self.input = nn.Linear(input_size, hidden_size)
        self.recurrent = nn.Linear(hidden_size, hidden_size, bias=False)
        self.keep = keep

    def forward(self, x, state):
        (h,) = state
        new = torch.tanh(self.input(x) + self.recurrent(h))
        return (self.keep * h + (1 - self.keep) * new,)
"""
STEP = "return (self.keep * h + (1 - self.keep) * new,)"


class Own:
    """Writes modules with names of their own, since Python keeps what it imported."""

    count = 0

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def config(self, source: str, **changes: object) -> MemoryConfig:
        Own.count += 1
        name = f"own_cell_{Own.count}"
        (self.folder / f"{name}.py").write_text(HEAD + source)
        values = {"cell": f"{name}:Own", "hidden_size": 6, "folder": str(self.folder), **changes}
        return MemoryConfig.parse(values, "test")

    def refusal(self, source: str, **changes: object) -> str:
        with pytest.raises(PluginError) as caught:
            build(self.config(source, **changes), 2, 4)
        return str(caught.value)


@pytest.fixture
def own(tmp_path: Path) -> Own:
    return Own(tmp_path)


def test_a_dozen_lines_train(own: Own) -> None:
    assert len(LEAKY.splitlines()) <= 12
    model = build(own.config(LEAKY, cell_options={"keep": 0.2}), 10, 10)
    assert model.cell.keep == 0.2
    assert kernel_name(model) == "unrolled"
    digits = torch.randint(0, 10, (3, 256), generator=torch.Generator().manual_seed(0))
    x, targets = F.one_hot(digits, 10).float(), digits[0]
    optimizer = torch.optim.Adam(model.parameters(), lr=0.03)
    losses = []
    for _ in range(60):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), targets)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.5 * losses[0]


def test_it_is_seeded_although_it_draws_from_the_global_generator(own: Own) -> None:
    config = own.config(LEAKY)
    torch.manual_seed(0)
    first = build(config, 2, 4).state_dict()
    torch.manual_seed(1)
    before = torch.get_rng_state()
    again = build(config, 2, 4).state_dict()
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(first[name], again[name]) for name in first)
    other = build(config.replace(seed=1), 2, 4).state_dict()
    assert not any(torch.equal(first[name], other[name]) for name in first)


def test_cell_and_readout_do_not_share_their_draws(own: Own) -> None:
    state = build(own.config(LEAKY), 6, 4).state_dict()
    weight, readout = state["cell.input.weight"].flatten(), state["readout.weight"].flatten()
    assert not torch.isin(readout, weight).any()


def test_several_parts_and_an_initial_state_of_its_own(own: Own) -> None:
    source = LEAKY.replace("(h,) = state", "h, total = state").replace(
        STEP, "return (new, total + new.sum(1))"
    )
    source += """
    def initial_state(self, batch_size):
        return torch.ones(batch_size, 6), torch.zeros(batch_size)
"""
    model = build(own.config(source), 2, 4)
    assert [part.shape for part in model.initial_state(5)] == [(5, 6), (5,)]
    assert model(torch.zeros(3, 5, 2)).shape == (5, 4)


FUSED = (
    LEAKY
    + """
    kernel = "own kernel"

    def unroll(self, x, state):
        states = []
        for step in x:
            state = self(step, state)
            states.append(state[0])
        return torch.stack(states), state
"""
)


def test_a_fused_path_of_its_own_is_taken(own: Own) -> None:
    model = build(own.config(FUSED), 2, 4)
    assert kernel_name(model) == "own kernel"
    x = torch.randn(5, 3, 2, generator=torch.Generator().manual_seed(0))
    plain = build(own.config(LEAKY), 2, 4)
    assert torch.equal(model(x), plain(x))


def test_a_subclass_of_a_built_in_cell_keeps_its_own_weights(own: Own) -> None:
    source = """from assay.models import GRU

class Own(GRU):
    def __init__(self, input_size, hidden_size):
        super().__init__(input_size, hidden_size)
        nn.init.eye_(self.W_h)
"""
    model = build(own.config(source), 2, 4)
    assert torch.equal(model.cell.W_h[:6], torch.eye(6))
    assert model.cell.W_x.any()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            STEP,
            "return new",
            "one step gave a tensor of shape (3, 6), not in a tuple, and should give a state of "
            "the form of the initial one, a tuple of (3, 6) float32",
        ),
        (STEP, "return (new.T,)", "one step gave a tuple of (6, 3) float32, and should give"),
        (STEP, "return (new, new)", "one step gave a tuple of (3, 6) float32, (3, 6) float32, and"),
        (STEP, "return [new]", "one step gave a list, and should give"),
        (STEP, "return ()", "one step gave a tuple, and should give"),
        (STEP, "pass", "one step gave a NoneType, and should give"),
        (STEP, "return (new.double(),)", "one step gave a tuple of (3, 6) float64, and should"),
        (STEP, "return (new.detach(),)", "no gradient flows from the state after one step to any"),
        (STEP, "return (torch.sqrt(new * 0),)", "gradients of one step are not finite, and should"),
        (
            "self.recurrent(h)",
            "self.recurrent(x)",
            "failed on one step of an input of shape (3, 2): RuntimeError: mat1 and mat2",
        ),
        ("self.keep = keep", "1 / 0", "cannot be built: ZeroDivisionError: division by zero"),
        (
            "super().__init__()",
            "pass",
            "cannot be built: AttributeError: cannot assign module before Module.__init__() call",
        ),
        ("class Own", "class Other", "cannot be loaded from"),
        ("class Own(nn.Module)", "class Own", "gave an object of type Own, and should give an nn."),
    ],
)
def test_each_slip_is_told(own: Own, old: str, new: str, said: str) -> None:
    assert old in LEAKY
    message = own.refusal(LEAKY.replace(old, new))
    assert said in message
    assert message.startswith(f"own_cell_{Own.count}:Own")


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("torch.zeros(batch_size, 6)", "gave a tensor of shape (3, 6), not in a tuple, and should"),
        ("(torch.zeros(batch_size, 5),)", "gave a tuple of (3, 5) float32, and should give"),
        ("(torch.zeros(6),)", "h of shape (3, 6) foremost"),
        ("(torch.zeros(batch_size, 6), torch.zeros(1, 6))", "with the batch first"),
        ("(torch.zeros(batch_size, 6, dtype=torch.int64),)", "gave a tuple of (3, 6) int64"),
        ("1 / 0", "ZeroDivisionError"),
    ],
)
def test_a_wrong_initial_state_is_told(own: Own, state: str, said: str) -> None:
    source = f"{LEAKY}\n    def initial_state(self, batch_size):\n        return {state}\n"
    assert said in own.refusal(source)


def test_a_fused_path_must_agree_with_the_step(own: Own) -> None:
    assert "should give the same" in own.refusal(FUSED.replace("in x:", "in x[:1]:"))
    without = FUSED.replace('kernel = "own kernel"', "")
    assert "only one of `unroll` and `kernel`" in own.refusal(without)
    build(own.config(FUSED.replace('"own kernel"', "None")), 2, 4)
    only = f'{LEAKY}\n    kernel = "own kernel"\n'
    assert "only one of `unroll` and `kernel`" in own.refusal(only)


def test_a_subclass_that_changes_the_step_must_leave_the_fused_path(own: Own) -> None:
    source = """from assay.models import RNN

class Own(RNN):
    def forward(self, x, state):
        (h,) = super().forward(x, state)
        return (0.5 * h,)
"""
    assert "should give the same, or set kernel = None" in own.refusal(source)
    source += """
    def __init__(self, input_size, hidden_size):
        super().__init__(input_size, hidden_size)
        self.kernel = None
"""
    assert kernel_name(build(own.config(source), 2, 4)) == "unrolled"


def test_unknown_and_taken_options_are_told(own: Own) -> None:
    assert "unexpected keyword argument 'decay'" in own.refusal(LEAKY, cell_options={"decay": 0.5})
    with pytest.raises(ConfigError, match=r"cell_options.hidden_size: .* allowed are other names"):
        build(own.config(LEAKY, cell_options={"hidden_size": 5}), 2, 4)


def test_what_is_no_module_is_told(own: Own) -> None:
    source = "def Own(input_size, hidden_size):\n    return lambda x, state: state\n"
    assert own.refusal(source).endswith(
        "gave an object of type function, and should give an nn.Module"
    )


def test_a_cell_without_parameters_is_told(own: Own) -> None:
    source = """class Own(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()

    def forward(self, x, state):
        return (state[0] + x.sum(),)
"""
    assert "any of its 0 trainable parameters, and at least one should learn" in own.refusal(source)
