"""The native kernel at every SIMD level of this processor, beside the equations in float64.

The compiler is part of the machine that tests run on, so a kernel that was not built is a failure.
"""

import platform
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import Tensor

from assay.cli.show.doctor import print_doctor
from assay.config import GanConfig, MemoryConfig
from assay.errors import ConfigError
from assay.execution.check import notices
from assay.models import LSTM, bptt, build, native
from assay.models.native import Form, Precision
from assay.models.native_lstm import fits, unroll_lstm
from assay.store import Store

ROOT = Path(__file__).parents[2]
FORMS: list[Form] = ["standard", "as_reported"]
# float32 rounds at 6e-8, bfloat16 at 4e-3; a sum loses one to two digits of the first, and the
# second rounds what enters the products only, so that errors of many terms cancel.
TOLERANCES: dict[Precision, float] = {"float32": 1e-5, "bfloat16": 3e-2}
# Levels round the same operands alike, but states that differ in the last bit of float32 may fall
# to either side.
BETWEEN_LEVELS = 3e-3

every_level = pytest.mark.parametrize("level", native.levels())
every_form = pytest.mark.parametrize("form", FORMS)
every_precision = pytest.mark.parametrize("precision", TOLERANCES)


def drawn(T: int, N: int, D: int, H: int, scale: float = 1.0) -> list[Tensor]:
    """x, h, c, W_x, W_h and b, all of which require gradients."""
    source = torch.Generator().manual_seed(T + 10 * N + 100 * D + 1000 * H)
    shapes = [(T, N, D), (N, H), (N, H), (4 * H, D), (4 * H, H), (4 * H,)]
    bounds = [1.0, 1.0, 1.0, D**-0.5, H**-0.5, H**-0.5]
    return [
        ((torch.rand(shape, generator=source) * 2 - 1) * bound * scale).requires_grad_()
        for shape, bound in zip(shapes, bounds, strict=True)
    ]


def equations(leaves: list[Tensor], form: Form) -> list[Tensor]:
    """h_TNH, h and c by equations 1 to 6, one step after the other."""
    x_TND, h, c, W_x, W_h, b = leaves
    h_T = []
    for x in x_TND:
        i, f, g, o = (x @ W_x.T + h @ W_h.T + b).chunk(4, dim=1)
        c = torch.tanh(g) * torch.sigmoid(i) + c * torch.sigmoid(f)
        o = torch.sigmoid(o)
        h = o * torch.tanh(c) if form == "standard" else torch.tanh(c * o)
        h_T.append(h)
    return [torch.stack(h_T), h, c]


def kernel(
    leaves: list[Tensor], form: Form, level: str, precision: Precision = "float32"
) -> list[Tensor]:
    x, h, c, *weights = leaves
    h_TNH, last = unroll_lstm(x, (h, c), *weights, form, precision, level)
    return [h_TNH, *last]


def gradients(outputs: list[Tensor], leaves: list[Tensor], whole: bool) -> list[Tensor]:
    """Of a loss that weighs each element of the last state, and with `whole` of every state."""
    source = torch.Generator().manual_seed(0)
    weights = [torch.randn(part.shape, generator=source).to(part) for part in outputs]
    pairs = list(zip(outputs, weights, strict=True))
    loss = torch.stack([(part * weight).sum() for part, weight in pairs[not whole :]]).sum()
    return list(torch.autograd.grad(loss, leaves))


def doubled(leaves: list[Tensor]) -> list[Tensor]:
    return [leaf.detach().double().requires_grad_() for leaf in leaves]


def difference(found: list[Tensor], wanted: list[Tensor]) -> float:
    """The largest ‖found - wanted‖ / ‖wanted‖ of three tensors: states, ∂ of them, or of weights.

    One tensor alone may be a single number whose terms cancel, and then has no digits to compare.
    """
    parts = [torch.cat([t.detach().double().flatten() for t in side]) for side in (found, wanted)]
    sizes = [sum(t.numel() for t in found[at : at + 3]) for at in range(0, len(found), 3)]
    pairs = zip(*(part.split(sizes) for part in parts), strict=True)
    return max(float((a - b).norm() / (b.norm() or 1.0)) for a, b in pairs)


