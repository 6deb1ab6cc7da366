"""How long all quality metrics of generated images take, and the memory of the whole process.

    python benchmarks/metrics.py    # prints a table, some 2 minutes

Real training images stand in for generated ones: what they show makes no difference to the work.
"""

import json
import resource
import subprocess
import sys
import time

COUNTS = (10_000, 60_000)


def measure(count: int) -> dict[str, float]:
    """Seconds and peak resident MiB of measuring `count` images, in this process."""
    import torch

    from assay.config import GanConfig
    from assay.kinds.gan.reference import quality_reference
    from assay.kinds.job import prepare_process
    from assay.metrics.quality import quality
    from assay.tasks.images import load_mnist

    prepare_process()
    against = quality_reference(GanConfig())
    images = torch.tensor(load_mnist().train.images[:count])
    start = time.perf_counter()
    quality(against, images.split(250))
    seconds = time.perf_counter() - start
    # Linux counts in KiB, macOS in bytes.
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return {
        "seconds": seconds,
        "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit,
    }


def main() -> None:
    if len(sys.argv) > 1:
        print(json.dumps(measure(int(sys.argv[1]))))
        return
    print("| images | seconds | MiB |\n| ---: | ---: | ---: |")
    for count in COUNTS:
        command = [sys.executable, __file__, str(count)]
        found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        print(f"| {count:,} | {found['seconds']:.0f} | {found['mib']:.0f} |")


if __name__ == "__main__":
    main()
