"""What reads files that may come from anybody, and the valid files that are changed for it."""

import contextlib
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from assay.claims.declarations import declarations
from assay.cli import call
from assay.judging.api import judge
from assay.kinds.command.files import NumberFiles
from assay.kinds.command.intake import Intake
from assay.kinds.function.state import decode
from assay.readers.find import columns_in
from assay.store import RunFolder, Store
from assay.store import cache as numbers_cache
from assay.store.archive import Archive
from assay.store.checkpoint import newest_first
from assay.store.inspection import inspect
from assay.store.reading import read_log
from assay.store.samples import load_grid
from assay.store.status import statuses
from assay.store.verifying import damages
from assay.study import load_study
from assay.tasks.files import read_sequences
from assay.tasks.images.decode import Form
from assay.tasks.images.decode import decode as decode_image
from assay.tasks.images.own import load_images
from assay.tasks.npz import read_npz
from assay.training import checkpoint
from tests.claims import made_up_claims
from tests.reliability.hostile import http, valid
from tests.reliability.hostile.mutations import Files
from tests.reliability.scenes import project


@dataclass(frozen=True)
class Target:
    """Something that reads.

    Attributes:
        name: for tables.
        valid: folders, as they are before a file of one is changed.
        read: reads such a folder.
        only: how the names of the files end that are changed; empty: any file.
        fits: makes the hashes of changed files fit again; None: they have none.
        inside: the parts of which one is changed, where a file is made of such, in their frames.
        finish: puts parts in their frames.
        thousands: of trials in the long form that are changed at random.
        guided: whether it is Python that reads it, so that coverage of lines guides to more.
        reads_anything: whether it reads what the file names, wherever that is.
    """

    name: str
    valid: Callable[[], Sequence[Files]]
    read: Callable[[Path], object]
    only: tuple[str, ...] = ()
    fits: Callable[[Files], Files] | None = None
    inside: Sequence[bytes] = ()
    finish: Callable[[list[bytes]], bytes] = b"".join
    thousands: float = 3.0
    guided: bool = False
    reads_anything: bool = False


def _one(**files: bytes) -> Callable[[], list[Files]]:
    return lambda: [{name.replace("__", "."): content} for name, content in files.items()]


def _each(make: Callable[[], dict[str, bytes]]) -> Callable[[], list[Files]]:
    return cache(lambda: [{name: content} for name, content in make().items()])


def _file(folder: Path) -> Path:
    """The one file of a folder."""
    return next(path for path in sorted(folder.rglob("*")) if path.is_file() or path.is_symlink())


# Studies.


def _studies() -> list[Files]:
    with tempfile.TemporaryDirectory() as made:
        study = made_up_claims.write(Path(made), [made_up_claims.part()]).read_bytes()
        own = valid.folder(project(Path(made) / "project"))
    studies = [own.pop(name) for name in list(own) if name.endswith(".toml") and "-" not in name]
    shipped = Path(load_study("cs324_a3").path).read_bytes()
    return [{**own, "study.toml": content} for content in (*studies, study, shipped)]


def _read_study(folder: Path) -> None:
    study = load_study(str(folder / "study.toml"))
    for profile in study.file.profiles:
        study.arms(profile)
    _ = study.claims, study.figures


# Results, as tables and as trackers write them.


def _tables() -> dict[str, bytes]:
    import pyarrow as pa

    table = pa.Table.from_pylist(valid.ROWS)
    return {
        "a.csv": valid.delimited(),
        "b.csv": valid.delimited(";", ","),
        "c.tsv": valid.delimited("\t"),
        "d.jsonl": valid.json_lines(),
        "e.parquet": valid.parquet(table),
    }


def _judge(folder: Path) -> None:
    _judged(str(_file(folder)))


def _judge_folder(folder: Path) -> None:
    _judged_alone(str(folder))


def _judged(path: str) -> None:
    try:
        columns_in(path)
    finally:
        judge(path, "accuracy", {"model": "lstm"}, {"model": "rnn"})


def _judged_alone(path: str) -> None:
    try:
        columns_in(path)
    finally:
        judge(path, "accuracy", {}, test="above", threshold=0.5, seed="run")


def _tracked() -> list[Files]:
    return [
        {"lstm/seed1/hparams.yaml": valid.HPARAMS, "lstm/seed1/metrics.csv": valid.METRICS_CSV},
        {"lr=0.1,seed=3/log.csv": valid.METRICS_CSV},
        {"a/checkpoint-2/trainer_state.json": valid.TRAINER},
        {"chart.csv": valid.EXPORT},
    ]


