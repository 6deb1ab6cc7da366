"""Train the classifier of MNIST's digits by its recipe and put its weights in the package.

Run it with `make classifier`.
"""

import argparse
import hashlib
from pathlib import Path

from safetensors.torch import save

from assay import Run, Study
from assay.store.durable import to_json, write_atomic
from assay.training import checkpoint

LEAST_ACCURACY = 0.993
PREFIX = "average/"


def main() -> None:
    """Train what is missing, and write the weights if they are good enough."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", default="store")
    parser.add_argument("--out", type=Path, default=Path("src/assay/metrics/weights"))
    arguments = parser.parse_args()
    study = Study("mnist_classifier", arguments.store)
    study.run()
    run = Run(study.plan()[0].config.run_id, arguments.store)
    accuracy = run.metrics()[-1]["validation"]["accuracy"]
    if accuracy < LEAST_ACCURACY:
        raise SystemExit(f"test accuracy {accuracy:.2%} is below {LEAST_ACCURACY:.1%}")
    tensors = checkpoint.newest(run.folder.checkpoints).tensors
    content = save(
        {
            name.removeprefix(PREFIX): value
            for name, value in tensors.items()
            if name.startswith(PREFIX) and not name.endswith("num_batches_tracked")
        }
    )
    facts = {
        "sha256": hashlib.sha256(content).hexdigest(),
        "test_accuracy": accuracy,
        "run": run.config.run_id,
    }
    arguments.out.mkdir(parents=True, exist_ok=True)
    write_atomic(arguments.out / "digits.safetensors", content)
    write_atomic(arguments.out / "digits.json", to_json(facts))
    print(f"{arguments.out}: {len(content) / 1e6:.2f} MB, test accuracy {accuracy:.2%}")


if __name__ == "__main__":
    main()
