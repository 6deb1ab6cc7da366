import itertools
import json
import math
import statistics
from collections import Counter
from typing import Any

import pytest

from assay.claims.evidence import gather
from assay.claims.snapshot import Snapshot
from assay.errors import StoreError
from assay.report.data.gather import report_data
from assay.report.data.table import table_rows
from assay.report.words.notes import passes_of, unequal_training
from assay.store import Store
from assay.store.durable import to_json
from assay.store.log import Diverged, Epoch
from assay.study import Arm, StudyPlan, for_kind
from tests.report.made_up_runs import (
    MACHINE,
    PATH,
    SMALL,
    VERSIONS,
    fill,
    made_up_log,
    numbers,
    write_run,
    write_study,
)


def _of_strings(study: StudyPlan) -> list[Arm]:
    """The arms of the quick profile that are in Table 1."""
    return [arm for arm in study.arms("quick") if arm.config.kind == "memory" and arm.seeds]


def _raw(store: Store, arm: Any) -> list[list[dict[str, Any]]]:
    """The lines of an arm's logs, read without assay's own reader."""
    texts = [(store.root / run.run_id / "metrics.jsonl").read_text() for run in arm.runs]
    return [[json.loads(line) for line in text.splitlines()] for text in texts]


def _accuracies(log: list[dict[str, Any]]) -> list[float]:
    return [line["validation"]["accuracy"] for line in log if "epoch" in line]


def _reached(log: list[dict[str, Any]]) -> float:
    checks = [(line["update"], line["check"]["accuracy"]) for line in log if "check" in line]
    pairs = itertools.pairwise(checks)
    return next((at for (at, now), (_, then) in pairs if now >= 0.9 and then >= 0.9), math.inf)


def test_table_1_says_what_the_logs_say(flagship, full_store, data) -> None:
    rows = {row["arm"]: row for row in data["table"]}
    arms = _of_strings(flagship)
    assert list(rows) == [arm.key for arm in arms]
    for arm in arms:
        row, logs = rows[arm.key], _raw(full_store, arm)
        for name, summary in (
            ("best_accuracy", max),
            ("last_accuracy", lambda values: values[-1]),
            ("final_accuracy", lambda values: statistics.fmean(values[-10:])),
        ):
            values = [summary(_accuracies(log)) for log in logs]
            assert row[name]["median"] == pytest.approx(statistics.median(values))
            assert (row[name]["low"], row[name]["high"]) == pytest.approx(
                (min(values), max(values))
            )
            assert [each["value"] for each in row[name]["values"]] == pytest.approx(values)
            assert row[name]["n"] == row["seeds"] == row["finished"] == len(values)
        reached = [_reached(log) for log in logs]
        times = row["updates_to_90"]
        assert times["censored"] == reached.count(math.inf)
        middle = statistics.median(reached)
        assert times["median"] == (middle if math.isfinite(middle) else None)


def test_curves_carry_every_point_of_every_log(flagship, full_store, data) -> None:
    arms = flagship.arms("quick")
    assert len(data["curves"]) == sum(arm.seeds for arm in arms)
    for arm in arms:
        own = [curve for curve in data["curves"] if curve["arm"] == arm.key]
        for curve, config, log in zip(own, arm.runs, _raw(full_store, arm), strict=True):
            assert (curve["seed"], curve["run"]) == (config.seed, config.run_id)
            if config.kind == "memory":
                assert curve["validation"]["accuracy"] == _accuracies(log)
            checks = [line for line in log if "check" in line]
            assert curve["checks"]["update"] == [line["update"] for line in checks]
            assert curve["probes"] == [line for line in log if "probe" in line]


def test_updates_per_epoch_are_those_of_the_data(flagship, data) -> None:
    # At T = 5 there are only 1,000 palindromes, so equal epochs are far from equal training.
    for arm, row in zip(_of_strings(flagship), data["table"], strict=True):
        examples, per_epoch = (800, 7) if arm.config.length == 5 else (80_000, 625)
        assert (row["training_examples"], row["updates_per_epoch"]) == (examples, per_epoch)
        assert row["updates"] == arm.config.epochs * per_epoch
        assert row["declared_updates"] == arm.declared.epochs * per_epoch


def test_unequal_training_is_said_from_the_data(flagship, data, tmp_path) -> None:
    nothing = gather(flagship.arms("full"), Store(tmp_path))
    rows = table_rows(flagship, nothing)
    (note,) = unequal_training(rows)
    assert note.startswith(
        "T = 20 is trained for 62,500 updates, which are 100 epochs of 80,000 examples. Far fewer "
        "have: T = 5, 700 (100 epochs of 800 examples), 89 times fewer; T = 5, 625 (89.3 epochs of "
        "800 examples), 100 times fewer; T = 10, 20 and 30, 625 (1 epoch of 80,000 examples), 100 "
        "times fewer. Where a claim"
    )
    (control,) = [row for row in rows if row.arm == "T5_long[learning_rate=0.01]"]
    assert (control.updates, control.training_examples) == (62_500, 800)
    assert round(passes_of(control)) == 8_929
    # In the quick profile none has ten times the updates of another.
    assert data["table_notes"] == []


