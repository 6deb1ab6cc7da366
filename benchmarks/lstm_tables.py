"""The results of lstm.py for people."""

from statistics import median
from typing import Any

import table

from assay.models.native import Precision

Found = dict[str, Any]
Size = dict[str, Any]

PEERS = {
    "report's way": "report_lstm",
    "nn.LSTM, usual loop": "torch_lstm",
    "Keras 3 on JAX": "keras_lstm",
    "JAX, scan and jit": "jax_lstm",
}
PREPARED = "nn.LSTM, assay's allocator settings, 1 thread"
PRECISIONS: tuple[Precision, ...] = ("float32", "bfloat16")
BATCH_SIZE = 128
TIMED_PEAK = "fma_gflops_"


def tables(found: Found) -> dict[str, str]:
    """Markdown by mark."""
    note = f"\n\n- {_checked(found)}\n- {table.machine_note(found['machine'])}"
    left_out = "".join(f"\n- Left out: {name}: {why}." for name, why in found["left_out"].items())
    lengths = [size for size in found["sizes"] if size["hidden_size"] == BATCH_SIZE]
    others = [size for size in found["sizes"] if size["hidden_size"] != BATCH_SIZE]
    return {
        "machine": table.peaks(found["machine"]),
        "lstm": f"{_times(lengths)}\n\n{_times(others)}{note}{left_out}",
        "lstm-ratios": f"{_ratios(found['sizes'])}",
        "lstm-rates": f"{_rates(found)}",
    }


def _times(sizes: list[Size]) -> str:
    """Milliseconds of a step, a row an arm."""
    names = [name for name in sizes[0]["seconds"] if not name.startswith("kernel")]
    rows = [
        [name, *(table.spread((1e3 * s for s in size["seconds"][name]), 1) for size in sizes)]
        for name in names
    ]
    return table.grid(["ms per step", *map(_size, sizes)], rows)


def _ratios(sizes: list[Size]) -> str:
    """How many times as long peers take, round by round, on as many cores."""
    pairs = []
    for precision in (p for p in PRECISIONS if f"assay {p}, 1 worker" in sizes[0]["seconds"]):
        kernel, one = f"kernel: assay {precision}", f"assay {precision}, 1 worker"
        two = f"assay {precision}, 2 workers"
        pairs += [(f"{name}, 2 threads", two) for name in PEERS]
        pairs += [(f"{name}, 1 thread", one) for name in PEERS]
        pairs += [(PREPARED, one), ("kernel: torch.lstm", kernel), (one, two)]
    rows = [
        [slow, fast, *(table.spread(_ratio(size, slow, fast), 2) for size in sizes)]
        for slow, fast in pairs
    ]
    return table.grid(["time of", "over that of", *map(_size, sizes)], rows, words=2)


def _rates(found: Found) -> str:
    """GFLOP/s of a core, and its share of the peak."""
    facts, rows = found["machine"], []
    sizes = found["sizes"]
    for name in ("nn.LSTM, usual loop, 1 thread", PREPARED, "kernel: torch.lstm"):
        rows.append(_rate_row(name, sizes, *_peak(facts, "float32")))
    for precision in PRECISIONS:
        for name in (f"assay {precision}, 1 worker", f"kernel: assay {precision}"):
            if name in sizes[0]["seconds"]:
                rows.append(_rate_row(name, sizes, *_peak(facts, precision)))
    return table.grid(["GFLOP/s, and share", "of", *map(_size, sizes)], rows, words=2)


def _rate_row(name: str, sizes: list[Size], peak: float, of: str) -> list[str]:
    cells = []
    for size in sizes:
        rates = [gflop(size) / seconds for seconds in size["seconds"][name]]
        cells.append(f"{median(rates):.0f}, {median(rates) / peak:.0%}")
    return [name, of, *cells]


def _peak(facts: Found, precision: str) -> tuple[float, str]:
    """The limit of one core, and what it is: multiply-adds of registers, or else torch.mm."""
    if (key := f"{TIMED_PEAK}{precision}") in facts:
        return facts[key], f"{facts[key]:.0f}, FMA peak of {precision}"
    peak = facts["matmul_gflops_1_thread"]
    return peak, f"{peak:.0f}, torch.mm of float32"


def gflop(size: Size) -> float:
    """Arithmetic of one training step, in 10⁹ operations.

    The products of T - 1 steps, forward once and backward twice: 3 · 2 (T - 1) N 4H (H + D + 1)
    with D = 1 feature and a bias.
    """
    steps, hidden_size = size["length"] - 1, size["hidden_size"]
    return 3 * 2 * steps * BATCH_SIZE * 4 * hidden_size * (hidden_size + 2) / 1e9


def _ratio(size: Size, slow: str, fast: str) -> list[float]:
    pairs = zip(size["seconds"][slow], size["seconds"][fast], strict=True)
    return [theirs / ours for theirs, ours in pairs]


def _size(size: Size) -> str:
    return f"T={size['length']}, H={size['hidden_size']}"


def _checked(found: Found) -> str:
    checks = found["checks"].values()
    firsts = [check["first_loss"] for check in checks if "first_loss" in check]
    lasts = [check["trained_loss"] for check in checks if "trained_loss" in check]
    path = found["checks"]["assay float32, 1 worker"]["path"]
    return (
        f"Checked before: 67,850 parameters in every arm at T=5, H=128, loss {min(firsts):.2f} to "
        f"{max(firsts):.2f} at the start (ln 10 is 2.30), {min(lasts):.2f} to {max(lasts):.2f} "
        f"after training. assay's kernel: `{path}`. Rounds: {found['rounds']}."
    )
