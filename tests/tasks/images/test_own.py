"""Own images as people have them: nothing changes or vanishes without a word."""

import hashlib
import os
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from assay.errors import DataError
from assay.plugins import fingerprint
from assay.readers.files import read_table
from assay.tasks.files import read_sequences
from assay.tasks.images import ImageSplit, load_images
from assay.tasks.images.decode import Form
from assay.tasks.npz import read_npz
from tests.tasks.images.made import decode, encoded, fill, load, picture


def named(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    seed = int.from_bytes(hashlib.sha256(str(path).encode()).digest()[:4], "big")
    path.write_bytes(encoded(picture(seed)))


def load_as(path: Path, form: Form) -> ImageSplit:
    rng = np.random.default_rng(0)
    return load_images(path, path.name, form, "refuse", rng)


def both(split: ImageSplit) -> np.ndarray:
    return np.concatenate([split.train.images, split.test.images])


@pytest.mark.parametrize("copies", [1, 2, 5])
def test_copies_of_an_image_are_on_one_side(tmp_path: Path, copies: int) -> None:
    for number in range(20):
        for copy in range(copies):
            path = tmp_path / "f" / f"{number:02d} ({copy}).{('png', 'bmp')[copy % 2]}"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(encoded(picture(number), path.suffix[1:].upper()))
    split = load(tmp_path / "f")
    train, test = ({image.tobytes() for image in part.images} for part in (split.train, split.test))
    assert (len(train), len(test)) == (18, 2)
    assert not train & test
    assert len(split.train) + len(split.test) == 20 * copies
    told = [text for text in split.notices if "are copies of another" in text]
    assert [text.split()[0] for text in told] == [str(20 * (copies - 1))] * (copies > 1)


def test_a_split_without_copies_is_the_one_that_runs_were_trained_on(tmp_path: Path) -> None:
    split = load(fill(tmp_path / "f", 30))
    order = np.random.default_rng(0).permutation(30)
    expected = [decode(encoded(picture(n)), 8, 1, "") for n in np.sort(order[:3])]
    np.testing.assert_array_equal(split.test.images, expected)


def drawing(number: int, level: int) -> bytes:
    """A drawing of one gray level on transparent ground."""
    pixels = np.full((12, 12, 4), level, np.uint8)
    pixels[..., 3] = np.random.default_rng(number).integers(0, 2, (12, 12)) * 255
    return encoded(pixels)


@pytest.mark.parametrize(
    ("level", "ground", "others"),
    [
        (0, "black", "'white' or 'gray'"),
        (255, "white", "'black' or 'gray'"),
        (128, "gray", "'black' or 'white'"),
    ],
)
def test_drawings_that_cannot_be_told_from_their_ground_are_refused(
    tmp_path: Path, level: int, ground: str, others: str
) -> None:
    for number in range(14):
        path = tmp_path / "f" / f"{number:02d}.png"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(drawing(number, level))
    with pytest.raises(DataError, match=f"of 14 images .* ground = '{ground}'.*ground = {others}"):
        load_as(tmp_path / "f", Form(8, 1, ground))  # type: ignore[arg-type]
    seen = load_as(tmp_path / "f", Form(8, 1, "gray" if ground != "gray" else "white"))
    assert len(np.unique(both(seen), axis=0)) == 14
    assert "14 of 14 images have transparent parts" in seen.notices[0]


def test_a_few_lost_drawings_are_named(tmp_path: Path) -> None:
    for number in range(20):
        path = tmp_path / "f" / f"{number:02d}.png"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(drawing(number, 0 if number == 7 else 200))
    notices = load(tmp_path / "f").notices
    assert any(
        "what 1 of them show cannot be seen" in text and "07.png" in text for text in notices
    )


@pytest.mark.parametrize(
    ("values", "message", "ends"),
    [
        (lambda x: (x * 4095).astype(np.uint16), r"from \d+ to \d+, .* \[0, 4095\]", (0, 4095)),
        (lambda x: (x * 16383).astype(np.uint16), r"\[0, 16383\]", (0, 16383)),
        (lambda x: (x * 255).astype(np.int32), r"\[0, 255\]", (0, 255)),
        (lambda x: (x * 2_000_000).astype(np.int32), "2097151", (0, 2_000_000)),
        (lambda x: (x * 255).astype(np.float32), r"floats go from .* \[0, 255\]", (0, 255)),
        (lambda x: (2 * x - 1).astype(np.float32), "go from -", (-1, 1)),
        (lambda x: (x * 0.01).astype(np.float32), "where black is 0 and white 1", (0, 0.01)),
        (lambda x: (x * 3.99).astype(np.uint8), r"8 bits go from 0 to 3.* \[0, 3\]", (0, 3)),
    ],
    ids=["12 bits", "14 bits", "int32", "large", "float 255", "negative", "small", "mask"],
)  # fmt: skip
def test_a_range_that_is_not_the_formats_is_refused_until_it_is_said(
    tmp_path: Path, values, message: str, ends: tuple[float, float]
) -> None:
    folder = tmp_path / "f"
    folder.mkdir()
    for number in range(12):
        exact = np.random.default_rng(number).random((16, 16))
        exact[0, :2] = 0, 1
        Image.fromarray(values(exact)).save(folder / f"{number:02d}.tif")
    with pytest.raises(DataError, match=message) as error:
        load(folder)
    assert "say what is black and what is white, such as values = [" in str(error.value)
    found = both(load_as(folder, Form(16, 1, "black", ends)))
    assert (found.min(), found.max()) == (0, 255)
    assert len(np.unique(found, axis=0)) == 12


def test_sixteen_bits_that_are_used_are_read_as_ever(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    folder.mkdir()
    for number in range(12):
        exact = np.random.default_rng(number).integers(0, 65_536, (8, 8)).astype(np.uint16)
        Image.fromarray(exact).save(folder / f"{number:02d}.png")
    exact = np.random.default_rng(3).integers(0, 65_536, (8, 8))
    found = both(load(folder))
    assert (exact / 257).round().astype(np.uint8).tobytes() in {each.tobytes() for each in found}


def test_values_that_are_not_finite_are_refused(tmp_path: Path) -> None:
    folder = fill(tmp_path / "f")
    Image.fromarray(np.full((9, 9), np.nan, np.float32)).save(folder / "nan.tif")
    with pytest.raises(DataError, match=r"nan\.tif is no readable image: .* not finite"):
        load(folder)


def test_images_that_are_all_one_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number}.png").write_bytes(encoded(picture(1)))
    with pytest.raises(DataError, match="all 12 images are the same at 8 x 8 pixels"):
        load(folder)


def pets(tops: tuple[str, ...], count: int) -> list[str]:
    return [f"{top}{name}/{n}.png" for top in tops for name in ("cat", "dog") for n in range(count)]


DEEP = [f"{name}/{n}/x.png" for name in ("cat", "dog") for n in range(6)]
LAYOUTS: dict[str, tuple[list[str], tuple[str, ...], str]] = {
    "parts": (pets(("train/", "test/"), 4), ("cat", "dog"), ""),
    "one on top": (pets(("pets/",), 6), ("cat", "dog"), ""),
    "both": (pets(("a/b/Train/", "a/b/VAL/"), 4), ("cat", "dog"), ""),
    "none": ([f"{n}.png" for n in range(12)], (), "they all lie in one folder"),
    "one": ([f"pets/{n}.png" for n in range(12)], (), "they all lie in one folder"),
    "deeper": (DEEP, (), "folders within folders, such as "),
    "stray": ([*pets(("",), 6), "stray.png"], (), "no folder of a class, such as stray.png"),
}


@pytest.mark.parametrize(("files", "classes", "why"), LAYOUTS.values(), ids=LAYOUTS.keys())
@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
def test_the_folder_that_holds_an_image_is_its_class(
    tmp_path: Path, files: list[str], classes: tuple[str, ...], why: str, packed: bool
) -> None:
    for file in files:
        named(tmp_path / "f" / file)
    path = tmp_path / "f"
    if packed:
        path = tmp_path / "f.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for file in files:
                archive.write(tmp_path / "f" / file, file)
    split = load(path)
    assert split.train.classes == classes
    assert why in split.unclassed
    assert bool(split.unclassed) == (not classes)
    assert split.classes_counted.startswith(f"{len(classes)}")


def test_labels_that_are_whole_numbers_written_as_floats_are_numbers(tmp_path: Path) -> None:
    arrays = np.stack([picture(number, 8, 8) for number in range(24)])
    labels = np.arange(24) % 12
    np.savez(tmp_path / "a.npz", images=arrays, labels=labels.astype(np.float64))
    split = load(tmp_path / "a.npz")
    assert split.train.classes == tuple(map(str, range(12)))
    cells = [encoded(array) for array in arrays]
    pq.write_table(
        pa.table({"image": cells, "label": [*labels[:-1].tolist(), None]}), tmp_path / "a.parquet"
    )
    split = load(tmp_path / "a.parquet")
    assert split.unclassed == "the label of image 24 is missing"


def test_what_is_passed_over_is_named(tmp_path: Path) -> None:
    folder = fill(tmp_path / "f", 12)
    (folder / "a.heic").write_bytes(b"x")
    (folder / "b.heic").write_bytes(b"x")
    (folder / "notes.txt").write_text("x")
    (folder / "Thumbs.db").write_text("x")
    (folder / ".hidden").write_text("x")
    (folder / "broken.png").symlink_to(tmp_path / "nothing.png")
    fill(tmp_path / "elsewhere", 1)
    (folder / "linked").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "out.png").write_bytes(encoded(picture(99)))
    (folder / "out.png").symlink_to(tmp_path / "out.png")
    frames = [Image.fromarray(picture(number)) for number in (70, 71)]
    frames[0].save(folder / "film.gif", save_all=True, append_images=frames[1:])
    split = load_as(folder, Form(8, 1))
    assert len(split.train) + len(split.test) == 14
    told = "\n".join(split.notices)
    assert "passed over: 3 files not read as images: .heic (2), .txt (1), such as a.heic" in told
    assert "passed over: 1 name with no file behind, such as broken.png" in told
    assert "passed over: 1 link to folders, such as linked" in told
    assert "1 image is a link to files outside f, such as out.png" in told
    assert "1 of 14 images hold more than one image, such as" in told
    assert len(split.notices) == 5
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "a.heic").write_bytes(b"x")
    with pytest.raises(DataError, match=r"holds no image.*passed over: 1 file .*\.heic"):
        load(empty)