def test_it_was_built() -> None:
    assert native.available(), native.why_not()
    assert native.simd() == native.levels()[-1]
    assert "portable" in native.levels()
    if platform.machine() == "x86_64" and "avx512f" in Path("/proc/cpuinfo").read_text():
        assert "avx512" in native.levels()


@every_precision
@every_form
@given(
    T=st.integers(1, 9),
    N=st.integers(1, 27),
    D=st.integers(1, 12),
    H=st.integers(1, 70),
    whole=st.booleans(),
)
@example(T=1, N=1, D=1, H=1, whole=False)
@example(T=1, N=1, D=1, H=67, whole=False)
@example(T=19, N=33, D=1, H=128, whole=False)
@example(T=5, N=26, D=10, H=65, whole=True)
@example(T=3, N=29, D=1, H=264, whole=True)
@settings(deadline=None, max_examples=40)
def test_outputs_and_gradients_are_those_of_the_equations(
    form: Form, precision: Precision, T: int, N: int, D: int, H: int, whole: bool
) -> None:
    leaves = drawn(T, N, D, H)
    exact = doubled(leaves)
    wanted = equations(exact, form)
    wanted_gradients = gradients(wanted, exact, whole)
    first: list[Tensor] = []
    for level in native.levels():
        outputs = kernel(leaves, form, level, precision)
        found = outputs + gradients(outputs, leaves, whole)
        assert difference(found, wanted + wanted_gradients) <= TOLERANCES[precision], level
        first = first or found
        assert difference(found, first) <= BETWEEN_LEVELS, level


@every_level
@every_form
def test_only_what_is_asked_for_is_computed(form: Form, level: str) -> None:
    leaves = drawn(4, 7, 3, 20)
    wanted = gradients(kernel(leaves, form, level), leaves, whole=False)
    leaves = [leaves[0].detach(), leaves[1].detach(), leaves[2].detach(), *leaves[3:]]
    found = gradients(kernel(leaves, form, level), leaves[3:], whole=False)
    assert difference(found, wanted[3:]) <= 1e-6
    with torch.no_grad():
        without = kernel(leaves, form, level)
    assert all(map(torch.equal, without, kernel(leaves, form, level)))


@every_level
@every_precision
def test_the_same_call_gives_the_same_bits(level: str, precision: Precision) -> None:
    leaves = drawn(6, 37, 2, 40)

    def run(_: int = 0) -> list[Tensor]:
        outputs = kernel(leaves, "standard", level, precision)
        return outputs + gradients(outputs, leaves, whole=True)

    once = run()
    assert all(map(torch.equal, run(), once))
    with ThreadPoolExecutor(2) as pool:  # at the same time, and in threads of no settings
        for other in pool.map(run, range(4)):
            assert all(map(torch.equal, other, once))


def test_two_threads_share_a_batch() -> None:
    leaves = drawn(5, 37, 3, 24)
    before = torch.get_num_threads()
    try:
        runs = []
        for threads in (1, 2, 2):
            torch.set_num_threads(threads)
            outputs = kernel(leaves, "standard", native.levels()[-1])
            runs.append(outputs + gradients(outputs, leaves, whole=True))
    finally:
        torch.set_num_threads(before)
    assert all(map(torch.equal, runs[0][:6], runs[1][:6]))  # samples do not meet; weights' sums do
    assert difference(runs[1], runs[0]) <= 1e-6
    assert all(map(torch.equal, runs[1], runs[2]))


