"""What made-up universes come to, through the command."""

import json
from pathlib import Path
from typing import Any

import pytest

from assay.cli import call
from assay.config import MemoryConfig
from assay.store import Store
from tests.claims.made_up_universes import STUDY, Time, fill, fill_profile, write


def over(path: Path, store: Store, capsys: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """What `assay claims --json` says of the two multiverses."""
    assert call(["claims", str(path), "--store", str(store.root), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["claims"]
    return found[0]["multiverse"], found[1]["multiverse"]


def _lstm_wins(run: MemoryConfig) -> int | None:
    return 100 + 25 * run.seed if run.cell == "lstm" else None


def _adam_decides(run: MemoryConfig) -> int:
    """With RMSprop the LSTM is twice as fast, with Adam the RNN is."""
    fast = (run.cell == "lstm") == (run.optimizer == "rmsprop")
    return (100 if fast else 200) + 25 * run.seed


def test_a_claim_that_holds_in_every_universe(tmp_path, store, capsys) -> None:
    path = write(tmp_path)
    fill(path, store, _lstm_wins)
    solved, times = over(path, store, capsys)
    for found in (solved, times):
        assert (found["universes"], found["complete"], found["claimed"]) == (8, 8, 8)
        assert found["runs"] == {
            "planned": 8 * 3 + 2 * 3,
            "finished": 30,
            "diverged": 0,
            "failed": 0,
            "unfinished": 0,
            "not_started": 0,
        }
        assert found["turns"] == []
        assert found["inference"]["mean"]["p_supported"] == 1 / 20
        assert found["inference"]["share"]["p_supported"] == 1 / 20
        assert found["inference"]["mean"]["p_refuted"] == 1
        assert "of 20 relabellings p can be no less than 0.05" in found["words"]["p"]
        assert found["words"]["sentence"].endswith("in every universe.")
        assert found["words"]["missing"] == ""
    assert solved["mean"] == 1
    # 100, 125, 150 updates against the whole budget of 400.
    assert times["mean"] == pytest.approx(400 / (100 * 125 * 150) ** (1 / 3))
    assert "Mean effect: 3.24 times as many updates." in times["words"]["sides"].replace(
        "\u00a0", " "
    )
    first = solved["curve"][0]
    assert (first["effect"], first["solved"]) == (1, [3, 0])
    assert first["low"] == first["high"] == 1
    assert first["times"] == [[100, 125, 150], [None, None, None]]


def test_a_choice_that_turns_the_sign_is_named(tmp_path, store, capsys) -> None:
    path = write(tmp_path)
    fill(path, store, _adam_decides)
    solved, times = over(path, store, capsys)
    # All runs are solved, so no share differs.
    assert (solved["none"], solved["mean"], solved["turns"]) == (8, 0, [])
    assert solved["words"]["sentence"] == "The two arms differ in no universe."
    assert (times["claimed"], times["other"], times["none"]) == (4, 4, 0)
    assert [turn["axis"] for turn in times["turns"]] == ["optimizer"] * 4
    assert all(turn["claimed"]["optimizer"] == "rmsprop" for turn in times["turns"])
    by_axis = {choice["axis"]: choice for choice in times["choices"]}
    rmsprop, adam = by_axis["optimizer"]["values"]
    assert (rmsprop["claimed"], adam["claimed"]) == (4, 0)
    # 100, 125, 150 against 200, 225, 250.
    assert rmsprop["mean"] == pytest.approx(1 / adam["mean"])
    assert 1.6 < rmsprop["mean"] < 2
    assert (by_axis["lstm_form"]["turns"], by_axis["optimizer"]["turns"]) == (0, 4)
    assert (
        "One choice alone turns the sign in 4 pairs of universes: optimizer in 4."
        in (times["words"]["turns"])
    )
    assert times["words"]["sentence"].endswith("above all on optimizer.")
    assert [each["side"] for each in times["curve"]] == ["other"] * 4 + ["claimed"] * 4


def test_sides_that_it_takes_two_choices_to_turn(tmp_path, store, capsys) -> None:
    def time(run: MemoryConfig) -> int | None:
        wins = {("rmsprop", "linear"): "lstm", ("adam", "pytorch"): "rnn"}
        winner = wins.get((run.optimizer, run.initialisation), "both")
        return 100 if winner in ("both", run.cell) else None

    path = write(tmp_path, STUDY.replace('"chrono"', '"pytorch"'))
    fill(path, store, time)
    solved, _ = over(path, store, capsys)
    assert solved["turns"] == []
    assert (solved["claimed"], solved["other"], solved["none"]) == (2, 2, 4)
    assert "it takes several together" in solved["words"]["turns"]


def test_smaller_counts_the_other_way_round(tmp_path, store, capsys) -> None:
    path = write(tmp_path, STUDY.replace('test = "greater"', 'test = "smaller"'))
    fill(path, store, _lstm_wins)
    solved, _ = over(path, store, capsys)
    assert (solved["other"], solved["mean"]) == (8, -1)
    assert solved["inference"]["mean"]["p_refuted"] == 1 / 20
    assert (
        "In 0 of 8 universes LSTM is solved less often than RNN, in 8 more"
        in (solved["words"]["sides"])
    )


def _with(time: Time, word: str, **which: Any) -> Time:
    def changed(run: MemoryConfig) -> int | str | None:
        hit = all(getattr(run, name) == value for name, value in which.items())
        return word if hit else time(run)

    return changed


def test_an_arm_that_never_gets_there(tmp_path, store, capsys) -> None:
    path = write(tmp_path)
    fill(path, store, lambda run: None if run.cell == "lstm" else 100)
    solved, times = over(path, store, capsys)
    assert (solved["other"], times["other"]) == (8, 8)
    assert times["mean"] == pytest.approx(1 / 4)
    assert times["words"]["sentence"].startswith("It is the other way round in every universe")


def test_missing_runs_are_counted_and_their_universes_left_out(tmp_path, store, capsys) -> None:
    path = write(tmp_path)
    # One run of the RNN, which serves four universes, and one of the LSTM, which has its own.
    time = _with(_lstm_wins, "missing", cell="rnn", optimizer="adam", seed=1)
    own = {"cell": "lstm", "optimizer": "rmsprop", "lstm_form": "standard", "seed": 2}
    fill(path, store, _with(time, "failed", initialisation="linear", **own))
    solved, times = over(path, store, capsys)
    for found in (solved, times):
        assert (found["universes"], found["complete"], found["claimed"]) == (8, 3, 3)
        assert (found["runs"]["failed"], found["runs"]["not_started"]) == (1, 1)
        assert found["words"]["missing"] == (
            "2 of 30 runs are missing, 1 of them failed, which leaves out 5 universes."
        )
        assert [each["side"] for each in found["curve"]] == ["claimed"] * 3 + [None] * 5
        assert [each["ended"] for each in found["curve"]].count([3, 2]) == 4


def test_diverged_runs_are_counted_and_not_solved(tmp_path, store, capsys) -> None:
    path = write(tmp_path)
    fill(path, store, _with(_lstm_wins, "diverged", cell="lstm", optimizer="adam", seed=0))
    solved, times = over(path, store, capsys)
    for found in (solved, times):
        assert found["complete"] == 8
        assert found["runs"]["diverged"] == 4
        assert found["words"]["missing"] == "4 of 30 runs diverged: they are not solved."
        assert [each["solved"] for each in found["curve"]].count([2, 0]) == 4
    assert solved["mean"] == pytest.approx(5 / 6)


def test_what_people_read(tmp_path, store, capsys) -> None:
    path = write(tmp_path)
    arguments = ["claims", str(path), "--store", str(store.root)]
    assert call(arguments) == 0
    assert "universe" not in capsys.readouterr().out
    fill(path, store, _adam_decides)
    assert call(arguments) == 0
    lines = capsys.readouterr().out.replace("\u00a0", " ").splitlines()
    start = lines.index("T: The LSTM is faster.")
    text = "\n".join(lines[start:])
    assert "In 4 of 8 universes LSTM is solved sooner than RNN, in 4 later, and in 0" in text
    assert "optimizer in 4" in text
    assert "no less than 0.05" in text
    fill_profile(path, store)
    assert call(["show", *arguments[1:]]) == 0
    assert "in 4 of 8 universes)" in capsys.readouterr().out.replace("\n  ", " ")
