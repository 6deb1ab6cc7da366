"""Claims that cannot be tested: one sentence and exit code 2."""

import pytest

from assay.cli import call
from tests.claims.made_up_claims import part, write

SOLVED = {"kind": '"solved"', "solved": "0.9"}
CASES = {
    "metric": ([part(metric='"speed"')], "", "claim C1: metric = 'speed' is unknown"),
    "experiment": ([part(of='{ experiment = "fourth" }')], "", "'fourth' with () is no arm"),
    "kind": ([part(kind='"lumpy"')], "", "kind = 'lumpy'"),
    "no kind": ([part(kind="")], "", "kind is missing"),
    "margin": ([part(margin="-0.1")], "", "margin = -0.1"),
    "ratio below 1": (
        [part(metric='"updates_to_90"', kind='"time"', test='"faster"', margin="0.5")],
        "",
        "margin = 0.5: of a time it is a ratio in the claimed direction",
    ),
    "share of 1": ([part(**SOLVED, margin="1.0")], "", "a difference of shares of runs"),
    "equivalent by nothing": ([part(test='"equivalent"', margin="0.0")], "", "greater than 0"),
    "time that is greater": (
        [part(kind='"time"', margin="2.0")],
        "",
        "test = 'greater' and kind = 'time' do not go together",
    ),
    "solved without a value": ([part(kind='"solved"')], "", "'solved', a value, goes with"),
    "solved within a seed": ([part(**SOLVED, paired="true")], "", "is not paired"),
    "paired threshold": (
        [part(test='"above"', threshold="0.5", against="", paired="true")],
        "",
        "test = 'above' takes no 'paired'",
    ),
    "gain": ([part(gain='"up"')], "", "test = 'greater' takes no 'gain'"),
    "no threshold": ([part(test='"below"', against="")], "", "test = 'below' needs 'threshold'"),
    "one arm that rises": (
        [part(test='"rising"', against="")],
        "",
        "test = 'rising': 'of' should be a list of 2 or more arms",
    ),
    "two gains of two arms": (
        [
            part(
                test='"diminishing"',
                gain='"up"',
                of='[{ experiment = "first" }, { experiment = "second" }]',
                against="",
            )
        ],
        "",
        "test = 'diminishing': 'of' should be a list of 3 arms",
    ),
    "a list that is greater": (
        [part(of='[{ experiment = "first" }]')],
        "",
        "test = 'greater': 'of' should be one arm, not a list",
    ),
    "statement": ([part(test='"bigger"')], "", "test = 'bigger': should be 'greater' or"),
    "itself": (
        [part(against='{ experiment = "first", update = 10 }')],
        "",
        "first is compared with itself, within each run: say paired = true",
    ),
    "four looks": ([part()], "looks = [2, 4, 6, 8]", "looks"),
    "looks that fall": ([part()], "looks = [8, 6]", "looks = [8, 6]: should be numbers of seeds"),
    "alpha": ([part()], "alpha = 0.7", "alpha = 0.7"),
}


@pytest.mark.parametrize("name", CASES)
def test_one_sentence(name, tmp_path, store, capsys) -> None:
    parts, study, message = CASES[name]
    path = write(tmp_path, parts, study=study)
    assert call(["claims", str(path), "--profile", "full", "--store", str(store.root)]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.startswith("error: ")
    assert len(error.strip().splitlines()) == 1
    assert "{" not in error  # the whole table is not shown
