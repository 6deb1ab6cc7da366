"""Valid files of every kind that assay reads, small, and how their hashes are made to fit again."""

import hashlib
import io
import json
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import torch
from PIL import Image

from assay.kinds.function.state import encode
from assay.readers.records import masked_crc
from assay.store import Store
from assay.store.checkpoint import Saved
from assay.store.checkpoint import write as write_saved
from assay.store.durable import json_digest
from assay.training.checkpoint import Checkpoint
from assay.training.checkpoint import write as write_checkpoint
from tests.claims import made_up_claims
from tests.reliability.hostile.mutations import Files

HIGH = [0.95, 0.96, 0.97, 0.98]
LOW = [0.10, 0.12, 0.11, 0.14]
ROWS = [
    {"model": m, "seed": s, "step": t, "accuracy": round(a + s / 100 + t / 50, 3), "note": "x, y"}
    for m, a in (("lstm", 0.9), ("rnn", 0.5))
    for s in range(5)
    for t in range(2)
]


def folder(top: Path) -> dict[str, bytes]:
    """The contents of a folder, but for locks."""
    return {
        path.relative_to(top).as_posix(): path.read_bytes()
        for path in sorted(top.rglob("*"))
        if path.is_file() and not path.name.endswith(".lock")
    }


def delimited(by: str = ",", point: str = ".") -> bytes:
    """A table of results as text."""
    lines = [by.join(ROWS[0])]
    for row in ROWS:
        cells = [
            f'"{v}"' if isinstance(v, str) else str(v).replace(".", point) for v in row.values()
        ]
        lines.append(by.join(cells))
    return "\n".join(lines).encode() + b"\n"


def json_lines(rows: list[dict[str, Any]] = ROWS) -> bytes:
    """Objects, one a line."""
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def parquet(table: pa.Table) -> bytes:
    """A table in the form of Parquet, its pages packed."""
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def npz(**arrays: Any) -> bytes:
    """Arrays, packed."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def npy(array: Any) -> bytes:
    """An array."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def sequences() -> dict[str, bytes]:
    """Own sequences and labels in every form."""
    steps = np.arange(60).reshape(12, 5) % 7
    labels = np.arange(12) % 3
    texts = ["".join(map(str, row)) for row in steps]
    table = pa.table({"sequence": texts, "label": labels})
    wide = pa.table({"label": labels / 7, **{f"t{at}": steps[:, at] for at in range(5)}})
    listed = pa.table(
        {"sequence": steps.tolist(), "label": pa.array(map(str, labels)).dictionary_encode()}
    )
    plain = [
        "sequence,label",
        *(f"{text},{label}" for text, label in zip(texts, labels, strict=True)),
    ]
    return {
        "a.csv": "\n".join(plain).encode() + b"\n",
        "b.parquet": parquet(table),
        "c.parquet": parquet(wide),
        "d.parquet": parquet(listed),
        "e.npz": npz(sequences=steps, labels=labels),
        "f.npz": npz(sequences=np.random.default_rng(1).random((12, 4, 2)), labels=labels / 3),
    }


