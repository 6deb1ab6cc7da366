"""Too few seeds, none in common, or none that came to its end."""

from assay.cli import call
from tests.claims.made_up_claims import fill, part, write
from tests.claims.test_verdicts import HIGH, LOW, claims

SOLVED = {"kind": '"solved"', "solved": "0.9"}


def test_paired_without_a_common_seed(tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part(paired="true")])
    fill(path, store, first=HIGH[:4])
    # The second arm has the other seeds alone.
    fill(path, store, second=LOW)
    for run in store.runs():
        config = run.config()
        if getattr(config, "cell", "") == "rnn" and config.seed < 4:
            (run.path / "record.json").unlink()
    assert call(["claims", str(path), "--profile", "full", "--store", str(store.root)]) == 2
    assert "claim C1: it compares within a seed, and first and second have no seed in common" in (
        capsys.readouterr().err
    )


def test_one_seed_gives_no_verdict(tmp_path, store, capsys) -> None:
    path = write(tmp_path, [part()], seeds=1)
    fill(path, store, first=HIGH, second=LOW)
    assert call(["claims", str(path), "--profile", "full", "--store", str(store.root)]) == 2
    assert "one seed gives no verdict: seeds should be 2 or more" in capsys.readouterr().err
    shared = ["--profile", "full", "--store", str(store.root), "--out", str(tmp_path / "out")]
    assert call(["report", str(path), *shared]) == 0
    html = (tmp_path / "out" / "index.html").read_text()
    assert "first has one seed, and one seed gives no verdict" in html


def test_two_seeds_decide_nothing_and_break_nothing(tmp_path, store, capsys) -> None:
    kinds = [
        part(),
        part(**SOLVED),
        part(kind='"smooth"'),
        part(metric='"updates_to_90"', kind='"time"', test='"faster"', margin="1.25"),
        part(paired="true"),
    ]
    path = write(tmp_path, *[[each] for each in kinds], seeds=2)
    fill(path, store, first=[0.95, 0.95], second=[0.1, 0.1])
    found = claims(path, store, capsys)
    assert [each["verdict"] for each in found] == ["undecided"] * 5


def test_runs_that_all_diverged_decide_nothing(tmp_path, store, capsys) -> None:
    kinds = [
        part(),
        part(**SOLVED),
        part(kind='"smooth"'),
        part(metric='"updates_to_90"', kind='"time"', test='"faster"', margin="1.25"),
        part(paired="true"),
        part(test='"above"', threshold="0.5", against=""),
    ]
    path = write(tmp_path, *[[each] for each in kinds])
    fill(path, store, first=[None] * 8, second=[None] * 8)
    found = claims(path, store, capsys)
    assert [each["verdict"] for each in found] == ["undecided"] * 6
    assert all("diverged" in each["meaning"] for each in found)
