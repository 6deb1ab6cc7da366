"""Commands are quoted as a shell needs them."""

import shlex

import pytest

from assay.shell import command, flag


def test_words_and_options_survive_a_shell() -> None:
    text = command(
        "run", "two words.toml", only="fig*", store="it's", multiverse=True, profile=None
    )
    assert shlex.split(text) == [
        *("assay", "run", "two words.toml", "--only", "fig*", "--store", "it's", "--multiverse")
    ]
    assert command("plan", "-x.toml", multiverse=False) == "assay plan ./-x.toml"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, ["--is-told"]),
        (False, ["--no-is-told"]),
        ("a b", ["--is-told", "a b"]),
        ("-0.5", ["--is-told=-0.5"]),
    ],
)
def test_a_flag_and_its_value(value: str | bool, words: list[str]) -> None:
    assert flag("is_told", value) == words


def test_an_option_with_several_values_is_given_as_often() -> None:
    shown = command("run", "my.toml", track=["tensorboard:a b", "mlflow:http://x"])
    assert shown == "assay run my.toml --track 'tensorboard:a b' --track mlflow:http://x"
    assert command("run", "my.toml", track=[]) == "assay run my.toml"