def pictures() -> dict[str, bytes]:
    """A picture in every format that Pillow writes here, and in several of its modes."""
    values = np.random.default_rng(1).integers(0, 256, (9, 11, 4), dtype=np.uint8)
    colour = Image.fromarray(values)
    twelve = Image.fromarray(values[..., 0].astype(np.uint16) * 16)
    found = {}
    for name, mode in (("png", "RGBA"), ("png", "P"), ("jpg", "RGB"), ("tiff", "RGB"),
                       ("bmp", "L"), ("gif", "P"), ("webp", "RGBA"), ("ppm", "RGB"),
                       ("tga", "RGB"), ("pcx", "RGB"), ("ico", "RGBA"), ("dds", "RGBA"),
                       ("jp2", "RGB"), ("sgi", "RGB"),
                       ("icns", "RGBA"), ("xbm", "1"), ("msp", "1"), ("qoi", "RGBA"),
                       ("avif", "RGB")):  # fmt: skip
        buffer = io.BytesIO()
        try:
            colour.convert(mode).save(buffer, Image.registered_extensions()["." + name])
        except (KeyError, OSError, ValueError):  # a format that is not written here
            continue
        found[f"{mode}.{name}"] = buffer.getvalue()
    for kind, image in (("lzw", colour.convert("RGB")), ("deflate", twelve)):
        buffer = io.BytesIO()
        image.save(
            buffer, "TIFF", compression="tiff_" + kind if kind == "lzw" else "tiff_adobe_deflate"
        )
        found[f"{kind}.tiff"] = buffer.getvalue()
    buffer = io.BytesIO()
    Image.fromarray(values[..., 0].astype(np.float32)).save(buffer, "TIFF")
    return {**found, "float.tiff": buffer.getvalue()}


def image_sets() -> dict[str, bytes]:
    """A dozen pictures as ZIP, Parquet and NPZ files."""
    images = np.random.default_rng(2).integers(0, 256, (12, 8, 8), dtype=np.uint8)
    files = []
    for image in images:
        buffer = io.BytesIO()
        Image.fromarray(image).save(buffer, "PNG")
        files.append(buffer.getvalue())
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        for at, content in enumerate(files):
            archive.writestr(f"{'ab'[at % 2]}/{at}.png", content)
    cells = [{"bytes": content, "path": None} for content in files]
    table = pa.table({"image": cells, "label": [at % 2 for at in range(12)]})
    return {
        "a.zip": zipped.getvalue(),
        "b.parquet": parquet(table),
        "c.npz": npz(images=images, labels=np.arange(12) % 2),
    }


def _varint(value: int) -> bytes:
    found = b""
    while value > 0x7F:
        found, value = found + bytes([value & 0x7F | 0x80]), value >> 7
    return found + bytes([value])


def field(number: int, value: bytes | int | float) -> bytes:
    """A field of a protocol buffer: bytes, a varint, or a float as 32 bits."""
    if isinstance(value, bytes):
        return _varint(number << 3 | 2) + _varint(len(value)) + value
    if isinstance(value, float):
        return _varint(number << 3 | 5) + struct.pack("<f", value)
    return _varint(number << 3) + _varint(value)


def event(step: int, value: float) -> bytes:
    """An event of TensorBoard, with a scalar in either form, or with hyperparameters."""
    if step == 0:
        entry = field(1, b"lr") + field(2, _varint(2 << 3 | 1) + struct.pack("<d", 0.1))
        told = field(2, field(1, entry))
        plugin = field(1, b"hparams") + field(2, field(3, field(1, entry) + told))
        tag = field(1, b"_hparams_/session_start_info")
        return field(2, 0) + field(5, field(1, tag + field(9, field(1, plugin))))
    if step % 2:
        number = field(2, value)
    else:
        number = field(8, field(1, 1) + field(2, b"") + field(4, struct.pack("<f", value)))
    return field(2, step) + field(5, field(1, field(1, b"accuracy") + number))


def records(contents: list[bytes]) -> bytes:
    """Contents in the frames of TensorBoard, with their checksums."""
    found = b""
    for content in contents:
        head = struct.pack("<Q", len(content))
        found += head + struct.pack("<I", masked_crc(head)) + content
        found += struct.pack("<I", masked_crc(content))
    return found


def wandb_records() -> list[bytes]:
    """What a run of Weights & Biases tells: its name and settings, a history, a summary."""

    def item(key: str, value: Any) -> bytes:
        return field(1, field(1, key.encode()) + field(16, json.dumps(value).encode()))

    begun = (
        field(1, b"id") + field(4, item("lr", 0.1) + item("net", {"a": 1})) + field(8, b"lstm-1")
    )
    steps = [field(2, item("accuracy", 0.5 + at / 10) + field(2, field(1, at))) for at in range(3)]
    return [field(17, begun), *steps, field(3, item("accuracy", 0.9)), field(5, item("seed", 3))]


