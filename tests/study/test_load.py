"""Study files as people's programs save them, and those that would never end."""

import re
from pathlib import Path

import pytest

from assay.errors import AssayError, ConfigError
from assay.study import load_study

TEXT = 'title = "naïve"\r\n[experiments.a]\r\ncell = "rnn"\r\nlength = 5\r\n'


def written(folder: Path, content: bytes) -> str:
    path = folder / "study.toml"
    path.write_bytes(content)
    return str(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_mark_at_the_beginning_says_nothing(tmp_path: Path, encoding: str) -> None:
    study = load_study(written(tmp_path, TEXT.encode(encoding)))
    assert study.file.title == "naïve"
    assert len(study.arms("full")) == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (TEXT.encode("utf-16"), "study.toml: is UTF-16: save it as UTF-8"),
        (TEXT.encode("utf-16-le"), "as UTF-16 and binary files do: save it as UTF-8"),
        (TEXT.encode("latin-1"), "study.toml, line 1: is not UTF-8, Latin-1 perhaps"),
        (b"title = ", "study.toml is not TOML: "),
        (b"epochs = " + b"9" * 5_000, "study.toml is not TOML: "),
        (b"source = " + b"[" * 20_000 + b"]" * 20_000, "not TOML: it is nested too deeply"),
        (b"title = " + b"[" * 200 + b"]" * 200 + TEXT[15:].encode(), "title = "),
        (TEXT.encode() + b"grid = { epochs = [" + b"1," * 10_001 + b"] }", "make 10,001 arms"),
        (
            TEXT.encode() + b"grid = { " + b", ".join(
                name + b" = [" + b"9," * 200 + b"]"
                for name in (b"epochs", b"length", b"hidden_size", b"batch_size")
            ) + b" }",
            "make 1,600,000,000 arms: should be 10,000 or fewer",
        ),
        (
            TEXT.encode() + b"".join(
                b"[experiments.e%d]\ngrid = { epochs = [" % number + b"1," * 900 + b"] }\n"
                for number in range(12)
            ),
            "make 10,801 arms",
        ),
        (
            TEXT.encode()
            + b"grid = { epochs = [" + b",".join(b"%d" % (n + 1) for n in range(120))
            + b"] }\n[profiles.all]\nseeds = 10_000\n",
            "profiles.all: 1,200,000 runs: should be 1,000,000 or fewer",
        ),
        (TEXT.encode() + b"epochs = 1_000_000_000_000_000_000\n", "or equal to 1000000000"),
        (
            b'title = "t"\n[experiments.a]\nkind = "gan"\nepochs = 1_000_000_000_000_000_000\n',
            "less than or equal to 1000000000",
        ),
        (TEXT.encode() + b"batch_size = 1_000_000_000_000_000_000\n", "batch_size = 1000000000"),
    ],
)  # fmt: skip
def test_what_cannot_be_planned_is_one_sentence(
    tmp_path: Path, content: bytes, message: str
) -> None:
    with pytest.raises(AssayError, match=re.escape(message)) as error:
        load_study(written(tmp_path, content))
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 1_000


def test_passes_that_would_never_end_are_counted_over_the_examples(tmp_path: Path) -> None:
    study = load_study(written(tmp_path, TEXT.encode() + b"epochs = 1_000_000_000\n"))
    (arm,) = study.arms("full")
    with pytest.raises(ConfigError, match=r"epochs = 1,000,000,000: over 80,000 training examples"):
        arm.config.updates_over(80_000)  # type: ignore[attr-defined]
