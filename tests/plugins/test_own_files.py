"""The fingerprint of a folder of images covers the files that are read as images."""

import hashlib
from pathlib import Path

import pytest

from assay.plugins import fingerprint


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    for name in ("a/1.png", "a/2.JPG", "b/3.webp", "4.tiff"):
        path = tmp_path / "pics" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path / "pics"


def test_it_is_over_names_and_contents_in_order(pictures: Path) -> None:
    lines = [
        f"{name}\0{hashlib.sha256(name.encode()).hexdigest()}\n"
        for name in ("4.tiff", "a/1.png", "a/2.JPG", "b/3.webp")
    ]
    assert fingerprint(pictures) == hashlib.sha256("".join(lines).encode()).hexdigest()


@pytest.mark.parametrize(
    "name",
    [
        ".DS_Store",
        "a/.DS_Store",
        "Thumbs.db",
        "a/desktop.ini",
        ".ipynb_checkpoints/1-checkpoint.png",
        "a/.ipynb_checkpoints/1-checkpoint.png",
        "__MACOSX/a/._1.png",
        "a/._1.png",
        "notes.txt",
        "a/labels.csv",
        ".git/objects/1.png",
    ],
)
def test_what_other_programs_leave_changes_nothing(pictures: Path, name: str) -> None:
    before = fingerprint(pictures)
    path = pictures / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("Bud1")
    assert fingerprint(pictures) == before


def test_a_picture_more_another_name_or_other_content_do(pictures: Path) -> None:
    seen = {fingerprint(pictures)}
    (pictures / "a/5.png").write_text("5")
    seen.add(fingerprint(pictures))
    (pictures / "a/5.png").rename(pictures / "b/5.png")
    seen.add(fingerprint(pictures))
    (pictures / "b/5.png").write_text("6")
    seen.add(fingerprint(pictures))
    assert len(seen) == 4
