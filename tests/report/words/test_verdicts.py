"""Each word through `assay claims`, from runs in a store to the sentence."""

from pathlib import Path
from typing import Any

import pytest

from assay import Study
from assay.cli import call
from assay.config import GanConfig
from assay.report.words.numbers import NBSP
from assay.store import Store
from assay.study import load_study
from tests.claims.made_up_claims import arm, declare, fill, log, part, write
from tests.claims.test_verdicts import CLOSE, HIGH, LOW, OTHER, THIRD, claims
from tests.report.made_up_runs import made_up_generator_log, write_run

AGAIN = [value + 0.01 * (-1) ** seed for seed, value in enumerate(HIGH)]


def said(path: Path, store: Store, capsys: Any, profile: str = "full") -> list[str]:
    """The sentence of each claim, with blanks that break."""
    return [each["meaning"].replace(NBSP, " ") for each in claims(path, store, capsys, profile)]


def test_supported(tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part()])
    fill(path, store, first=HIGH, second=LOW)
    assert said(path, store, capsys) == [
        "Supported beyond any correction: 8 of 8 seeds show it (evidence 21 to 1 after 5 seeds, "
        "which decided it); up to 31 % of runs may still be otherwise. The validation accuracy, "
        "mean of the last 10 epochs, is 85.0 percentage points higher for first than for second "
        "(median of 8 seeds; 84.0 to 86.0 percentage points)."
    ]


def test_contrary_and_no_difference(tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part(**OTHER)], [part(**THIRD)])
    fill(path, store, first=HIGH[:5], second=LOW[:5], third=CLOSE[:5])
    contrary, none = said(path, store, capsys)
    assert contrary.startswith(
        "Contrary: most seeds show the opposite. 0 of 5 seeds show it (evidence 21 to 1 against "
        "it); up to 45 % of runs may still show it. The validation accuracy"
    )
    assert "lower for second than for first" in contrary
    assert none.startswith("No difference: most seeds show neither it nor the opposite. 0 of 5")


def test_partly_supported_says_which_parts_hold_and_why_others_do_not(
    tmp_path, store, capsys
) -> None:
    parts = [part("Holds."), part("Is close.", **THIRD), part("Is low.", **OTHER)]
    path = write(tmp_path, parts)
    fill(path, store, first=HIGH, second=LOW, third=CLOSE)
    (text,) = said(path, store, capsys)
    assert text.startswith(
        "Partly supported: 1 of its 3 parts holds (“Holds”). “Is close” shows no"
    )
    assert "“Is close” shows no difference: most seeds show neither it nor the opposite." in text
    assert "“Is low” shows the contrary: most seeds show the opposite. 0 of 8 seeds show" in text


def test_parts_that_hold_are_counted(tmp_path, store, capsys) -> None:
    parts = [part("Holds."), part("So it is.", metric='"best_accuracy"'), part("No.", **OTHER)]
    path = write(tmp_path, parts)
    fill(path, store, first=HIGH, second=LOW)
    (text,) = said(path, store, capsys)
    assert text.startswith(
        "Partly supported: 2 of its 3 parts hold (“Holds”, “So it is”). “No” shows the contrary"
    )


def test_no_room_names_the_arm_and_the_limit(tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part(**THIRD, limit="1.0")])
    fill(path, store, first=[0.99] * 8, third=AGAIN)
    (text,) = said(path, store, capsys)
    assert text.startswith(
        "No room: third, which it is compared with, sits within 5.0 percentage points of the "
        "limit, 100.0 %, in most seeds, so this set-up cannot show the claim. 0 of 8 seeds"
    )


BY_CALCULATION = """
title = "Noise"
[experiments.gan]
kind = "gan"
updates = 200
[profiles.full]
seeds = 2
[[claims]]
id = "C1"
sentence = "A noise in between is like any other."
[[claims.parts]]
sentence = "Halfway on a line it is."
metric = "midpoint_norm"
test = "above"
of = { experiment = "gan" }
threshold = 0.95
margin = 0.0
unit = "ratio"
"""


def test_by_calculation_says_whether_it_holds_and_why(tmp_path, store, capsys) -> None:
    path = tmp_path / "own.toml"
    path.write_text(BY_CALCULATION)
    study = load_study(str(path))
    for config in arm(study, "gan").runs:
        assert isinstance(config, GanConfig)
        write_run(store, config, made_up_generator_log(config, 200))
    (text,) = said(path, store, capsys)
    assert text.startswith("By calculation, it does not hold: the norm of the noise halfway on a")
    assert "comes to 0.707. The mean of two independent standard normal noises has" in text
    shown = str(Study(str(path), store).claim("C1", "full"))
    assert "### C1: by calculation, does not hold" in shown
    path.write_text(BY_CALCULATION.replace("0.95", "0.7"))
    assert said(path, store, capsys)[0].startswith("By calculation, it holds: ")


