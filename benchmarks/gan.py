"""One update of the report's GAN: assay beside the usual ways, in interleaved rounds.

    python benchmarks/gan.py             # prints the tables, some 3 minutes on two cores
    python benchmarks/gan.py --record    # and writes results/gan.json and docs/performance.md

The report's pair of linear layers, and the convolutional pair in PyTorch alone; batches of 64.
docs/performance.md says what is compared.
"""

import argparse
import math
from typing import Any

import gan_tables
import recording
from arms import Arm, Processes, rounds_of, say, tried, two_cores

from assay.config import GanConfig

NETWORKS = ("mlp", "dcgan")
PROFILED_UPDATES = 50
START_TOLERANCE = 0.1  # of the first loss around ln 2


def all_arms(network: str) -> list[Arm]:
    """The rows, named as in the tables."""
    one, other = two_cores()
    single, both, each = ((one,),), ((one, other),), ((one,), (other,))
    arms = [
        Arm(gan_tables.USUAL, "torch_gan", both, {}),
        Arm(gan_tables.USUAL_ONE, "torch_gan", single, {}),
    ]
    if network == "mlp":
        compiled = {"compiled": True}
        arms.append(Arm(gan_tables.COMPILED, "torch_gan", both, compiled, optional=True))
        arms.append(Arm(gan_tables.KERAS, "keras_gan", both, {}))
        arms.append(Arm(gan_tables.KERAS_ONE, "keras_gan", single, {}))
    for precision in gan_tables.PRECISIONS:
        options = {"precision": precision}
        arms.append(Arm(f"assay {precision}, 1 worker", "assay_run", single, options))
        arms.append(Arm(f"assay {precision}, 2 workers", "assay_run", each, options))
    return arms


def setup(arm: Arm, network: str) -> dict[str, Any]:
    """What an arm builds."""
    beta1 = 0.9 if network == "mlp" else 0.5
    found: dict[str, Any] = {"network": network, "beta1": beta1}
    if precision := arm.options.get("precision"):
        found["config"] = GanConfig(network=network, beta1=beta1, precision=precision).model_dump()
    return found


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Both networks: seconds per update of every arm, round by round, and the parts of assay's."""
    left_out: dict[str, str] = {}
    with Processes() as started:
        networks = [measure_network(network, options, started, left_out) for network in NETWORKS]
    return {"left_out": left_out, "networks": networks}


def measure_network(
    network: str, options: argparse.Namespace, started: Processes, left_out: dict[str, str]
) -> dict[str, Any]:
    arms = all_arms(network)

    def attempt(arm: Arm) -> dict[str, Any]:
        arm.build(started, setup(arm, network))
        return check(arm, started)

    say(network)
    checks = tried(arms, attempt, left_out)
    if len({found["parameters"] for found in checks.values()}) != 1:
        raise SystemExit(f"{network}: the arms have different numbers of parameters: {checks}")
    seconds = rounds_of(arms, started, options.rounds, options.seconds)
    parts = {
        arm.name: arm.processes(started)[0].ask({"profile": PROFILED_UPDATES})
        for arm in arms
        if arm.program == "assay_run" and len(arm.cores) == 1
    }
    return {"network": network, "checks": checks, "seconds": seconds, "parts": parts}


def check(arm: Arm, started: Processes) -> dict[str, Any]:
    """Parameters and the first loss of an arm, which must be that of guessing.

    Raises:
        SystemExit: if it is another.
    """
    facts = dict(arm.processes(started)[-1].facts)
    first = arm.losses(started, 1)[0]
    if abs(first - math.log(2)) > START_TOLERANCE:
        raise SystemExit(f"{arm.name}: the first loss is {first:.2f}, and ln 2 is 0.69")
    return {**facts, "first_loss": round(first, 3)}


if __name__ == "__main__":
    recording.run("gan", str(__doc__), measure, gan_tables.tables, rounds=15, seconds=0.6)