@every_level
@every_precision
@every_form
@pytest.mark.parametrize("bad", [torch.nan, torch.inf, -torch.inf])
@pytest.mark.parametrize("place", range(6))
def test_what_is_not_finite_goes_where_the_equations_take_it(
    place: int, bad: float, form: Form, precision: Precision, level: str
) -> None:
    leaves = drawn(4, 9, 2, 21)
    with torch.no_grad():
        leaves[place].view(-1)[3] = bad
    outputs = kernel(leaves, form, level, precision)
    found = outputs + gradients(outputs, leaves, whole=False)
    exact = doubled(leaves)
    wanted = equations(exact, form)
    for one, other in zip(found, wanted + gradients(wanted, exact, whole=False), strict=True):
        assert torch.equal(one.isnan(), other.isnan())
        assert torch.allclose(one.double(), other, atol=0.2, rtol=0.2, equal_nan=True)


@every_level
@every_form
def test_large_values_saturate(form: Form, level: str) -> None:
    leaves = drawn(1, 8, 2, 17, scale=1e10)
    with torch.no_grad():
        leaves[2].clamp_(-1, 1)
    exact = doubled(leaves)
    assert difference(kernel(leaves, form, level), equations(exact, form)) <= 1e-6


@every_level
def test_activations_are_close_over_their_whole_range(level: str) -> None:
    """One step with W_h = 0 and c = 0 shows h = σ(b_o) tanh(σ(b_i) tanh(b_g)), here of any b."""
    values = torch.cat([torch.linspace(-100, 100, 4001), torch.tensor([-3e38, -1e-30, 0, 1e-6])])
    H = len(values)
    large = torch.full((H,), 40.0)
    zero = torch.zeros(1, H)
    for place, function in {0: torch.sigmoid, 1: torch.sigmoid, 2: torch.tanh}.items():
        gates = [large, large, large, large]
        gates[place] = values
        c = zero if place != 1 else zero + 1
        gates[0] = -large if place == 1 else gates[0]
        W_x, W_h = torch.zeros(4 * H, 1), torch.zeros(4 * H, H)
        _, (_, last_c) = unroll_lstm(
            zero[:, :1].view(1, 1, 1), (zero, c), W_x, W_h, torch.cat(gates), level=level
        )
        assert (last_c[0].double() - function(values.double())).abs().max() <= 3e-7


def test_what_does_not_fit_takes_the_other_paths() -> None:
    cell = LSTM(2, 3, form="as_reported")
    x = torch.ones(4, 5, 2)
    state = cell.initial_state(5)
    weights = cell.W_x, cell.W_h, cell.b
    assert fits(x, state, *weights)
    assert not fits(x.double(), state, *weights)
    assert not fits(x[:, :0], (state[0][:0], state[1][:0]), *weights)
    assert not fits(x[:, :3], state, *weights)
    assert fits(x.transpose(0, 1), (state[0][:4], state[1][:4]), *weights)
    double = cell.double()
    h_TNH, _ = double.unroll(x.double(), double.initial_state(5))
    assert h_TNH.dtype == torch.float64


def test_an_unknown_level_is_refused() -> None:
    x, h, c, *weights = drawn(1, 1, 1, 1)
    with pytest.raises(ValueError, match="level = 'sse9': this processor has portable"):
        unroll_lstm(x, (h, c), *weights, level="sse9")


def test_a_second_derivative_is_refused() -> None:
    leaves = drawn(2, 2, 1, 3)
    h_TNH, *_ = kernel(leaves, "standard", "portable")
    (first,) = torch.autograd.grad((h_TNH * h_TNH).sum(), leaves[0], create_graph=True)
    with pytest.raises(RuntimeError, match="once_differentiable"):
        first.sum().backward()


def test_changing_the_states_before_going_back_is_refused() -> None:
    leaves = drawn(2, 2, 1, 3)
    h_TNH, *_ = kernel(leaves, "standard", "portable")
    loss = (h_TNH * h_TNH.detach()).sum()
    with torch.no_grad():
        h_TNH.zero_()
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        loss.backward()


