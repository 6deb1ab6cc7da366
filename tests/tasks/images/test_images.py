"""MNIST and own images: what is read, what is shared, and what is refused."""

import gzip
import hashlib
import io
import multiprocessing as mp
import os
import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from assay.errors import DataError
from assay.tasks.images import load_mnist, mnist, read_image
from tests.tasks.images.made import decode, encoded, fill, load, picture

# MNIST


def test_mnist_is_whole_and_labelled() -> None:
    split = load_mnist()
    assert split.train.images.shape == (60_000, 1, 28, 28)
    assert split.test.images.shape == (10_000, 1, 28, 28)
    assert split.train.images.dtype == np.uint8
    assert np.bincount(split.train.labels).tolist() == [
        5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949
    ]  # fmt: skip
    assert split.train.classes == tuple("0123456789")
    raw = b"".join(
        struct.pack(">4I", 0x803, len(part), 28, 28) + part.images.tobytes()
        for part in (split.train, split.test)
    )
    first = 16 + 60_000 * 784
    assert hashlib.sha256(raw[:first]).hexdigest() == mnist.SHA256["train-images-idx3-ubyte"]
    assert hashlib.sha256(raw[first:]).hexdigest() == mnist.SHA256["t10k-images-idx3-ubyte"]


def test_mnist_is_one_file_for_all_processes(cache: Path) -> None:
    images = load_mnist().train.images
    assert isinstance(images, np.memmap)
    assert Path(str(images.filename)).parent == cache
    load_mnist.cache_clear()
    images[0] = 1  # a copy of its own: the next reader sees the file
    assert load_mnist().train.images[0].max() > 1


def test_an_altered_cache_is_made_anew(cache: Path) -> None:
    load_mnist()
    (path,) = cache.glob("mnist-t10k-*.npy")
    content = bytearray(path.read_bytes())
    content[5_000] ^= 1
    path.write_bytes(bytes(content))
    load_mnist.cache_clear()
    found = hashlib.sha256(load_mnist().test.images.tobytes()).hexdigest()
    assert found in path.name


def test_a_cache_that_cannot_be_written_does_no_harm(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.write_text("a file where the folder should be")
    assert load_mnist().test.images.shape == (10_000, 1, 28, 28)


def _digest(cache: str, found: "mp.Queue[str]") -> None:
    import assay.tasks.images.cache as module

    module.cache_folder = lambda: Path(cache)
    found.put(hashlib.sha256(load_mnist().test.images.tobytes()).hexdigest())


def test_two_processes_at_once_read_the_same(cache: Path) -> None:
    context = mp.get_context("spawn")
    found: mp.Queue[str] = context.Queue()
    both = [context.Process(target=_digest, args=(str(cache), found)) for _ in range(2)]
    for process in both:
        process.start()
    first, second = found.get(timeout=60), found.get(timeout=60)
    for process in both:
        process.join()
    assert first == second
    assert not list(cache.glob("*.tmp"))


@pytest.mark.parametrize("how", ["truncated", "altered", "missing"])
def test_a_damaged_mnist_file_is_named(
    how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "mnist"
    folder.mkdir()
    for name in mnist.SHA256:
        (folder / f"{name}.gz").write_bytes((mnist.FOLDER / f"{name}.gz").read_bytes())
    path = folder / "train-labels-idx1-ubyte.gz"
    if how == "truncated":
        path.write_bytes(path.read_bytes()[:1000])
    elif how == "altered":
        path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())[:-1] + b"\x00"))
    else:
        path.unlink()
    monkeypatch.setattr(mnist, "FOLDER", folder)
    with pytest.raises(DataError, match=r"train-labels-idx1-ubyte\.gz.*install assay again"):
        load_mnist()


