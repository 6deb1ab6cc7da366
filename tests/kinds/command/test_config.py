"""What a study may say of a command, and what it is told where it may not."""

import pytest

from assay.config import load_config
from assay.errors import ConfigError
from assay.kinds.command.config import CommandConfig

LINE = "python train.py --lr {learning_rate} --seed {seed} --out {folder}"


def config(**settings: object) -> CommandConfig:
    return CommandConfig(
        **{"command": LINE, "metrics": "m.jsonl", "learning_rate": 0.1, **settings}
    )


def test_settings_of_other_names_are_values() -> None:
    assert config().values == {"learning_rate": 0.1}
    assert config() == CommandConfig(command=LINE, metrics="m.jsonl", values={"learning_rate": 0.1})
    assert load_config(config().model_dump(), "a file") == config()


def test_the_line_is_split_before_values_are_put_in() -> None:
    made = CommandConfig(command="echo --name={name} '{{x}}'", pattern="a {b}", name="a b; rm *")
    assert made.arguments({}, "py") == ["echo", "--name=a b; rm *", "{x}"]


def test_a_shell_is_given_quoted_values() -> None:
    made = CommandConfig(command="echo {name} | cat", pattern="a {b}", name="x; rm", shell=True)
    assert made.arguments({}, "py") == ["/bin/sh", "-c", "echo 'x; rm' | cat"]


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({}, ["PY", "train.py"]),
        ({"python": "venv/bin/python"}, ["venv/bin/python", "train.py"]),
        ({"prefix": "uv run"}, ["uv", "run", "python", "train.py"]),
        ({"prefix": "nice -n {n}", "n": 5}, ["nice", "-n", "5", "python", "train.py"]),
    ],
)
def test_which_python_and_what_before_it(settings: dict[str, object], line: list[str]) -> None:
    made = CommandConfig(command="python train.py", metrics="m", **settings)
    assert made.arguments({}, "PY") == line


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"learning_rat": 0.1}, "learning_rat is no setting of a command"),
        ({"seeds": 3}, r"how many seeds there are a profile says: \[profiles.full\]"),
        ({"patern": "x {y}"}, r"patern is no setting of a command \(did you mean pattern\?\)"),
        ({"command": "python train.py {lr}"}, r"\{lr\} in 'python train.py \{lr\}' has no value"),
        ({"command": LINE + " {data}"}, r"\{data\} in .* has no value"),
        ({"command": "echo {"}, "a brace itself is written twice"),
        ({"command": "echo '"}, "no closing quotation"),
        ({"command": " "}, "should be a command line"),
        ({"metrics": None}, "metrics or pattern is missing"),
        ({"pattern": "no name"}, "names none"),
        ({"pattern": ["{a}{b}"]}, "something between two names"),
        ({"memory_limit": "much"}, "an amount of memory, such as 4 GB"),
        ({"updates": "epochs"}, "a value that is a whole number"),
        ({"updates": 0}, "should be 1 or more"),
        ({"time_limit": 0.0}, "greater than 0"),
        ({"values": {"seed": 3}, "learning_rate": 1}, "given by assay: rename the value"),
        ({"learning_rate": [1, 2]}, "learning_rate"),
    ],
)
def test_a_slip_is_one_sentence(settings: dict[str, object], told: str) -> None:
    with pytest.raises(ConfigError, match=told) as caught:
        config(**settings)
    assert "\n" not in str(caught.value)


def test_limits_make_no_other_run_and_values_do() -> None:
    assert config(time_limit=3.0, memory_limit="1 GB", updates=7).run_id == config().run_id
    assert config(learning_rate=0.2).run_id != config().run_id
    assert config(env={"A": "1"}).run_id != config().run_id


def test_the_files_that_a_line_names() -> None:
    made = CommandConfig(
        command="python -m pkg.train --config=a.yaml ./b.txt {script} {folder}",
        metrics="m",
        sources=["lib/*.py"],
        script="c.py",
    )
    there = {"pkg/train.py", "a.yaml", "b.txt", "c.py"}
    assert made.scripts(there.__contains__) == sorted({*there, "lib/*.py"})


def test_a_long_line_is_told_by_its_beginning_its_values_and_its_id() -> None:
    short = config(command="python fit.py {learning_rate} {seed}")
    assert short.label == "python fit.py 0.1 0"
    line = f"{LINE} --batch-size 64 --steps 2000 --device cpu"
    runs = [config(command=line + end, seed=3) for end in ("", " --dropout 0.2")]
    told = f"python train.py --lr 0.1 … learning_rate=0.1 seed=3 {runs[0].run_id[:8]}"
    assert runs[0].label == told
    assert len({run.label for run in runs}) == 2
