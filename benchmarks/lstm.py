"""One training step of an LSTM on palindromes: assay beside its peers, in interleaved rounds.

    python benchmarks/lstm.py             # prints the tables, some 8 minutes on two cores
    python benchmarks/lstm.py --record    # and writes results/lstm.json and docs/performance.md

Every arm does the same work: batches of 128, cross-entropy on the last step, the gradient clipped
at norm 10, RMSprop at 1e-3. That each has as many parameters, starts at the loss of guessing and
learns T = 5 is checked before anything is timed. docs/performance.md says what is compared.
"""

import argparse
import math
from typing import Any

import lstm_tables
import recording
from arms import Arm, Processes, rounds_of, say, tried, two_cores
from peers.strings import training_strings

from assay.config import MemoryConfig
from assay.models.native import Precision

LENGTHS = (5, 20, 30, 100, 300)
HIDDEN_SIZES = (64, 256, 512)
SIZES = [(length, 128) for length in LENGTHS] + [(20, hidden) for hidden in HIDDEN_SIZES]
TRAIN_FRACTION = 0.8
LEARNING_UPDATES = 150
START_TOLERANCE = 0.6  # of the loss of one batch around ln 10
LEARNT = 0.8  # of that loss


def assay_config(
    length: int, hidden_size: int, precision: Precision, batch_size: int = 128
) -> dict[str, Any]:
    """Fields of a run whose epochs are whole batches."""
    examples = training_strings(length, batch_size)
    config = MemoryConfig(
        length=length,
        hidden_size=hidden_size,
        batch_size=batch_size,
        data_size=round(examples / TRAIN_FRACTION),
        train_fraction=TRAIN_FRACTION,
        precision=precision,
    )
    return config.model_dump()


def all_arms() -> list[Arm]:
    """The rows, named as in the tables."""
    one, other = two_cores()
    single, both, each = ((one,),), ((one, other),), ((one,), (other,))
    arms = []
    for name, program in lstm_tables.PEERS.items():
        arms.append(Arm(f"{name}, 1 thread", program, single, {}))
        arms.append(Arm(f"{name}, 2 threads", program, both, {}))
    arms.append(Arm(lstm_tables.PREPARED, "torch_lstm", single, {"prepared": True}))
    for precision in lstm_tables.PRECISIONS:
        options, optional = {"precision": precision}, precision != "float32"
        arms.append(Arm(f"assay {precision}, 1 worker", "assay_run", single, options, optional))
        arms.append(Arm(f"assay {precision}, 2 workers", "assay_run", each, options, optional))
        kernel = {"kernel": "assay", "precision": precision}
        arms.append(Arm(f"kernel: assay {precision}", "kernel_lstm", single, kernel, optional))
    arms.append(Arm("kernel: torch.lstm", "kernel_lstm", single, {"kernel": "torch"}))
    return arms


def setup(arm: Arm, length: int, hidden_size: int) -> dict[str, Any]:
    """What an arm builds at a size."""
    size: dict[str, Any] = {"length": length, "hidden_size": hidden_size}
    if precision := arm.options.get("precision"):
        size["config"] = assay_config(length, hidden_size, precision)
    return size


def check(arm: Arm, started: Processes) -> dict[str, Any]:
    """Parameters, first and last loss of an arm at T = 5; all must be as they should.

    Raises:
        SystemExit: if the arm does other work than it should.
        SetupError: if it cannot be built.
    """
    length, hidden_size = 5, 128
    arm.build(started, setup(arm, length, hidden_size))
    facts = dict(arm.processes(started)[-1].facts)
    whole = arm.program != "kernel_lstm"
    parameters = 4 * hidden_size * (hidden_size + 2) + (10 * (hidden_size + 1) if whole else 0)
    if arm.program == "kernel_lstm" and arm.options["kernel"] == "torch":
        parameters += 4 * hidden_size  # nn.LSTM keeps each bias twice
    if facts["parameters"] != parameters:
        raise SystemExit(f"{arm.name}: {facts['parameters']} parameters, not {parameters}")
    if not whole:
        return facts
    first = arm.losses(started, 1)[0]
    arm.losses(started, LEARNING_UPDATES)
    last = sum(losses := arm.losses(started, 10)) / len(losses)
    if abs(first - math.log(10)) > START_TOLERANCE or last > LEARNT * math.log(10):
        raise SystemExit(f"{arm.name}: loss {first:.2f}, after training {last:.2f}")
    return {**facts, "first_loss": round(first, 3), "trained_loss": round(last, 3)}


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Every size: seconds per update of every arm, round by round."""
    left_out: dict[str, str] = {}
    sizes = []
    with Processes() as started:
        arms = all_arms()
        checks = tried(arms, lambda arm: check(arm, started), left_out)
        for length, hidden_size in SIZES:
            say(f"T={length}, H={hidden_size}")
            for arm in arms:
                arm.build(started, setup(arm, length, hidden_size))
            seconds = rounds_of(arms, started, options.rounds, options.seconds)
            sizes.append({"length": length, "hidden_size": hidden_size, "seconds": seconds})
    return {"checks": checks, "left_out": left_out, "sizes": sizes}


if __name__ == "__main__":
    recording.run("lstm", str(__doc__), measure, lstm_tables.tables)