# Own images


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 40),
    st.integers(1, 40),
    st.integers(8, 20),
    st.sampled_from(["L", "RGB", "RGBA", "LA", "P", "1", "I;16"]),
    st.sampled_from([1, 3]),
)
def test_every_image_gets_the_form_asked_for(
    height: int, width: int, size: int, mode: str, channels: int
) -> None:
    value = 1 if mode == "1" else 20_000 if mode == "I;16" else 90
    plain = {"LA": (90, 255), "RGBA": (90, 90, 90, 255), "RGB": (90, 90, 90)}
    made = Image.new(mode, (width, height), plain.get(mode, value))
    buffer = io.BytesIO()
    made.save(buffer, "PNG")
    found = decode(buffer.getvalue(), size, channels, "x")  # type: ignore[arg-type]
    assert found.shape == (channels, size, size)
    assert found.dtype == np.uint8
    assert len(np.unique(found)) == 1  # one colour stays one colour
    if mode != "P":  # whose 90 is the number of a colour
        expected = {"1": 255, "I;16": round(20_000 / 65_535 * 255)}.get(mode, 90)
        assert abs(int(found[0, 0, 0]) - expected) <= 1


def test_images_are_scaled_by_the_shorter_side_and_cropped_at_the_centre() -> None:
    wide = np.zeros((10, 30), np.uint8)
    wide[:, 10:20] = 200
    found = decode(encoded(wide), 10, 1, "x")
    assert (found == 200).all()
    tall = decode(encoded(np.repeat(np.repeat(wide.T, 2, 0), 2, 1)), 10, 1, "x")
    assert tall[0, 2:8].min() > 190


def test_transparent_pixels_are_black_and_cameras_orientation_is_respected() -> None:
    clear = np.zeros((8, 8, 4), np.uint8)
    clear[..., :3] = 255
    assert decode(encoded(clear), 8, 3, "x").max() == 0
    half = np.zeros((8, 16), np.uint8)
    half[:, :8] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    turned = decode(encoded(half, "JPEG", quality=100, exif=exif), 8, 1, "x")
    assert turned[0, 0].min() > 200 > 50 > turned[0, -1].max()


def test_a_folder_is_read_and_split(tmp_path: Path) -> None:
    folder = fill(tmp_path / "f", 20)
    (folder / "notes.txt").write_text("not an image")
    (folder / ".hidden.png").write_text("nor this")
    split = load(folder)
    assert (len(split.train), len(split.test)) == (18, 2)
    assert split.train.labels is None
    both = np.concatenate([split.train.images, split.test.images])
    expected = [decode((folder / f"{n:02d}.png").read_bytes(), 8, 1, "") for n in range(20)]
    assert sorted(image.tobytes() for image in both) == sorted(e.tobytes() for e in expected)


def test_sub_folders_are_classes(tmp_path: Path) -> None:
    for name in ("10", "9", "cat"):
        fill(tmp_path / "f" / name, 5)
    split = load(tmp_path / "f")
    assert split.train.classes == ("9", "10", "cat")
    assert split.train.labels is not None
    assert set(split.train.labels.tolist()) == {0, 1, 2}
    fill(tmp_path / "f", 1)
    assert load(tmp_path / "f").train.classes == ()


def test_the_same_images_from_a_zip_a_parquet_and_an_npz_file(tmp_path: Path) -> None:
    arrays = [picture(number, 8, 8, colour=True) for number in range(12)]
    labels = [number % 2 for number in range(12)]
    folder = tmp_path / "folder"
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("__MACOSX/1/x.png", "junk")
        for number, (array, label) in enumerate(zip(arrays, labels, strict=True)):
            archive.writestr(f"{label}/{number:02d}.png", encoded(array))
            (folder / str(label)).mkdir(parents=True, exist_ok=True)
            (folder / str(label) / f"{number:02d}.png").write_bytes(encoded(array))
    order = sorted(range(12), key=lambda number: (labels[number], number))
    cells = [encoded(arrays[n]) for n in order]
    chosen = [labels[n] for n in order]
    pq.write_table(pa.table({"image": cells, "label": chosen}), tmp_path / "a.parquet")
    boxed = [{"bytes": cell, "path": None} for cell in cells]
    pq.write_table(pa.table({"image": boxed, "label": chosen}), tmp_path / "b.parquet")
    stacked = np.stack([arrays[n] for n in order])
    np.savez(tmp_path / "a.npz", images=stacked, labels=chosen)
    np.savez(tmp_path / "b.npz", images=stacked.transpose(0, 3, 1, 2), labels=chosen)
    first = load(folder, channels=3)
    for name in ("a.zip", "a.parquet", "b.parquet", "a.npz", "b.npz"):
        other = load(tmp_path / name, channels=3)
        np.testing.assert_array_equal(other.train.images, first.train.images, name)
        np.testing.assert_array_equal(other.train.labels, first.train.labels, name)
        assert other.train.classes == ("0", "1")


