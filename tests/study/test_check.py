"""What a study asks that its runs cannot answer is refused when it is loaded, in one sentence."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assay.claims.universes import multiverses
from assay.errors import AssayError
from assay.study import StudyPlan, load_study

STUDY = """
title = "t"
[defaults.memory]
length = 6
hidden_size = 8
updates = 1_000
[defaults.gan]
updates = 2_000
[experiments.cells]
grid = { cell = ["gru", "rnn"] }
[experiments.epochs]
data_size = 1_000
epochs = 5
[experiments.gan]
kind = "gan"
grid = { network = ["mlp", "dcgan"] }
[experiments.told]
kind = "gan"
conditional = true
[experiments.digits]
kind = "classifier"
epochs = 1
[profiles.quick]
seeds = 2
[profiles.full]
seeds = 6
"""

PART: dict[str, Any] = {
    "sentence": '"p"',
    "metric": '"final_accuracy"',
    "test": '"greater"',
    "of": '{ experiment = "cells", cell = "gru" }',
    "against": '{ experiment = "cells", cell = "rnn" }',
    "margin": "0.01",
    "unit": '"u"',
}
ONE = {"test": '"above"', "against": None, "threshold": "0.5"}
GAN = {
    "of": '{ experiment = "gan", network = "mlp" }',
    "against": '{ experiment = "gan", network = "dcgan" }',
    "metric": '"frechet"',
}
GRADIENT = {"metric": '"gradient_change"'}


def load(folder: Path, text: str = STUDY, **part: str | None) -> StudyPlan:
    """A study with one claim of one part; a key of None is left out."""
    lines = [f"{key} = {value}" for key, value in {**PART, **part}.items() if value is not None]
    claim = '[[claims]]\nid = "C"\nsentence = "s"\n[[claims.parts]]\n'
    path = folder / "own.toml"
    path.write_text(text + claim + "\n".join(lines) + "\n", encoding="utf-8")
    return load_study(str(path))


def refused(folder: Path, text: str = STUDY, **part: str | None) -> str:
    with pytest.raises(AssayError) as error:
        load(folder, text, **part)
    message = str(error.value)
    assert "own.toml" in message
    assert "\n" not in message
    assert error.value.exit_code == 2
    return message


METRICS = {
    "a generator's of networks": (
        {"metric": '"frechet"'},
        "claim C: metric = 'frechet' is of kind 'gan', and cells[cell=gru] is of kind 'memory', "
        "whose metrics are best_accuracy, ",
    ),
    "a network's of a generator": (
        {**GAN, "metric": '"final_accuracy"'},
        "metric = 'final_accuracy' is of kind 'memory' and 'classifier', and gan[network=mlp] is",
    ),
    "a recurrent network's of a classifier": (
        {**ONE, "metric": '"clipped_share"', "of": '{ experiment = "digits" }'},
        "metric = 'clipped_share' is of kind 'memory', and digits is of kind 'classifier'",
    ),
    "of the second arm's kind not": (
        {"against": '{ experiment = "gan", network = "mlp" }'},
        "and gan[network=mlp] is of kind 'gan'",
    ),
    "one that nobody has": ({"metric": '"speed"'}, "metric = 'speed' is unknown: allowed are best"),
    "what is not logged": (
        {"metric": '"validation.f1"'},
        "metric = 'validation.f1' is unknown: allowed are best_accuracy",
    ),
    "what a conditional generator does not measure": (
        {**ONE, "metric": '"copies"', "of": '{ experiment = "told" }'},
        "metric = 'copies' reads passage.copies, which told does not log: it logs training.gener",
    ),
}


@pytest.mark.parametrize(("part", "message"), METRICS.values(), ids=METRICS.keys())
def test_a_metric_is_of_the_kind_that_it_is_read_of(
    tmp_path: Path, part: dict[str, str], message: str
) -> None:
    assert message in refused(tmp_path, **part)


NEVER = "cells[cell=gru] is not measured then, but at updates 0, 625 and 1,000 (the end)"
MOMENTS = {
    "of the whole run": (
        {"update": "10"},
        "update = 10: final_accuracy is not of one update, and is read of the whole run",
    ),
    "of the whole run, in an arm": (
        {"of": '{ experiment = "cells", cell = "gru", update = 10 }'},
        "update = 10: final_accuracy is not of one update",
    ),
    "of a time": (
        {"metric": '"updates_to_90"', "test": '"faster"', "margin": "1"} | {"update": "100"},
        "update = 100: updates_to_90 is not of one update",
    ),
    "never measured": ({**GRADIENT, "update": "13"}, f"update = 13: {NEVER}"),
    "never measured, in an arm": (
        {**GRADIENT, "of": '{ experiment = "cells", cell = "gru", update = 624 }'},
        f"update = 624: {NEVER}",
    ),
    "after the end": ({**GRADIENT, "update": "62_500"}, f"update = 62500: {NEVER}"),
    "after the end, and measured by others": (
        {**GAN, "update": "10_000"},
        "gan[network=mlp] is not measured then, but at updates 0, 500, 1,000 and 2,000 (the end)",
    ),
    "of epochs that are counted from the data": (
        {**GRADIENT, **ONE, "update": "625", "of": '{ experiment = "epochs" }'},
        "epochs is not measured then, but at updates 0 and 35 (the end)",
    ),
    "of a passage before the end": (
        {**GAN, "metric": '"copies"', "update": "500"},
        "gan[network=mlp] is not measured then, but at updates 2,000 (the end)",
    ),
    "of a logged number after the end": (
        {"metric": '"validation.accuracy"', "update": "1_001"},
        "update = 1001: cells[cell=gru] is over after 1,000 updates",
    ),
}


@pytest.mark.parametrize(("part", "message"), MOMENTS.values(), ids=MOMENTS.keys())
def test_an_update_is_one_at_which_the_metric_is_measured(
    tmp_path: Path, part: dict[str, str], message: str
) -> None:
    text = STUDY.replace("updates = 1_000\n[", "[") if "epochs" in part.get("of", "") else STUDY
    assert message in refused(tmp_path, text, **part)


@pytest.mark.parametrize("update", [0, 625, 1_000])
def test_what_is_measured_may_be_asked_for(tmp_path: Path, update: int) -> None:
    load(tmp_path, **GRADIENT, update=str(update))
    more = STUDY.replace("updates = 1_000", "updates = 1_000\nmeasure_at = [13]")
    load(tmp_path, more, **GRADIENT, update="13")


@pytest.mark.parametrize("update", [0, 500, 1_000, 2_000])
def test_start_halfway_and_end_of_a_generator_are_measured(tmp_path: Path, update: int) -> None:
    load(tmp_path, STUDY.replace("2_000", "2_000\nmeasure_at = [500]"), **GAN, update=str(update))


def test_a_shorter_profile_is_not_tested_and_one_that_measures_less_is_refused(
    tmp_path: Path,
) -> None:
    cut = "[profiles.quick.experiments]\ncells = { updates = 100 }\n"
    load(tmp_path, STUDY + cut, **GRADIENT, update="625")
    cut = "[profiles.quick.experiments]\ncells = { measure_at = [0] }\n"
    message = refused(tmp_path, STUDY + cut, **GRADIENT, update="625")
    assert "claim C, profile quick: update = 625: cells[cell=gru] is not measured then" in message
    left_out = STUDY.replace("seeds = 6", "seeds = 6\n[profiles.full.experiments]\n@")
    left_out = left_out.replace("@", "cells = { seeds = 0 }")
    load(tmp_path, left_out)
    both = left_out + "[profiles.quick.experiments]\ncells = { seeds = 0 }\n"
    assert (
        "claim C: no profile trains what it asks for: quick leaves out cells[cell=gru]; full leaves"
        " out cells[cell=gru]" in refused(tmp_path, both)
    )


@pytest.mark.parametrize(
    ("metric", "updates", "message"),
    [
        ("reached_accuracy", 25, "needs check.accuracy 2 times or more, and a run of cells[cell="),
        (
            "dips",
            50,
            "needs check.accuracy 3 times or more, and a run of cells[cell=gru] logs it 2",
        ),
        (
            "accuracy_fluctuation",
            7,
            "needs validation.accuracy 2 times or more, and a run of cel",
        ),
        (
            "loss_fluctuation",
            7,
            "training.loss 2 times or more, and a run of cells[cell=gru] log",
        ),
        ("updates_to_90", 20, "needs check.accuracy 2 times or more"),
    ],
)
def test_runs_log_as_often_as_a_metric_needs(
    tmp_path: Path, metric: str, updates: int, message: str
) -> None:
    part = {"metric": f'"{metric}"'}
    if metric == "updates_to_90":
        part |= {"test": '"faster"', "margin": "1"}
    assert message in refused(
        tmp_path, STUDY.replace("updates = 1_000", f"updates = {updates}"), **part
    )
    load(tmp_path, STUDY.replace("updates = 1_000", f"updates = {updates + 6}"), **part)


SHORT = "cells = {{ updates = {} }}"
UNANSWERED = {
    "at an update": (
        *(SHORT.format(100), SHORT.format(624), {**GRADIENT, "update": "625"}),
        "quick ends cells[cell=gru] after 100 updates, and it is asked for after 625; "
        "full ends cells[cell=gru] after 624 updates",
    ),
    "at an update of one arm": (
        *(SHORT.format(100), SHORT.format(100)),
        {**GRADIENT, "against": '{ experiment = "cells", cell = "gru", update = 625 }'},
        "quick ends cells[cell=gru] after 100 updates",
    ),
    "by at": (
        *(SHORT.format(100), SHORT.format(100)),
        {"metric": '"check.accuracy"', "at": '"update 500"'},
        "asked for after 500",
    ),
    "at the end": (*(SHORT.format(999), SHORT.format(998), {}), "is asked for after 1,000"),
    "one arm in each profile": (
        *("cells = { grid = { cell = ['gru'] } }", "cells = { grid = { cell = ['rnn'] } }", {}),
        "quick leaves out cells[cell=rnn]; full leaves out cells[cell=gru]",
    ),
}


@pytest.mark.parametrize(
    ("quick", "full", "part", "message"), UNANSWERED.values(), ids=UNANSWERED.keys()
)
def test_a_claim_that_no_profile_answers_is_refused(
    tmp_path: Path, quick: str, full: str, part: dict[str, str], message: str
) -> None:
    tables = {"quick": quick, "full": full}
    text = STUDY + "".join(f"[profiles.{name}.experiments]\n{tables[name]}\n" for name in tables)
    assert message in refused(tmp_path, text, **part)
    # One profile that does is enough.
    load(tmp_path, text.replace(full, ""), **part)


PERCENT = "lies between 0 and 1: for 90 % write 0.9"
NUMBERS = {
    "threshold": ({**ONE, "threshold": "90"}, f"threshold = 90: final_accuracy {PERCENT}"),
    "solved": (
        {"kind": '"solved"', "solved": "90"},
        f"solved = 90: final_accuracy {PERCENT}",
    ),
    "share of runs": (
        {**ONE, "kind": '"solved"', "solved": "0.9", "threshold": "90"},
        f"threshold = 90: a share of runs {PERCENT}",
    ),
    "margin": (
        {"margin": "5"},
        "margin = 5: values of final_accuracy differ by less than 1: for 5 % write 0.05",
    ),
    "margin of all": ({"margin": "1"}, "margin = 1: values of final_accuracy differ by less"),
    "negative": ({**ONE, "threshold": "-0.1"}, "threshold = -0.1: final_accuracy lies between"),
    "a share of images": (
        {**GAN, **ONE, "metric": '"near"', "threshold": "90"},
        f"threshold = 90: near {PERCENT}",
    ),
    "a spread of shares": (
        {"metric": '"best_minus_last"', "margin": "20"},
        "margin = 20: values of best_minus_last differ by less than 1: for 20 % write 0.2",
    ),
    "a logged share": (
        {**ONE, "metric": '"check.accuracy"', "threshold": "90"},
        f"threshold = 90: check.accuracy {PERCENT}",
    ),
    "a discriminator's share": (
        {**GAN, **ONE, "metric": '"validation.accuracy_real"', "threshold": "90"},
        f"threshold = 90: validation.accuracy_real {PERCENT}",
    ),
    "a distance below 0": (
        {**GAN, **ONE, "threshold": "-1"},
        "threshold = -1: frechet is 0 or more",
    ),
    "a time as a number": (
        {"metric": '"updates_to_90"'},
        "test = 'greater': updates_to_90 is a time, which a run may not live to see",
    ),
    "a number as a time": (
        {"test": '"faster"', "margin": "1"},
        "test = 'faster': final_accuracy is no time",
    ),
    "above all values": (
        {**ONE, "threshold": "0.95", "margin": "0.1"},
        "test = 'above', threshold = 0.95, margin = 0.1: no value of final_accuracy, which lies "
        "between 0 and 1, shows that",
    ),
    "above the highest": ({**ONE, "threshold": "1", "margin": "0"}, "no value of final_accuracy"),
    "below all values": (
        {**GAN, **ONE, "test": '"below"', "threshold": "0.5", "margin": "1"},
        "no value of frechet, which is 0 or more, shows that",
    ),
    "more runs than all": (
        {**ONE, "kind": '"solved"', "solved": "0.9", "threshold": "0.9", "margin": "0.1"},
        "no value of a share of runs, which lies between 0 and 1, shows that",
    ),
    "another unit": (
        {"unit": '"nats"'},
        "unit = 'nats': final_accuracy is in accuracy, and so is its margin",
    ),
}


@pytest.mark.parametrize(("part", "message"), NUMBERS.values(), ids=NUMBERS.keys())
def test_numbers_are_those_that_the_metric_can_have(
    tmp_path: Path, part: dict[str, str], message: str
) -> None:
    assert message in refused(tmp_path, **part)


@pytest.mark.parametrize("unit", ["accuracy", "share", "percentage points", "anything"])
def test_a_share_may_be_called_so(tmp_path: Path, unit: str) -> None:
    load(tmp_path, unit=f'"{unit}"', margin="0.05")
    load(tmp_path, **ONE | {"threshold": "1", "test": '"below"'})


TRENDS = "[{ experiment = 'cells', cell = 'gru' }, { experiment = 'cells', cell = 'rnn' }@]"


@pytest.mark.parametrize(
    "part",
    [
        {"test": '"rising"', "of": TRENDS.replace("@", "")},
        {"test": '"falling"', "of": TRENDS.replace("@", ", { experiment = 'epochs' }")},
        {
            "test": '"diminishing"',
            "gain": '"up"',
            "of": TRENDS.replace("@", ", { experiment = 'epochs' }"),
        },
        {"test": '"equivalent"'},
    ],
    ids=lambda part: part["test"],
)
def test_margins_up_to_the_whole_range_are_possible(tmp_path: Path, part: dict[str, str]) -> None:
    compared = {} if part["test"] == '"equivalent"' else {"against": None}
    load(tmp_path, **{"margin": "0.99", **part, **compared})
    with pytest.raises(AssayError, match="margin = 1"):
        load(tmp_path, **{"margin": "1", **part, **compared})


DEFAULTS = {
    "of another kind": (
        "[defaults]\nmax_norm = 1\n",
        "[defaults]: 'max_norm' is for all experiments, and kind 'gan', of which 'gan' is, has no "
        "such setting: put it into [defaults.memory]",
    ),
    "of two other kinds": (
        "[defaults]\nimage_size = 28\n",
        "kind 'memory', of which 'cells' is, has no such setting: put it into [defaults.gan] or "
        "[defaults.classifier]",
    ),
    "of no kind": ("[defaults.gna]\nupdates = 3\n", "[defaults.gna]: 'gna' is unknown"),
    "a slip in the table of a kind": (
        "[defaults.classifier]\nupdate = 3\n",
        "[defaults.classifier]: 'update' is unknown: allowed are kind, seed",
    ),
    "reported of no kind": ('[reported.gna]\nloss = "1"\n', "[reported.gna]: 'gna' is unknown"),
    "assumed of another kind": (
        '[assumed.gan]\nhidden_size = "1"\n',
        "[assumed.gan]: 'hidden_size' is unknown",
    ),
}


@pytest.mark.parametrize(("table", "message"), DEFAULTS.values(), ids=DEFAULTS.keys())
def test_a_setting_stands_where_its_kind_is_told_it(
    tmp_path: Path, table: str, message: str
) -> None:
    assert message in refused(tmp_path, STUDY + table)


def test_one_kind_alone_needs_no_table_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('title = "t"\n[defaults]\nmax_norm = 1\n[experiments.a]\n')
    assert load_study(str(path)).arms("full")[0].config.max_norm == 1  # type: ignore[attr-defined]


FIGURE = '[[figures]]\nid = "1"\ntitle = "t"\nkind = "{kind}"\nexperiments = [{of}]\n'
FIGURES = {
    "samples of networks": ("samples", '"cells"', "experiment 'cells' is of kind 'memory', whose"),
    "curves of a generator": ("curves", '"gan"', "experiment 'gan' is of kind 'gan', whose"),
    "of two kinds at once": ("curves", '"cells", "gan"', "experiment 'gan' is of kind 'gan'"),
    "gradients of a classifier": ("state_gradient", '"digits"', "is of kind 'classifier'"),
    "what no kind draws": ("pie", '"cells"', "kind = 'pie'"),
}


@pytest.mark.parametrize(("kind", "of", "message"), FIGURES.values(), ids=FIGURES.keys())
def test_a_figure_is_one_of_its_kind(tmp_path: Path, kind: str, of: str, message: str) -> None:
    found = refused(tmp_path, STUDY + FIGURE.format(kind=kind, of=of))
    assert message in found
    assert "figure 1" in found


def test_a_figure_of_what_no_profile_trains_is_refused(tmp_path: Path) -> None:
    out = "[profiles.{}.experiments]\ncells = {{ seeds = 0 }}\n"
    text = STUDY + FIGURE.format(kind="curves", of='"cells"') + out.format("quick")
    load(tmp_path, text)
    message = refused(tmp_path, text + out.format("full"))
    assert "figure 1: there is nothing to draw: every profile leaves out its arms" in message


def test_a_multiverse_takes_a_claim_on_what_was_reached(tmp_path: Path) -> None:
    table = (
        '[multiverse]\nclaims = ["C"]\nupdates = 300\nstop_accuracy = 0.9\n'
        '[multiverse.axes]\noptimizer = ["rmsprop", "adam"]\n'
    )
    for metric in ("reached", "final", "best", "last"):
        study = load(
            tmp_path,
            STUDY + table,
            metric=f'"{metric}_accuracy"',
            kind='"solved"',
            solved="0.9",
            margin="0.1",
        )
        (found,) = multiverses(study)
        assert len(found.universes) == 2


def test_a_multiverse_takes_no_other_time(tmp_path: Path) -> None:
    table = (
        '[multiverse]\nclaims = ["C"]\nupdates = 300\n'
        '[multiverse.axes]\noptimizer = ["rmsprop", "adam"]\n'
    )
    time = {"test": '"faster"', "margin": "1"}
    study = load(tmp_path, STUDY + table, metric='"updates_to_90"', **time)
    assert len(multiverses(study)) == 1
    first = {"metric": '"validation.accuracy"', "at": '"first time above 0.5"'}
    with pytest.raises(AssayError, match=r"on validation\.accuracy does not say which of two arms"):
        multiverses(load(tmp_path, STUDY + table, **first, **time))


READINGS = {
    "no reading": ('"end"', "at = 'end': should be last, best, lowest, mean of last N"),
    "no update": ("{ updates = 3 }", "at: should be last, best"),
    "half an update": ("{ update = 2.5 }", "at: should be last, best"),
    "a number": ("3", "at = 3: should be"),
    "a time that is none": ('"first time above 0.5"', "a first time goes with test = 'faster'"),
}


@pytest.mark.parametrize(("at", "message"), READINGS.values(), ids=READINGS.keys())
def test_a_reading_is_one_that_there_is(tmp_path: Path, at: str, message: str) -> None:
    found = refused(tmp_path, metric='"validation.accuracy"', at=at)
    assert "claims.0.parts.0" in found
    assert message in found


def test_two_moments_are_one_too_many(tmp_path: Path) -> None:
    logged = {"metric": '"check.accuracy"', "at": '"best"', "update": "25"}
    assert "at and update: both say when metric is read" in refused(tmp_path, **logged)
    assert "at says how a logged number is read" in refused(tmp_path, at='"best"')
    load(tmp_path, metric='"check.accuracy"', at='"last"', update="25")
    load(tmp_path, metric='"check.accuracy"', at="{ update = 25 }")


def test_loading_a_study_imports_no_pytorch() -> None:
    code = (
        "import sys; from assay.study import load_study; load_study('cs324_a3'); "
        "print({'torch', 'scipy'} & set(sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"


CLAIM = '[[claims]]\nid = "{}"\nsentence = "s"\n{}[[claims.parts]]\n'


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ({"A": 'control_of = "B"', "B": 'control_of = "A"'}, "control_of: A and B point at each"),
        (
            {"A": 'control_of = "B"', "B": 'control_of = "C"', "C": 'control_of = "A"'},
            "control_of: A and B and C point at each other, and a control waits for its claim",
        ),
        ({"A": 'restated_as = ["B"]', "B": 'restated_as = ["A"]'}, "restated_as: A and B point"),
    ],
    ids=["two controls", "three controls", "restated"],
)
def test_claims_that_wait_for_each_other_are_refused(
    tmp_path: Path, points: dict[str, str], message: str
) -> None:
    path = tmp_path / "own.toml"

    def write(of: dict[str, str]) -> None:
        part = "\n".join(f"{key} = {value}" for key, value in PART.items())
        claims = [CLAIM.format(name, f"{line}\n") + part + "\n" for name, line in of.items()]
        path.write_text(STUDY + "".join(claims), encoding="utf-8")

    write(points)
    with pytest.raises(AssayError, match=message):
        load_study(str(path))
    write({**points, "A": ""})
    load_study(str(path))