def test_a_row_names_its_figure_and_what_it_changes(data) -> None:
    rows = {row["arm"]: row for row in data["table"]}
    assert rows["fig1[lstm_form=standard]"]["changed"] == {}
    assert rows["fig1[lstm_form=standard]"]["figures"] == ["1", "A1"]
    assert rows["fig6[learning_rate=0.01]"]["changed"] == {"learning_rate": 1e-2}
    assert rows["rnn_T30_slow"]["changed"] == {"cell": "rnn", "learning_rate": 1e-4}
    assert rows["rnn_T30_slow"]["figures"] == []


def test_runs_and_environment_are_those_of_the_records(flagship, data) -> None:
    cells = Counter(
        {
            config.run_id: getattr(config, "cell", "gan")
            for arm in flagship.arms("quick")
            for config in arm.runs
        }.values()
    )
    runs, total = data["runs"], cells.total()
    assert (runs["planned"], runs["finished"], runs["diverged"]) == (total, total, 0)
    assert runs["seconds"] == total * 12.5
    assert data["environment"]["machines"] == [{"runs": total, **MACHINE}]
    assert data["environment"]["versions"] == [{"runs": total, **VERSIONS}]
    assert data["environment"]["compute_paths"] == [
        {"runs": count, **PATH, "kernel": f"torch.{cell}"} for cell, count in cells.most_common()
    ]


def test_claims_carry_every_number(flagship, full_store, data) -> None:
    assert [claim["id"] for claim in data["claims"]] == [claim.id for claim in flagship.claims]
    arms = {arm.key: arm for arm in flagship.arms("quick")}
    fourth = next(claim for claim in data["claims"] if claim["id"] == "R4")
    assert fourth["tested"]
    part = fourth["parts"][1]
    means = {
        arm["arm"]: [
            statistics.fmean(_accuracies(log)[-10:]) for log in _raw(full_store, arms[arm["arm"]])
        ]
        for arm in part["arms"]
    }
    first, second = part["arms"]
    assert first["arm"] == "fig6[learning_rate=0.0001]"
    for arm in (first, second):
        assert [each["value"] for each in arm["values"]] == pytest.approx(means[arm["arm"]])
        assert [each["seed"] for each in arm["values"]] == list(range(8))
        assert arm["median"] == pytest.approx(statistics.median(means[arm["arm"]]))
    less = [b - a for a, b in zip(means[first["arm"]], means[second["arm"]], strict=True)]
    assert [each["effect"] for each in part["seeds"]] == pytest.approx(less)
    assert part["size"]["median"] == pytest.approx(statistics.median(less))
    assert [each["shown"] for each in part["seeds"]] == [each > 0.02 for each in less]
    assert (part["margin"], part["test"]) == (0.02, "smaller")


def test_a_claim_whose_updates_were_not_reached_is_not_tested(data) -> None:
    claims = {claim["id"]: claim for claim in data["claims"]}
    assert {"R4", "R7-0"} <= {name for name, claim in claims.items() if claim["tested"]}
    assert not claims["R1"]["tested"]
    part = claims["R1"]["parts"][0]
    assert not part["tested"]
    assert "62,500" in part["untested"]


def test_settings_carry_their_reasons(flagship, data) -> None:
    assumed = {(each["kind"], each["key"]): each for each in data["settings"]["assumed"]}
    given = for_kind(flagship.file.assumed, "memory")
    assert assumed["memory", "optimizer"]["value"] == "rmsprop"
    assert assumed["memory", "optimizer"]["reason"] == given["optimizer"]
    assert assumed["memory", "seed"]["value"] == list(range(8))
    assert assumed["gan", "seed"]["value"] == [0, 1]
    reported = {(each["kind"], each["key"]): each for each in data["settings"]["reported"]}
    for kind, rate in (("memory", 1e-3), ("gan", 2e-4)):
        keys = {key for of, key in reported if of == kind}
        assert keys == set(for_kind(flagship.file.reported, kind))
        assert reported[kind, "learning_rate"]["value"] == rate


def test_table_2_says_what_the_logs_say(flagship, full_store, data) -> None:
    rows = {row["arm"]: row for row in data["generators"]}
    assert list(rows) == ["gan", "dcgan"]
    floor, noise = data["floors"]
    for arm in flagship.arms("quick", "*gan"):
        row, logs = rows[arm.key], _raw(full_store, arm)
        assert row["finished"] == row["seeds"] == arm.seeds
        last = [[line for line in log if line.get("probe") == "quality"][-1] for log in logs]
        for name in ("frechet", "kernel", "recall", "near"):
            values = [line[name] for line in last]
            assert row[name]["median"] == pytest.approx(statistics.median(values))
            assert [each["value"] for each in row[name]["values"]] == values
        first = logs[0]
        real = next(line for line in first if line.get("probe") == "quality_floor")
        over = [line["frechet"] / real["floor"]["frechet"] for line in last]
        assert row["frechet_over_floor"]["median"] == pytest.approx(statistics.median(over))
        assert floor["frechet"] == real["floor"]["frechet"]
        assert noise["recall"] == real["noise"]["recall"]