def test_open_says_what_is_missing(tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part()], [part(**OTHER)])
    fill(path, store, first=HIGH[:4], second=LOW[:4])
    for text, side, condition in zip(
        said(path, store, capsys), ("", " against it"), ("agree", "speak against it"), strict=True
    ):
        start = f"(evidence 11 to 1{side}; 40 to 1 would decide it). The"
        assert start in text
        assert text.startswith("Open: ")
        # Both runs of a seed took 12.5 s.
        assert (
            f"To decide it: +2 seeds of two arms, 50 core-seconds, if all {condition}; on" in text
        )


def test_open_without_hope_says_so(tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part(**THIRD, margin="0.004")])
    fill(path, store, first=HIGH, third=AGAIN)
    (text,) = said(path, store, capsys)
    assert "Open: 4 of 8 seeds show it (no evidence for either side; 20 to 1 would" in text
    assert "It is likely to stay open: 4 of 8 seeds show it" in text


def test_all_parts_have_to_hold(tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part(), part("It is close.", **THIRD)])
    fill(path, store, first=HIGH, second=LOW, third=[value - 0.3 for value in HIGH])
    (text,) = said(path, store, capsys)
    assert text.startswith("Supported beyond any correction: both parts hold, and the least cert")
    path = write(tmp_path, [part(), part("It is no better.", **OTHER)])
    fill(path, store)
    (text,) = said(path, store, capsys)
    assert text.startswith("Partly supported: 1 of its 2 parts holds (“The first is higher”). “It")


def test_an_open_claim_names_its_least_certain_part(tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part(), part("It is higher still.", **THIRD)])
    fill(path, store, first=HIGH[:3], second=LOW[:3], third=[*LOW[:2], 0.99])
    (text,) = said(path, store, capsys)
    start = (
        "Open: both of its parts have to hold, and the least certain is “It is higher still” – 2"
    )
    assert text.startswith(start)


def test_not_tested_says_why(tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part()], [part()], [part(**THIRD)])
    path.write_text(path.read_text().replace('id = "C2"', 'id = "C2"\ncontrol_of = "C1"'))
    fill(path, store, first=HIGH[:2], second=LOW[:2])
    assert said(path, store, capsys)[1:] == [
        "Not tested: a control of C1, which is tried once C1 is decided.",
        "Not tested: no run of third has ended.",
    ]


def test_quick_gives_numbers_only(tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part()])
    fill(path, store, "quick", first=HIGH[:3], second=LOW[:3])
    (text,) = said(path, store, capsys, "quick")
    assert text.startswith("Numbers only, no verdict: 3 of 3 seeds show it. The validation")


@pytest.mark.parametrize(
    ("changes", "texts"),
    [
        (
            {"kind": '"solved"', "solved": "0.9", "margin": "0.1"},
            [
                "is 90.0 % or more in 8 of 8 runs of first and in 0 of 8 runs of second, a "
                "difference of 100.0 percentage points (evidence "
            ],
        ),
        (
            {"metric": '"updates_to_90"', "test": '"faster"', "margin": "1.25"},
            ["is reached in 8 of 8 runs of first (by update 25) and in 0 of 8 runs of second"],
        ),
        (
            {"test": '"above"', "threshold": "0.5", "against": ""},
            ["which is 46.5 percentage points above 50.0 % (median of 8 seeds; 95.0 to 99.0 %)"],
        ),
        (
            {"test": '"equivalent"', **THIRD},
            ["(the same in all 8 seeds)", "0.5 percentage points higher for first"],
        ),
    ],
)
def test_the_effect_is_in_words_of_its_statement(changes, texts, tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part(**changes)])
    fill(path, store, first=HIGH, second=LOW, third=CLOSE)
    (text,) = said(path, store, capsys)
    assert text.startswith("Supported")
    for each in texts:
        assert each in text


def test_a_range_on_both_sides_has_signs(tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part(**THIRD, margin="0.004")])
    fill(path, store, first=HIGH, third=AGAIN)
    (text,) = said(path, store, capsys)
    assert "(median of 8 seeds; −1.0 to +1.0 percentage points in the claimed direction)" in text