def framed(contents: list[bytes]) -> bytes:
    """Contents in the frames of LevelDB, with their checksums."""
    found = b":W&B" + b"\0\0\0"
    for content in contents:
        content = content[:30_000]
        crc = zlib.crc32(content, zlib.crc32(b"\1"))
        found += struct.pack("<IHB", crc, len(content) & 0xFFFF, 1) + content
    return found


TRAINER = json.dumps(
    {
        "global_step": 4,
        "trial_params": {"lr": 0.1},
        "log_history": [
            {"loss": 1.0, "epoch": 0, "step": 1},
            {"accuracy": 0.5, "epoch": 0, "step": 2},
            {"accuracy": 0.75, "epoch": 1, "step": 4},
        ],
    }
).encode()
HPARAMS = b"model: lstm\nseed: 3\noptimizer:\n  lr: 1e-3\nlayers: [1, 2, 3]\n"
METRICS_CSV = b"epoch,step,accuracy,loss\n0,9,0.5,\n0,10,,1.0\n1,19,0.75,\n"
EXPORT = (
    b'"Step","lstm seed=1 - accuracy","lstm seed=1 - accuracy__MIN","lstm seed=1 - accuracy__MAX"\n'
    b'"0","0.5","0.5","0.5"\n"1","0.75","0.75","0.75"\n'
)


def store(top: Path) -> tuple[Path, Store]:
    """A study of claims, and a store with its runs, made up."""
    study = made_up_claims.write(top, [made_up_claims.part()], seeds=4)
    found = Store(top / "store")
    made_up_claims.fill(study, found, first=HIGH, second=LOW, third=[None])
    return study, found


def checkpoints() -> dict[str, bytes]:
    """Two of a training and two of a function."""
    with tempfile.TemporaryDirectory() as made:
        top = Path(made)
        for name in ("training", "function"):
            (top / name).mkdir()
        for step in (10, 20):
            tensors = {"a": torch.ones(3, 2), "b.c": torch.arange(4)}
            write_checkpoint(
                top / "training", Checkpoint(step, tensors, {"epoch": 1, "rng": [1, 2]})
            )
            state = {
                "step": step,
                "x": np.ones(3),
                "y": torch.ones(2),
                "z": (1.5, b"z", {"k": None}),
            }
            content, structures = encode(saved=state)
            write_saved(top / "function", Saved(step, content, structures))
        return folder(top)


def signed(files: Files) -> dict[str, bytes]:
    """The files, with the hashes that they hold of themselves and of others as they fit."""
    found = dict(files)
    for name, content in sorted(files.items()):
        if not name.endswith(".json"):
            continue
        try:
            body = json.loads(content)
        except (ValueError, RecursionError):
            continue
        if not isinstance(body, dict) or "sha256" not in body:
            continue
        for digest, of in _digests(name, files):
            if isinstance(body.get(digest), str):
                body[digest] = of
            elif isinstance(body.get(digest), dict):
                body[digest] = {"bytes": of[1], "sha256": of[0]}
        del body["sha256"]
        try:
            body["sha256"] = json_digest(body)
            found[name] = json.dumps(body).encode()
        except (ValueError, RecursionError, UnicodeEncodeError):
            continue
    return found


def _digests(name: str, files: Files) -> Iterator[tuple[str, Any]]:
    """Of what a JSON file has a hash, by the name of the field."""
    beside = {
        "tensors_sha256": name.removesuffix(".json") + ".safetensors",
        "metrics": name.replace("record.json", "metrics.jsonl"),
        "study_sha256": name.replace("evidence.json", "study.toml"),
    }
    for field, other in beside.items():
        if other != name and other in files:
            digest = hashlib.sha256(files[other]).hexdigest()
            yield field, (digest, len(files[other])) if field == "metrics" else digest