def _judge_tracked(folder: Path) -> None:
    chart = folder / "chart.csv"
    _judged_alone(str(chart if chart.is_file() else folder))


# Stores and evidence.


@cache
def _store() -> list[Files]:
    with tempfile.TemporaryDirectory() as made:
        valid.store(Path(made))
        every = valid.folder(Path(made))
    runs = sorted({name.split("/")[1] for name in every if name.count("/") > 1})
    kept = [each for each in every if each.split("/")[1:2] in ([run] for run in runs[:3])]
    return [{name: every[name] for name in kept}]


def _read_store(folder: Path) -> None:
    store = Store(folder / "store")
    statuses(store)
    inspect(store)
    list(damages(store.root))


def _logs() -> list[Files]:
    (store,) = _store()
    own = [{"epoch": at, "acc": at / 3, "net": {"lr": 0.1}} for at in range(4)]
    told = [{"step": at, "numbers": {"loss": 1 / (at + 1)}} for at in range(4)]
    return [
        *({"metrics.jsonl": content} for name, content in store.items() if "metrics" in name),
        {"metrics.jsonl": valid.json_lines([{"schema": 1}, *told, {"update": 3, "alarm": "x"}])},
        {"metrics.jsonl": valid.json_lines([{"update": 1, "probe": "p", "a": {"b": 1}}, *own[:0]])},
    ]


def _read_log(folder: Path) -> None:
    log = read_log((folder / "metrics.jsonl").read_bytes(), "metrics.jsonl")
    for name in ("training.loss", "validation.accuracy", "check.accuracy", "loss", "p.a.b"):
        log.points(name)
    _ = log.updates, log.diverged, log.alarms


@cache
def _evidence() -> list[Files]:
    with tempfile.TemporaryDirectory() as made:
        top = Path(made)
        study, store = valid.store(top)
        words = ["evidence", str(study), "--profile", "full", "--store", str(store.root)]
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            assert call([*words, "--out", str(top / "kept")]) == 0
        return [valid.folder(top / "kept")]


def _read_evidence(folder: Path) -> None:
    Archive(folder)
    _answers(["claims", "--from", str(folder), "--json"])
    list(damages(folder))


