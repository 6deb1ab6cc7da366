"""What 10, 1,000 and 100,000 runs cost in a store: the processor's seconds, bytes and files.

python benchmarks/store.py             # prints the table; 100,000 runs take minutes and 5 GB
python benchmarks/store.py --record    # and writes results/store.json, the table of the page
python benchmarks/store.py --most 1000

One run is trained; the others are folders of the same files, each with the configuration and under
the id of another seed or number of hidden units, as if they had been trained. The time is the
processor's, of one process with empty caches of assay ("first") and again.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import table

from assay.claims.snapshot import Snapshot
from assay.config import MemoryConfig
from assay.execution.machine import machine
from assay.execution.runner import execute
from assay.store import Store, cache
from assay.store.durable import to_json
from assay.store.status import statuses
from assay.study import load_study

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "explanation" / "store-costs.md"
SIZES = (10, 1_000, 100_000)
ARMS = 10
AGAIN = 3
BLOCK = 512
CONFIG = MemoryConfig(hidden_size=8, data_size=300, batch_size=32, epochs=3)
STUDY = f"""
title = "All runs of a simulated store"

[defaults]
data_size = 300
batch_size = 32
epochs = 3

[profiles.quick]
seeds = {{seeds}}

[experiments.units]
grid = {{{{ hidden_size = {list(range(8, 8 + ARMS))} }}}}
"""


def simulate(store: Store, runs: int) -> None:
    """Write the folders of so many runs."""
    store.prepare()
    execute(CONFIG, store, lambda at: None, lambda: False)
    trained = store.folder(CONFIG).path
    files = {
        path.relative_to(trained): path.read_bytes()
        for path in trained.rglob("*")
        if path.is_file()
    }
    for number in range(1, runs):
        changes = {"seed": number // ARMS, "hidden_size": 8 + number % ARMS}
        config = CONFIG.model_copy(update=changes)
        folder = store.folder(config).path
        (folder / "checkpoints").mkdir(parents=True)
        for path, content in files.items():
            own = to_json(config.model_dump()) if path.name == "config.json" else content
            (folder / path).write_bytes(own)


def measured(store: Store, runs: int, study: Path) -> dict[str, Any]:
    """What a simulated store costs."""
    every = list(_entries(store.root))
    study.write_text(STUDY.format(seeds=runs // ARMS), encoding="utf-8")

    def snapshot() -> None:
        found = Snapshot(load_study(str(study)), "quick", store)
        assert sum(status == "finished" for status in found.status.values()) == runs
        assert found.remembered("nothing", int, lambda: 0) == 0

    def listed() -> None:
        assert sum(row.status == "finished" for row in statuses(store)) == runs

    time.sleep(2.5)  # younger files are not kept in the index
    found: dict[str, Any] = {"runs": runs}
    for name, work in (("status", listed), ("snapshot", snapshot)):
        found[f"{name}_first"] = _seconds(work)
        found[f"{name}_again"] = sorted(_seconds(work) for _ in range(AGAIN))
    index = cache.cache_folder().with_name("stores")
    return {
        **found,
        "files": sum(entry.is_file() for entry in every),
        "folders": sum(entry.is_dir() for entry in every),
        "bytes": sum(entry.stat().st_size for entry in every if entry.is_file()),
        "disk_bytes": sum(entry.stat().st_blocks * BLOCK for entry in every),
        "index_bytes": max(path.stat().st_size for path in index.glob("*.sqlite")),
    }


def _entries(folder: Path) -> "Iterator[os.DirEntry[str]]":
    for entry in os.scandir(folder):
        yield entry
        if entry.is_dir():
            yield from _entries(Path(entry.path))


def _seconds(work: Callable[[], None]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def markdown(found: dict[str, Any]) -> str:
    """A column for each size of a store."""
    sizes = found["stores"]
    rows = [
        ["files", *(f"{each['files']:,}" for each in sizes)],
        ["folders", *(f"{each['folders']:,}" for each in sizes)],
        ["bytes in files, MB", *(f"{each['bytes'] / 1e6:,.1f}" for each in sizes)],
        ["on disk, MB", *(f"{each['disk_bytes'] / 1e6:,.1f}" for each in sizes)],
        ["index, MB", *(f"{each['index_bytes'] / 1e6:,.1f}" for each in sizes)],
        *(
            [f"{what}, {when}, s", *(_told(each[f"{name}_{when}"]) for each in sizes)]
            for name, what in (("status", "all runs listed"), ("snapshot", "a snapshot of all"))
            for when in ("first", "again")
        ),
    ]
    facts = found["machine"]
    head = ["", *(f"{each['runs']:,} runs" for each in sizes)]
    return (
        f"{table.grid(head, rows)}\n\nSeconds of one core of {facts['processor']}, "
        f"{facts['cores']} cores, {facts['system']}; of {AGAIN} times again the median."
    )


def _told(seconds: float | list[float]) -> str:
    one = sorted(seconds)[len(seconds) // 2] if isinstance(seconds, list) else seconds
    return f"{one:,.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--most", type=int, default=SIZES[-1], help="runs of the largest store")
    parser.add_argument("--record", action="store_true", help="write the JSON and the page")
    options = parser.parse_args()
    stores = []
    for runs in (size for size in SIZES if size <= options.most):
        with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
            numbers = Path(folder) / "cache" / "numbers"
            cache.cache_folder = lambda numbers=numbers: numbers  # type: ignore[misc]
            store = Store(Path(folder) / "store")
            simulate(store, runs)
            stores.append(measured(store, runs, Path(folder) / "all.toml"))
    found = {"stores": stores, "machine": machine()}
    print(markdown(found))
    if options.record:
        table.write_json(found, HERE / "results" / "store.json")
        table.replace(markdown(found), PAGE, "store")


if __name__ == "__main__":
    main()