def bomb() -> bytes:
    """A PNG of a hundred bytes whose header claims 4 gigapixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        checked = kind + body
        return struct.pack(">I", len(body)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">2I5B", 65_000, 65_000, 8, 0, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(b"\0" * 50))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (encoded(picture(0, 40, 40))[:200], "no readable image"),
        (b"just text", "no known format"),
        (b"", "no known format"),
        (bomb(), "pixels"),
    ],
    ids=["truncated", "text", "empty", "bomb"],
)
def test_an_unreadable_image_is_refused_or_left_out(
    tmp_path: Path, content: bytes, message: str
) -> None:
    folder = fill(tmp_path / "f", 15)
    (folder / "bad.png").write_bytes(content)
    with pytest.raises(DataError, match=message) as error:
        load(folder)
    assert "bad.png" in str(error.value)
    assert "unreadable = 'skip'" in str(error.value)
    split = load(folder, "skip")
    assert len(split.train) + len(split.test) == 15
    assert len(split.notices) == 1
    assert "bad.png" in split.notices[0]


def test_many_unreadable_images_are_counted(tmp_path: Path) -> None:
    folder = fill(tmp_path / "f", 15)
    for number in range(9):
        (folder / f"bad{number}.png").write_text("x")
    notices = load(folder, "skip").notices
    assert len(notices) == 6
    assert "4 more" in notices[-1]


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda p: p.mkdir(), "holds no image: 10 or more are needed"),
        (lambda p: fill(p, 9), "holds 9 readable images: 10 or more are needed"),
        (lambda p: p.with_suffix(".zip").write_text("no zip"), "no readable ZIP file"),
        (lambda p: p.with_suffix(".txt").write_text("x"), "allowed are a folder, or a file .zip"),
        (lambda p: p.with_suffix(".parquet").write_text("x"), "no readable Parquet file"),
        (
            lambda p: pq.write_table(pa.table({"picture": [b"x"] * 10}), p.with_suffix(".parquet")),
            "one column 'image' is needed",
        ),
        (
            lambda p: pq.write_table(pa.table({"image": [1.5] * 10}), p.with_suffix(".parquet")),
            "should hold the bytes of an image file",
        ),
        (
            lambda p: np.savez(p.with_suffix(".npz"), images=np.zeros((12, 8, 8))),
            "has type float64: allowed is uint8",
        ),
        (lambda p: np.savez(p.with_suffix(".npz"), pixels=1), "one 'images' is needed"),
        (
            lambda p: np.savez(p.with_suffix(".npz"), images=np.zeros((12, 8), np.uint8)),
            "has shape (12, 8)",
        ),
        (
            lambda p: np.savez(
                p.with_suffix(".npz"), images=np.zeros((12, 8, 8), np.uint8), labels=[1, 2]
            ),
            "'labels' should have one entry",
        ),
        (
            lambda p: np.savez(p.with_suffix(".npz"), images=np.array([{}], dtype=object)),
            "not a readable NPZ file of plain arrays",
        ),
    ],
)
def test_a_wrong_source_is_told_in_one_sentence(tmp_path: Path, write, message: str) -> None:
    write(tmp_path / "f")
    (path,) = (item for item in tmp_path.iterdir() if item.name != "cache")
    with pytest.raises(DataError) as error:
        load(path)
    assert message in str(error.value)
    assert str(path) in str(error.value)


def test_an_image_of_another_size_is_refused_and_colour_made_gray(tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(encoded(picture(0, 28, 28, colour=True)))
    assert read_image(path, (1, 28, 28)).shape == (1, 28, 28)
    with pytest.raises(DataError, match="is 28 x 28 pixels: needed are 32 x 30"):
        read_image(path, (1, 30, 32))
    with pytest.raises(DataError, match="cannot be read"):
        read_image(tmp_path / "none.png", (1, 28, 28))


def test_what_was_not_used_for_a_month_goes(tmp_path: Path, cache: Path) -> None:
    import time

    load(fill(tmp_path / "a", 12))
    (old,) = cache.glob("*.npy")
    os.utime(old, (0, time.time() - 40 * 24 * 3600))
    load(fill(tmp_path / "b", 13))
    assert not old.exists()
    assert len(list(cache.glob("*.npy"))) == 1
