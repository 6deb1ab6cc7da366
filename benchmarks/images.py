"""How many images a second the report's GAN trains on: the usual way, and assay.

    python benchmarks/images.py             # prints the table, some 5 minutes on two cores
    python benchmarks/images.py --record    # and writes results/images.json and the README's table

The usual way is one process with PyTorch's own choice of threads: a Dataset that turns one image at
a time from PIL to a normalised tensor, a DataLoader, BCELoss after a sigmoid, default Adam, and
`.item()` for the losses. assay's is a run a core with one thread each, through its training loop.
Both train the same networks on the same images with the same batch size. Rounds alternate.
"""

import argparse
import json
import multiprocessing
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import machine
import table

from assay.config import GanConfig
from assay.execution.build import build
from assay.execution.local import default_workers
from assay.execution.runner import prepare_process
from assay.store import Store
from assay.training import train

HERE = Path(__file__).parent
NETWORKS = ("mlp", "dcgan")
WARM_UP = 30


def config_of(network: str) -> GanConfig:
    return GanConfig(network=network, beta1=0.9 if network == "mlp" else 0.5)


def usual(network: str, updates: int) -> float:
    """Seconds of so many updates the usual way, in a process of its own."""
    command = [sys.executable, str(HERE / "images_way.py"), "--network", network]
    command += ["--updates", str(updates), "--warm-up", str(WARM_UP)]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(json.loads(found.stdout)["seconds"])


def assay(network: str, updates: int, workers: int) -> float:
    """Seconds until every one of the runs side by side has made so many updates."""
    context = multiprocessing.get_context("spawn")
    ready, go = context.Barrier(workers + 1), context.Barrier(workers + 1)
    seconds = context.Queue()
    children = [
        context.Process(target=_child, args=(network, updates, seed, ready, go, seconds))
        for seed in range(workers)
    ]
    for child in children:
        child.start()
    ready.wait()
    go.wait()
    slowest = max(seconds.get() for _ in children)
    for child in children:
        child.join()
    return float(slowest)


def _child(network: str, updates: int, seed: int, ready: Any, go: Any, seconds: Any) -> None:
    prepare_process()
    with tempfile.TemporaryDirectory() as root:
        store = Store(root)
        _train(store, config_of(network).replace(seed=seed + 100, updates=WARM_UP))
        ready.wait()
        go.wait()
        seconds.put(_train(store, config_of(network).replace(seed=seed, updates=updates)))


def _train(store: Store, config: GanConfig) -> float:
    """Seconds in the training loop, its logs and last checkpoint included, probes left out."""
    folder, job = store.create(config), build(config)
    ending = train(
        job.objective, job.schedule, folder, [], lambda at: None, lambda: False, float("inf")
    )
    return ending.seconds


def compare(network: str, rounds: int, updates: int, workers: int) -> dict[str, Any]:
    theirs, ours, one = [], [], []
    batch = config_of(network).batch_size
    for number in range(rounds):
        print(f"{network}, round {number + 1} of {rounds}", file=sys.stderr, flush=True)
        theirs.append(batch * updates / usual(network, updates))
        ours.append(workers * batch * updates / assay(network, updates, workers))
        one.append(batch * updates / assay(network, updates, 1))
    return {
        "network": network,
        "updates": updates,
        "usual_images_per_second": theirs,
        "assay_images_per_second": ours,
        "assay_one_run_images_per_second": one,
        "ratios": [ours_ / theirs_ for ours_, theirs_ in zip(ours, theirs, strict=True)],
    }


def gflop_per_update(network: str) -> float:
    """Arithmetic of one update that cannot be left out, in 10⁹ floating-point operations.

    Products of the linear layers, with 64 fakes and 64 real images: forward and, where a layer's
    weights or inputs need a gradient, backward; the discriminator judges the fakes once, and is
    gone back through for either phase.
    """
    if network != "mlp":
        return float("nan")
    generator = [100, 128, 256, 512, 1024, 784]
    discriminator = [784, 512, 256, 1]

    def products(widths: list[int]) -> list[int]:
        return [a * b for a, b in pairwise(widths)]

    g, d = products(generator), products(discriminator)
    steps = sum(g) * 2 + sum(g[1:])  # forward, weights, and inputs but for the noise
    steps += 2 * sum(d)  # the generator's phase: forward, and back to the image
    steps += 2 * sum(d) + sum(d[1:])  # the discriminator's, on real images
    steps += sum(d) + sum(d[1:])  # and on fakes, which it has judged
    return 2 * 64 * steps / 1e9


def markdown(found: dict[str, Any]) -> str:
    rows = [
        "| network | usual way, images/s | assay, images/s | ratio | one run alone, images/s |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for each in found["networks"]:
        rows.append(
            f"| {each['network']} | {table.spread(each['usual_images_per_second'])} "
            f"| {table.spread(each['assay_images_per_second'])} "
            f"| **{table.spread(each['ratios'], 2)}** "
            f"| {table.spread(each['assay_one_run_images_per_second'])} |"
        )
    mlp = found["networks"][0]
    rate = median(mlp["assay_one_run_images_per_second"])
    peak = found["machine"]["matmul_gflops_1_thread"]
    gflops = gflop_per_update("mlp") * rate / 64
    notes = [
        f"- 187,600 iterations of the mlp pair at one run's rate: {187_600 * 64 / rate / 60:.0f} "
        f"minutes of one core; its matrix products come to {gflops:.0f} GFLOP/s, "
        f"{gflops / peak:.0%} of `torch.mm`'s.",
        f"- Rounds: {found['rounds']}, of {mlp['updates']} updates (mlp); probes are left out.",
        table.machine_note(found["machine"]),
    ]
    return "\n".join([*rows, "", *notes])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--updates", type=int, default=600)
    parser.add_argument("--record", action="store_true")
    options = parser.parse_args()
    workers = default_workers()
    others = machine.Others(workers)
    start = time.time()
    found: dict[str, Any] = {
        "machine": machine.describe(workers),
        "rounds": options.rounds,
        "networks": [
            compare(network, options.rounds, options.updates // (1 + 2 * index), workers)
            for index, network in enumerate(NETWORKS)
        ],
    }
    share = others.share()
    found["machine"]["others_share"] = share
    print(markdown(found))
    print(f"{time.time() - start:.0f} s", file=sys.stderr)
    if share is not None and share > machine.BUSY:
        raise SystemExit(f"other processes took {share:.1%} of the cores: nothing is recorded")
    if options.record:
        table.write_json(found, HERE / "results" / "images.json")
        table.replace(markdown(found), HERE / "README.md", "images")


if __name__ == "__main__":
    main()
