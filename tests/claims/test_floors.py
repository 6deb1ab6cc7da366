"""What can be known of a verdict before any run."""

import json
from pathlib import Path

import numpy as np
import pytest

from assay.claims.floors import outlooks_of, part_floor
from assay.claims.trials import Sample, put_on_trial
from assay.cli import call
from assay.statements.trial import Trial
from assay.study import load_study
from tests.claims.made_up_claims import part, write
from tests.claims.test_verdicts import KINDS


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("n", [3, 6, 8])
def test_no_runs_give_less_than_the_floor(name: str, n: int, tmp_path: Path) -> None:
    study = load_study(str(write(tmp_path, [KINDS[name][0]])))
    declared = study.claims[0].parts[0]
    arms = len(declared.selectors)
    floor = part_floor(declared, [n] * arms)
    rng = np.random.default_rng(6)
    steps = np.arange(arms)[:, None] - (arms - 1) / 2
    found: list[Trial] = []
    for slope, curve in ((1e3, 0), (-1e3, 0), (0, 0), (1e3, -400), (1e3, 400)):
        values = slope * steps + curve * steps**2 + rng.random((arms, n)) * 1e-3 + 0.5
        if declared.kind == "time":
            values = np.where(values > 1, np.inf, rng.random((arms, n)))
        samples = [Sample(row, list(range(n)), 1.0) for row in values]
        found.append(put_on_trial(declared, samples, 0.025))
    assert min(each.p_supported for each in found) >= floor[0] - 1e-12
    assert min(each.p_refuted for each in found) >= floor[1] - 1e-12
    if declared.kind in ("bounded", "solved") and declared.test in ("greater", "smaller"):
        assert min(each.p_supported for each in found) == pytest.approx(floor[0])
        assert min(each.p_refuted for each in found) == pytest.approx(floor[1], rel=0.01)


def test_plan_says_what_cannot_be_decided(tmp_path: Path, capsys) -> None:
    above = part(test='"above"', threshold="0.5", against="")
    path = write(tmp_path, [above], [part()], seeds=5)
    store = str(tmp_path / "store")
    assert call(["plan", str(path), "--profile", "full", "--store", store]) == 0
    text = capsys.readouterr().out
    assert "however the runs turn out, these claims cannot be decided: C1 (p at best" in text
    assert "C2" in text
    assert call(["plan", str(path), "--profile", "full", "--store", store, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)["claims"]
    assert [each["undecidable"] for each in data] == [True, True]
    assert call(["plan", str(path), "--profile", "quick", "--store", store, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["claims"] == []


def test_holm_in_the_best_and_in_the_worst_case(tmp_path: Path) -> None:
    above = part(test='"above"', threshold="0.5", against="")
    path = write(tmp_path, [above], *[[part()]] * 9)
    sign, *ranks = outlooks_of(load_study(str(path)), "full")
    assert sign.supported == pytest.approx(2 / 256)
    assert sign.supported_alone == pytest.approx(10 * 2 / 256)
    assert not sign.undecidable
    assert ranks[0].supported == pytest.approx(10 * 2 / 12870)
    looks = write(tmp_path, [above], *[[part()]] * 9, study="looks = [6, 7, 8]")
    sign = outlooks_of(load_study(str(looks)), "full")[0]
    assert sign.level == pytest.approx(0.05 / 3)
    assert not sign.undecidable


def test_every_claim_of_the_flagship_can_be_decided() -> None:
    assert not any(each.undecidable for each in outlooks_of(load_study("cs324_a3"), "full"))