def test_going_back_twice_gives_the_same_bits() -> None:
    leaves = drawn(3, 5, 2, 18)
    loss = kernel(leaves, "standard", native.levels()[-1])[0].sum()
    once = torch.autograd.grad(loss, leaves, retain_graph=True)
    assert all(map(torch.equal, once, torch.autograd.grad(loss, leaves)))


def test_the_record_names_level_and_precision() -> None:
    assert LSTM(1, 1).kernel == f"assay.native.{native.simd()}"
    assert LSTM(1, 1, precision="bfloat16").kernel == f"assay.native.{native.simd()}.bf16"


def test_precision_reaches_the_products() -> None:
    x = torch.linspace(-1, 1, 40).view(5, 8, 1)
    coarse, fine = (
        build(MemoryConfig.parse({"precision": precision}, "test"), 1, 10)
        for precision in ("bfloat16", "float32")
    )
    assert 1e-5 < difference([coarse(x)], [fine(x)]) < TOLERANCES["bfloat16"]


def test_precision_is_part_of_the_identity() -> None:
    coarse = MemoryConfig(precision="bfloat16")
    assert coarse.run_id != MemoryConfig(precision="float32").run_id == MemoryConfig().run_id
    assert "bfloat16" in coarse.label


@pytest.mark.parametrize("config", [MemoryConfig, GanConfig])
@pytest.mark.parametrize("has", [True, False])
def test_a_precision_that_is_emulated_is_said_to_be_slow(config, has, monkeypatch) -> None:
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: has)
    assert notices([config()]) == []
    told = notices([config(precision="bfloat16")])
    assert [text.split(":")[0] for text in told] == (
        [] if has else ["precision = 'bfloat16' is slower than float32 here"]
    )


@pytest.mark.parametrize("cell", ["rnn", "gru"])
def test_bfloat16_is_for_the_lstm(cell: str) -> None:
    with pytest.raises(ConfigError, match=f"precision = 'bfloat16' is for cell = 'lstm'.*{cell}"):
        MemoryConfig.parse({"cell": cell, "precision": "bfloat16"}, "test")


class TestWithoutTheLibrary:
    """As on a machine that had no compiler."""

    @pytest.fixture(autouse=True)
    def absent(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(native, "_library", lambda: "it was not built: install a compiler")

    def test_the_other_paths_are_taken(self) -> None:
        assert not native.available()
        assert native.levels() == ()
        assert native.simd() is None
        assert LSTM(1, 1).kernel == "torch.lstm"
        reported = LSTM(1, 4, form="as_reported")
        assert reported.kernel == bptt.kernel()
        h_TNH, _ = reported.unroll(torch.ones(3, 2, 1), reported.initial_state(2))
        assert h_TNH.shape == (3, 2, 4)

    def test_bfloat16_is_refused(self) -> None:
        message = "precision = 'bfloat16' needs the native kernel, and it was not built"
        with pytest.raises(ConfigError, match=message):
            build(MemoryConfig(precision="bfloat16"), 1, 10)

    def test_doctor_says_why(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert print_doctor(Store(tmp_path), as_json=False)
        (line,) = [line for line in capsys.readouterr().out.splitlines() if "native" in line]
        assert "not there: it was not built" in line


def test_doctor_names_the_level(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert print_doctor(Store(tmp_path), as_json=False)
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "native_kernel" in line]
    assert line.endswith(str(native.simd()))


@pytest.fixture(scope="module")
def checks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the programs that drive the kernel's sources from C++, with sanitizers."""
    compiler = shutil.which("g++") or shutil.which("clang++")
    assert compiler, "no C++ compiler"
    folder = tmp_path_factory.mktemp("checks")
    build_script = ROOT / "native/tests/build_check.sh"
    subprocess.run([build_script, compiler, folder], check=True, timeout=300)
    return folder


@pytest.mark.parametrize("part", ["lstm", "linear"])
def test_under_sanitizers(checks: Path, part: str) -> None:
    done = subprocess.run(
        [checks / f"check_{part}", "40", "1"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{40 * 2 * len(native.levels())} solved" in done.stdout