def test_colours_and_ends_that_are_left_out_are_named(tmp_path: Path) -> None:
    folder = fill(tmp_path / "f", 12)
    (folder / "colour.png").write_bytes(encoded(picture(40, colour=True)))
    gray = np.repeat(picture(41)[..., None], 3, axis=2)
    (folder / "gray.png").write_bytes(encoded(gray))
    (folder / "wide.png").write_bytes(encoded(picture(42, 8, 17)))
    colours, ends = load(folder).notices
    assert "1 of 15 images have colours, such as" in colours
    assert "colour.png: they are read as gray, and channels = 3 keeps" in colours
    assert "1 of 15 images are more than twice as long as wide, such as" in ends
    (only,) = load(folder, channels=3).notices
    assert only == ends


def test_no_image_starts_a_program(tmp_path: Path) -> None:
    folder = fill(tmp_path / "f", 12)
    Image.fromarray(picture(1)).save(tmp_path / "a.eps")
    (folder / "eps.png").write_bytes((tmp_path / "a.eps").read_bytes())
    with pytest.raises(DataError, match=r"eps\.png is no readable image: no known format"):
        load(folder)


def test_an_image_too_thin_to_be_scaled_is_refused(tmp_path: Path) -> None:
    folder = fill(tmp_path / "f", 15)
    (folder / "thin.png").write_bytes(encoded(np.zeros((2_000_000, 1), np.uint8)))
    with pytest.raises(DataError, match=r"thin\.png is 1 x 2000000 pixels: too thin"):
        load(folder)
    assert "thin.png" in load(folder, "skip").notices[0]


