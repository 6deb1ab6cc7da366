"""A claim on whether runs got somewhere, where they end once they do."""

import pytest

from assay.claims.evidence import ArmRuns
from assay.config import MemoryConfig
from assay.store.log import Check, Log, Probe
from assay.study import Arm, load_study
from tests.claims.made_up_claims import arm, declare, part, write
from tests.claims.test_verdicts import claims
from tests.report.made_up_runs import write_run


@pytest.mark.parametrize(
    ("solved", "tested"),
    [
        ('kind = "solved"\nsolved = 0.9', True),
        ('kind = "solved"\nsolved = 0.99', False),
        ("", True),
    ],
)
def test_whether_a_run_got_there_is_known_of_one_that_then_ended(
    tmp_path, store, capsys, solved: str, tested: bool
) -> None:
    reached = part(metric='"reached_accuracy"', margin="0.1")
    path = write(tmp_path, [f"{reached}\n{solved}"])
    goal = "epochs = 20\nupdates = 140\nstop_accuracy = 0.9"
    path.write_text(path.read_text().replace("epochs = 20", goal))
    study = load_study(str(path))
    declare(path, store)
    for experiment, accuracy, end in (("first", 0.95, 50), ("second", 0.1, 125)):
        for config in arm(study, experiment).runs:
            checks = [Check(at, {"accuracy": accuracy}) for at in range(25, end + 1, 25)]
            last = Probe(end if experiment == "first" else 140, "state_gradient", {})
            write_run(store, config, [*checks, last])
    (found,) = claims(path, store, capsys)
    assert found["verdict"] == ("supported" if tested else "not tested")
    if not tested:  # 90 % ended the runs, so it is not known whether they would have got to 99 %
        assert "needs 140 updates of first; this profile trains 50" in found["meaning"]


@pytest.mark.parametrize(
    ("accuracies", "followed"),
    [
        ((0.95, 0.95), 140),  # solved, so it ended: there is nothing left to learn of it
        ((0.1, 0.95), 50),  # one pass is no solution
        ((0.95, 0.1), 50),
        ((0.95,), 25),
        ((0.1, 0.1, 0.95, 0.9), 140),
    ],
)
def test_a_run_that_ended_early_is_followed_once_two_checks_passed(
    accuracies: tuple[float, ...], followed: int
) -> None:
    config = MemoryConfig(updates=140, stop_accuracy=0.9)
    runs = ArmRuns(
        Arm("first", "", {}, config, 1, config),
        [0],
        [Log(tuple(Check(25 * n, {"accuracy": v}) for n, v in enumerate(accuracies, start=1)))],
        [],
    )
    assert runs.followed == [followed]