def test_claims_read_a_generator_at_its_moments(flagship, full_store, data) -> None:
    claims = {claim["id"]: claim for claim in data["claims"]}
    (arm,) = flagship.arms("quick", "gan")
    (log, _) = _raw(full_store, arm)
    near = {line["update"]: line["near"] for line in log if line.get("probe") == "quality"}
    start = claims["G1"]["parts"][1]["arms"][0]
    assert start["values"][0]["value"] == near[0]
    assert start["label"].endswith("update 0")
    early = claims["G2-0"]["parts"][0]
    assert early["tested"]
    assert early["arms"][0]["values"][0]["value"] == near[10_000]
    late = claims["G2-0"]["parts"][1]
    assert not late["tested"]
    assert late["arms"][0]["n"] == 0
    halfway = claims["G9"]["parts"][0]["arms"][0]
    assert [each["value"] for each in halfway["values"]] == [0.7, 0.7]


def test_the_data_are_json_without_nan(data) -> None:
    assert json.loads(to_json(data)) == data


def test_missing_runs_are_counted(small_study, tmp_path) -> None:
    store = Store(tmp_path / "store")
    arms = small_study.arms("quick")
    first, second = arms[0].runs
    write_run(store, first, made_up_log(first))
    write_run(store, second, made_up_log(second)[:3], status="failed", message="it broke")
    store.create(arms[1].runs[0])
    data = numbers(small_study, store)
    counts = {key: data["runs"][key] for key in ("planned", "finished", "failed")}
    assert counts == {"planned": 6, "finished": 1, "failed": 1}
    assert (data["runs"]["unfinished"], data["runs"]["not_started"]) == (1, 3)
    assert [row["finished"] for row in data["table"]] == [1, 0, 0]
    # Updates follow from the data, also of what no run has trained yet.
    assert data["table"][2]["updates"] == 28
    assert not data["claims"][0]["tested"]
    to_json(data)


def test_a_run_that_diverged_is_counted_and_keeps_json_valid(small_study, tmp_path) -> None:
    store = Store(tmp_path / "store")
    fill(store, small_study.arms("quick")[1:])
    first, second = small_study.arms("quick")[0].runs
    write_run(store, first, [Diverged(3)], status="diverged")
    broken = [
        line._replace(validation={"loss": None, "accuracy": None})
        if isinstance(line, Epoch)
        else line
        for line in made_up_log(second)
    ]
    write_run(store, second, broken)
    data = numbers(small_study, store)
    row = data["table"][0]
    assert row["diverged"] == data["runs"]["diverged"] == 1
    assert row["best_accuracy"]["median"] is None
    assert row["best_accuracy"]["n"] == 0
    to_json(data)


def test_an_experiment_left_out_of_a_profile_has_no_row(tmp_path) -> None:
    text = SMALL.replace("long = { epochs = 4 }", "long = { seeds = 0 }")
    study, store = write_study(tmp_path, text), Store(tmp_path / "store")
    fill(store, study.arms("quick"))
    data = numbers(study, store)
    assert {row["experiment"] for row in data["table"]} == {"short"}
    assert data["figures"][1]["arms"] == []
    assert not data["claims"][0]["parts"][1]["tested"]


def test_a_file_that_is_gone_leaves_its_size_open(tmp_path) -> None:
    rows = "\n".join(f"{i % 10},{i // 10},{i % 2}" for i in range(100))
    (tmp_path / "rows.csv").write_text(f"a,b,target\n{rows}\n")
    text = 'title = "t"\n[experiments.e]\ntask = "file"\ndata = "rows.csv"\n'
    study, store = write_study(tmp_path, text), Store(tmp_path / "store")
    for config in study.arms("full")[0].runs:
        write_run(
            store,
            config,
            made_up_log(config.replace(task="palindrome", data=None, data_sha256=None)),
        )
    snapshot = Snapshot(study, "full", store)
    (tmp_path / "rows.csv").unlink()
    row = report_data(snapshot)["table"][0]
    assert row["training_examples"] is None
    assert row["length"] is None


def test_a_damaged_run_is_said(small_study, tmp_path) -> None:
    store = Store(tmp_path / "store")
    fill(store, small_study.arms("quick"))
    (store.root / small_study.arms("quick")[0].runs[0].run_id / "metrics.jsonl").write_text("{}\n")
    with pytest.raises(StoreError, match="damaged"):
        numbers(small_study, store)
