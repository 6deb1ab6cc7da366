"""The results of gan.py for people."""

from itertools import pairwise
from statistics import median
from typing import Any

import table

Found = dict[str, Any]

USUAL = "usual PyTorch loop, 2 threads"
USUAL_ONE = "usual PyTorch loop, 1 thread"
COMPILED = "the same with torch.compile, 2 threads"
KERAS = "Keras 3 on JAX, 2 threads"
KERAS_ONE = "Keras 3 on JAX, 1 thread"
PRECISIONS = ("float32", "bfloat16")

BATCH_SIZE = 64
ADAM_BYTES = 28
"""Read and written by fused Adam for a parameter: weight, two moments and gradient read, weight and
two moments written, 4 bytes each."""
GENERATOR = [100, 128, 256, 512, 1024, 784]
DISCRIMINATOR = [784, 512, 256, 1]


def tables(found: Found) -> dict[str, str]:
    """Markdown by mark."""
    note = f"- Rounds: {found['rounds']}.\n- {table.machine_note(found['machine'])}"
    left_out = "".join(f"\n- Left out: {name}: {why}." for name, why in found["left_out"].items())
    times = "\n\n".join(_times(each) for each in found["networks"])
    mlp = next(each for each in found["networks"] if each["network"] == "mlp")
    return {
        "gan": f"{times}\n\n{note}{left_out}",
        "gan-limits": _limits(mlp, found["machine"]),
    }


def _times(each: Found) -> str:
    seconds = each["seconds"]
    rows = []
    for name, values in seconds.items():
        ratios = [usual / own for usual, own in zip(seconds[USUAL], values, strict=True)]
        milliseconds = table.spread((1e3 * value for value in values), 2)
        images = table.spread(BATCH_SIZE / value for value in values)
        rows.append([name, milliseconds, images, table.spread(ratios, 2)])
    head = [each["network"], "ms per update", "images/s", "times the usual loop on 2 threads"]
    return table.grid(head, rows)


def _limits(mlp: Found, facts: Found) -> str:
    """Where the time goes, beside the time that the machine's limits leave."""
    parameters = next(iter(mlp["checks"].values()))["parameters"]
    rows = []
    for precision in PRECISIONS:
        start = "matmul_gflops_" if precision == "float32" else "matmul_bfloat16_gflops_"
        registers = facts.get(f"fma_gflops_{precision}", 0.0)  # known where the kernel is there
        for cores, workers, on in ((1, "1 worker", "1_thread"), (2, "2 workers", "2_threads")):
            name = f"assay {precision}, {workers}"
            if name not in mlp["seconds"]:
                continue
            whole = median(mlp["seconds"][name])
            products = gflop_per_update() / max(facts[f"{start}{on}"], cores * registers)
            optimizer = ADAM_BYTES * parameters / 1e9 / facts[f"copy_gb_{on}"]
            took = ["", "", ""]
            if parts := mlp["parts"].get(name):
                rest = whole - parts["products"] - parts["optimizer"]
                took = [_ms(parts["products"]), _ms(parts["optimizer"]), _ms(rest)]
            limits = [_ms(products), _ms(optimizer), f"{(products + optimizer) / whole:.0%}"]
            rows.append([name, _ms(whole), *took, *limits])
    head = ["ms per update", "whole", "products", "optimizer", "rest"]
    limits = ["products at peak", "optimizer's bytes at peak", "share of the limit reached"]
    arithmetic = (
        f"- An update's products that cannot be left out: {gflop_per_update():.2f} GFLOP; "
        f"{parameters:,} parameters, {ADAM_BYTES} bytes each for the optimizer."
    )
    return f"{table.grid([*head, *limits], rows)}\n\n{arithmetic}"


def gflop_per_update() -> float:
    """Arithmetic of one update of the mlp pair that cannot be left out, in 10⁹ operations.

    Products of the linear layers, with 64 fakes and 64 real images: forward and, where a layer's
    weights or inputs need a gradient, backward. Fakes are judged once, and go back through the
    discriminator once: what its two phases send back differs by a factor for each of them.
    """
    g, d = _products(GENERATOR), _products(DISCRIMINATOR)
    steps = sum(g) * 2 + sum(g[1:])  # forward, weights, and inputs but for the noise
    steps += 3 * sum(d)  # fakes: forward, back to the image, weights
    steps += 2 * sum(d) + sum(d[1:])  # real images: forward, weights, and inputs but for the image
    return 2 * BATCH_SIZE * steps / 1e9


def _products(widths: list[int]) -> list[int]:
    return [a * b for a, b in pairwise(widths)]


def _ms(seconds: float) -> str:
    return f"{1e3 * seconds:.2f}"
