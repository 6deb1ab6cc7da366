"""Claims that cannot be tested: one sentence and exit code 2."""

import pytest

from assay.cli import call
from tests.claims.made_up_claims import part, write

SOLVED = {"kind": '"solved"', "solved": "0.9"}
CASES = {
    "metric": ([part(metric='"speed"')], "", "claim C1: metric = 'speed' is unknown"),
    "experiment": ([part(of='{ experiment = "fourth" }')], "", "'fourth' with () is no arm"),
    "kind": ([part(kind='"lumpy"')], "", "kind = 'lumpy'"),
    "a list of kinds": ([part(kind='["solved"]')], "", "kind = ['solved']: should be 'majority'"),
    "smooth": ([part(kind='"smooth"')], "", "kind = 'smooth': should be left out, which asks"),
    "bounded": ([part(kind='"bounded"')], "", "kind = 'bounded': should be left out, which asks"),
    "a kind of times": ([part(kind='"time"')], "", "should be left out: test = 'faster' says that"),
    "paired": ([part(paired="true")], "", "leave 'paired' out: arms are always compared seed by"),
    "looks": ([part()], "looks = [4, 8]", "leave 'looks' out: verdicts may be watched after every"),
    "most of all": ([part()], "most = 1.0", "most = 1.0: should be less than 1"),
    "most of none": ([part()], "most = 0.0", "most = 0.0: should be greater than 0"),
    "no range": (
        [part(metric='"loss_fluctuation"', unit='"nats"', limit="-1.0")],
        "",
        "limit = -1: loss_fluctuation is 0 or more",
    ),
    "limit without a range": (
        [part(metric='"gradient_slope"', unit='"nats per step"', limit="1.0")],
        "",
        "limit = 1: gradient_slope has no range, so nothing is its limit",
    ),
    "limit in percent": ([part(limit="100.0")], "", "for 100 % write 1"),
    "limit of times": (
        [part(metric='"updates_to_90"', test='"faster"', margin="1.25", limit="0.0")],
        "",
        "test = 'faster' takes no 'limit'",
    ),
    "margin": ([part(margin="-0.1")], "", "margin = -0.1"),
    "ratio below 1": (
        [part(metric='"updates_to_90"', test='"faster"', margin="0.5")],
        "",
        "margin = 0.5: of a time it is a ratio in the claimed direction",
    ),
    "share of 1": ([part(**SOLVED, margin="1.0")], "", "a difference of shares of runs"),
    "equivalent by nothing": ([part(test='"equivalent"', margin="0.0")], "", "greater than 0"),
    "times that are solved": (
        [part(**SOLVED, metric='"updates_to_90"', test='"faster"', margin="2.0")],
        "",
        "test = 'faster' and kind = 'solved' do not go together",
    ),
    "solved without a value": ([part(kind='"solved"')], "", "'solved', a value, goes with"),
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
        "update = 10: final_accuracy is not of one update",
    ),
    "the same moment": (
        [part(against='{ experiment = "first" }')],
        "",
        "first is compared with itself at the same moment",
    ),
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


@pytest.mark.parametrize("name", ["", " ", r"a\nb", r"\u001b[31m"])
def test_a_claim_has_a_name_in_one_line(name, tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part()])
    path.write_text(path.read_text().replace('id = "C1"', f'id = "{name}"'))
    assert call(["claims", str(path), "--store", str(store.root)]) == 2
    error = capsys.readouterr().err
    assert "claims.0.id = " in error
    assert error.endswith("should be a name, in one line\n")


def test_arms_that_share_no_seed(tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part()])
    path.write_text(
        path.read_text().replace("[experiments.second]", "[experiments.second]\nfirst_seed = 8")
    )
    assert call(["claims", str(path), "--profile", "full", "--store", str(store.root)]) == 2
    error = capsys.readouterr().err
    assert "no seed of first (seeds 0 to 7) is one of second (seeds 8 to 15)" in error