@pytest.mark.parametrize("where", ["folder", "zip"])
def test_a_file_larger_than_any_image_is_not_read(
    tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = fill(tmp_path / "f", 12)
    monkeypatch.setattr("assay.tasks.images.sources.MOST_BYTES", 20)
    path = folder
    if where == "zip":
        path = tmp_path / "f.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for file in folder.iterdir():
                archive.write(file, file.name)
    with pytest.raises(DataError, match=r"00\.png .* bytes: allowed"):
        load(path)


def test_a_name_that_is_not_utf8_is_read_and_told(tmp_path: Path) -> None:
    folder = fill(tmp_path / "f", 11)
    name = os.fsencode(folder) + b"/caf\xe9.png"
    Path(os.fsdecode(name)).write_bytes(encoded(picture(50)))
    assert len(fingerprint(folder)) == 64
    assert len(both(load(folder))) == 12
    Path(os.fsdecode(name)).write_bytes(b"x")
    with pytest.raises(DataError, match=r"caf\\xe9\.png is no readable image"):
        load_as(folder, Form(9, 1))


def damaged_npz(path: Path, how: str) -> None:
    images = np.stack([picture(number, 8, 8) for number in range(12)])
    (np.savez_compressed if how == "deflate" else np.savez)(path, images=images)
    content = bytearray(path.read_bytes())
    start = content.index(b"images.npy") + len("images.npy")
    if how == "deflate":
        content[start + 60 : start + 90] = b"\xff" * 30
    elif how == "encrypted":
        for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            content[content.index(mark) + at] |= 1
    elif how == "method 99":
        for mark, at in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
            content[content.index(mark) + at] = 99
    elif how == "rows":
        content = bytearray(
            bytes(content).replace(b"(12, 8, 8), ", b"(999999999999, 8, 8), "[:12], 1)
        )
    path.write_bytes(bytes(content))


@pytest.mark.parametrize("how", ["deflate", "encrypted", "method 99", "rows"])
def test_a_damaged_or_hostile_npz_is_one_sentence(tmp_path: Path, how: str) -> None:
    damaged_npz(tmp_path / "a.npz", how)
    with pytest.raises(DataError, match=r"a\.npz: not a readable NPZ file of plain arrays \("):
        load(tmp_path / "a.npz")


def test_an_npz_that_unpacks_to_too_much_is_refused_by_what_it_declares(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    np.savez_compressed(tmp_path / "a.npz", images=np.zeros((100, 64, 64), np.uint8))
    with pytest.raises(DataError, match=r"unpack to 409,.* bytes: allowed are 1,000"):
        read_npz(tmp_path / "a.npz", "a.npz", ["images"], most=1_000)


def test_a_member_of_a_zip_without_a_name_is_none(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo(""), b"x")
    with pytest.raises(DataError, match="holds no image"):
        load(path)


def test_a_parquet_file_that_unpacks_to_too_much_is_refused_by_what_it_declares(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assay.readers.parquet.MOST_VALUES", 1_000)
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"image": [b""] * 1_001}), path)
    message = "it unpacks to 1,001 values: allowed are 1,000"
    for read in (load, read_sequences, lambda path: read_table(str(path))):
        with pytest.raises(DataError, match=message):
            read(path)
