"""The runs of a store, listed and filtered."""

import json

import pytest

from assay.cli import call
from assay.config import MemoryConfig
from assay.store import Store
from tests.store.made_up import end


def listed(capsys: pytest.CaptureFixture[str], store: Store, *words: str) -> list[str]:
    assert call(["status", "--store", str(store.root), "--json", *words]) == 0
    return [row["run"] for row in json.loads(capsys.readouterr().out)["runs"]]


def test_runs_are_chosen_by_how_far_and_what_they_are(
    small: MemoryConfig, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, third = (small.replace(seed=seed, cell="rnn") for seed in (1, 2, 31))
    end(store, first)
    end(store, second, "failed")
    store.create(third)
    every = sorted(each.run_id for each in (first, second, third))
    assert listed(capsys, store) == every
    assert listed(capsys, store, "--state", "failed") == [second.run_id]
    both = listed(capsys, store, "--state", "failed", "--state", "unfinished")
    assert both == sorted([second.run_id, third.run_id])
    assert listed(capsys, store, "--match", first.run_id[:9]) == [first.run_id]
    assert third.run_id in listed(capsys, store, "--match", "seed=3")
    assert listed(capsys, store, "--match", "seed=3", "--state", "finished") == []


def test_the_last_line_says_of_how_many(
    small: MemoryConfig, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    end(store, small)
    store.create(small.replace(seed=1))
    assert call(["status", "--store", str(store.root), "--state", "finished"]) == 0
    assert capsys.readouterr().out.endswith(f"1 of 2 runs in {store.root}, 1 finished\n")