def test_a_trend_that_steps_back_says_so(tmp_path, store, capsys) -> None:
    order = '[{ experiment = "third" }, { experiment = "first" }, { experiment = "second" }]'
    path = write(tmp_path, [part(test='"falling"', of=order, against="")])
    fill(path, store, third=[value - 0.3 for value in HIGH], first=HIGH, second=LOW)
    (text,) = said(path, store, capsys)
    assert "0 of 8 seeds show it, and 8 step back on the way (evidence" in text


def test_seeds_that_had_been_seen_do_not_count(tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part()])
    study = load_study(str(path))
    # Made-up runs begin on 2 January 2026; the later four begin after the declaration.
    declare(path, store, at="2026-02-01T00:00:00+00:00")
    for name, values in (("first", HIGH), ("second", LOW)):
        for config, value in zip(arm(study, name).runs[:4], values, strict=False):
            write_run(store, config, log(value))
    (text,) = said(path, store, capsys)
    assert text.startswith("Open: no seed counts yet. To decide it: +5 seeds of two arms")
    assert text.endswith(
        "Declared on 2026-02-01, after all of its 4 seeds had been seen: they confirm nothing; "
        "with them, 4 of 4 seeds show it (evidence 11 to 1)."
    )
    for name, values in (("first", HIGH), ("second", LOW)):
        for config, value in zip(arm(study, name).runs[4:], values[4:], strict=True):
            write_run(store, config, log(value), started="2026-03-01T00:00:00+00:00")
    (text,) = said(path, store, capsys)
    assert text.startswith("Open: 4 of 4 seeds show it (evidence 11 to 1; 20 to 1 would decide it")
    assert text.endswith(
        "Declared on 2026-02-01; 4 seeds had been seen before and do not count; with them, 8 of "
        "8 seeds show it (evidence 156 to 1)."
    )


def test_what_was_never_declared_is_exploratory(tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part()])
    fill(path, store, first=HIGH, second=LOW)
    store.declaration_log.unlink()
    (claim,) = claims(path, store, capsys)
    assert claim["verdict"] == "open"
    assert claim["meaning"].endswith(
        "Exploratory, since it was not declared before its runs: its 8 seeds count as seen; with "
        "them, 8 of 8 seeds show it (evidence 156 to 1)."
    )
    assert call(["claims", str(path), "--profile", "full", "--store", str(store.root)]) == 0
    assert "open" in capsys.readouterr().out


def test_a_damaged_log_is_named(tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part()])
    fill(path, store, first=HIGH, second=LOW)
    store.declaration_log.write_text("{}\n")
    (text,) = said(path, store, capsys)
    assert f"Exploratory, since {store.declaration_log}, line 1, is damaged: " in text


def test_a_restated_claim_names_what_it_became(tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part()], [part(**OTHER)])
    path.write_text(path.read_text().replace('id = "C2"', 'id = "C2"\nrestated_as = ["C1"]'))
    fill(path, store, first=HIGH[:2], second=LOW[:2])
    _, text = said(path, store, capsys)
    assert text.endswith("Restated as C1; shown as it was.")
    assert "To decide it" not in text


def test_runs_without_a_value_and_seeds_that_wait_are_said(tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part()])
    fill(path, store, first=[*HIGH[:2], None, *HIGH[3:]], second=LOW[:3])
    last = arm(load_study(str(path)), "second").runs[6]
    write_run(store, last, log(LOW[6]))
    (text,) = said(path, store, capsys)
    assert "2 of 3 seeds show it" in text
    assert "1 seed more counts once every seed before has ended." in text
    assert "1 run diverged, and counts against whichever verdict is tried." in text


def test_a_run_that_diverged_before_it_got_there_never_did(tmp_path, store, capsys) -> None:
    changes = {"metric": '"updates_to_90"', "test": '"faster"', "margin": "1.25"}
    path = write(tmp_path, [part(**changes)])
    fill(path, store, first=HIGH, second=[None, *LOW[1:]])
    (text,) = said(path, store, capsys)
    assert "1 run diverged, and counts as never reached." in text


@pytest.mark.parametrize(("solved", "word"), [("0.05", "little"), ("0.999", "much")])
def test_a_bar_that_all_or_none_pass_is_said(solved, word, tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part(kind='"solved"', solved=solved, margin="0.1")])
    fill(path, store, first=HIGH, second=LOW)
    (text,) = said(path, store, capsys)
    assert f"solved = {solved} may ask too {word}." in text