def _answers(words: list[str]) -> None:
    """A command that answers, or says in a sentence why not."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = call(words)
    if code not in (0, 1, 2) or "Traceback" in said.getvalue():
        raise AssertionError(f"{words} ends with {code}: {said.getvalue()[-500:]}")


def _declared() -> list[Files]:
    with tempfile.TemporaryDirectory() as made:
        _, store = valid.store(Path(made))
        line = json.loads(store.declaration_log.read_bytes())
    entries = [{**line, "claim": f"C{at}", "seen": {"a" * 16: [0, 1]}} for at in range(3)]
    return [{"declarations.jsonl": valid.json_lines(entries)}]


def _checkpoints() -> list[Files]:
    every = valid.checkpoints()
    return [
        {name: content for name, content in every.items() if name.startswith(kind)}
        for kind in ("training", "function")
    ]


def _read_checkpoints(folder: Path) -> None:
    kind = next(folder.iterdir(), folder)
    if kind.name == "training":
        list(checkpoint.newest_first(kind))
        checkpoint.newest(kind)
    for _, found in newest_first(kind) if kind.name == "function" else ():
        if isinstance(found, Exception):
            continue
        with contextlib.suppress(ValueError):  # as whoever asks for it takes it
            decode(found.tensors, found.state)


def _read_declared(folder: Path) -> None:
    declarations(Store(folder))


# Data.


def _read_sequences(folder: Path) -> None:
    read_sequences(_file(folder))


def _decode_image(folder: Path) -> None:
    decode_image(_file(folder).read_bytes(), Form(16, 1), "the image")
    decode_image(_file(folder).read_bytes(), Form(8, 3, "white", (0.0, 1.0)), "the image")


def _image_folder() -> list[Files]:
    with zipfile.ZipFile(io.BytesIO(valid.image_sets()["a.zip"])) as archive:
        return [{name: archive.read(name) for name in archive.namelist()}]


def _read_images(folder: Path) -> None:
    path = _file(folder)
    if path.suffix not in (".zip", ".parquet", ".npz"):
        path = folder
    key = repr([(each, each.stat().st_mtime_ns) for each in folder.rglob("*")])
    load_images(path, key, Form(8, 1), "skip", np.random.default_rng(0))


def _read_arrays(folder: Path) -> None:
    path = _file(folder)
    if path.suffix == ".npz":
        read_npz(path, "passages.npz", None, 2**26)
    else:
        load_grid(path.read_bytes())


def _read_cache(folder: Path) -> None:
    path = _file(folder)
    own = numbers_cache.cache_folder() / path.name
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_bytes(path.read_bytes())
    numbers_cache.remembered("hostile", lambda: [1, 2], lambda: True)


def _kept_number() -> list[Files]:
    numbers_cache.remembered("hostile", lambda: [1, 2], lambda: True)
    folder = numbers_cache.cache_folder()
    return [{path.name: path.read_bytes()} for path in folder.glob("*.json")][:1]


# What a program of the user's prints and writes.

PATTERNS = ("epoch {step} | acc {accuracy} loss {val/loss}", "final {final}%", "{a}:{b}")
OUTPUT = (
    b"\x1b[32mepoch 1 | acc 0.5 loss 1e-3\x1b[0m\r\nepoch 2 | acc .75   loss nan\nfinal 75%\n1:2\n"
)


def _take_in(folder: Path, files: NumberFiles | None) -> None:
    (folder / "run").mkdir()
    with Intake(RunFolder(folder / "run"), files, PATTERNS, resumed=False) as intake:
        content = (folder / "out.txt").read_bytes() if (folder / "out.txt").exists() else b""
        for at in range(0, len(content), 4096):
            intake.print(content[at : at + 4096])
            intake.read()
        intake.finish()
        intake.settle("")
        intake.missing(["accuracy"])
    RunFolder(folder / "run").metrics()


def _read_output(folder: Path) -> None:
    _take_in(folder, None)


def _read_numbers(folder: Path) -> None:
    _take_in(folder, NumberFiles(folder, _file(folder).name, ""))


def _numbers() -> dict[str, bytes]:
    rows = [{"epoch": at, "acc": at / 3, "net": {"lr": 0.1}} for at in range(4)]
    return {"a.jsonl": valid.json_lines(rows), "b.csv": valid.METRICS_CSV}


_EVENTS = [valid.event(at, at / 10) for at in range(6)]
_RECORDS = valid.wandb_records()

TARGETS = {
    target.name: target
    for target in (
        Target("study file", cache(_studies), _read_study, ("study.toml",), thousands=1,
               guided=True,
               reads_anything=True),
        Target("log of a run", cache(_logs), _read_log, thousands=25, guided=True),
        Target("store", _store, _read_store, (), valid.signed, thousands=2),
        Target("evidence", _evidence, _read_evidence, (), valid.signed, thousands=0.2),
        Target("HTTP request", cache(lambda: http.requests(_evidence()[0])), http.answer,
               ("request.http",), thousands=15, guided=True),
        Target("log of declarations", cache(_declared), _read_declared, thousands=12),
        Target("checkpoint", cache(_checkpoints), _read_checkpoints, (), valid.signed,
               thousands=10, guided=True),
        Target("table of results", _each(_tables), _judge, thousands=4),
        Target("CSV, YAML and JSON of trackers", cache(_tracked), _judge_tracked,
               thousands=2.5, guided=True),
        Target("TensorBoard events", lambda: [{"lr=1/x.tfevents.1": valid.records(_EVENTS)}],
               _judge_folder, inside=_EVENTS, finish=valid.records, thousands=2.5, guided=True),
        Target("Weights & Biases file", lambda: [{"a/run.wandb": valid.framed(_RECORDS)}],
               _judge_folder, inside=_RECORDS, finish=valid.framed, thousands=5, guided=True),
        Target("own sequences", _each(valid.sequences), _read_sequences, thousands=10),
        Target("image", _each(valid.pictures), _decode_image, thousands=4),
        Target("set of images", lambda: [*_each(valid.image_sets)(), *cache(_image_folder)()],
               _read_images, thousands=0.5),
        Target("arrays", _each(lambda: {
            "a.npz": valid.npz(images=np.zeros((2, 3, 1, 4, 4), np.uint8)),
            "b.npy": valid.npy(np.zeros((25, 1, 4, 4), np.uint8)),
        }), _read_arrays, thousands=12),
        Target("cache of numbers", cache(_kept_number), _read_cache, thousands=5),
        Target("output of a command", _one(out__txt=OUTPUT), _read_output, thousands=1),
        Target("numbers of a command", _each(_numbers), _read_numbers, thousands=8, guided=True),
    )
}  # fmt: skip
