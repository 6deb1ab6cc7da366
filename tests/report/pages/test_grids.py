from types import SimpleNamespace
from typing import Any

import pytest

from assay.kinds.gan.figures import SamplesSettings
from assay.report.pages import grids


def _shown(kept: dict[int, str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(grids, "grid_hashes", lambda run: kept)
    monkeypatch.setattr(grids, "grid_file", lambda run, update, digest: b"")
    run: Any = SimpleNamespace()
    return [words for words, _, _ in grids.shown_grids(run, SamplesSettings())]


def test_halfway_is_half_of_the_training(monkeypatch) -> None:
    kept = dict.fromkeys((0, 30_000, 40_000, 45_000, 60_000, 90_000), "")
    shown = _shown(kept, monkeypatch)
    assert [words for words in shown if ":" in words] == [
        "start: 0",
        "halfway: 45,000",
        "end: 90,000",
    ]


def test_where_nothing_was_kept_halfway_nothing_is_called_so(monkeypatch) -> None:
    shown = _shown(dict.fromkeys((0, 3, 9), ""), monkeypatch)
    assert shown == ["start: 0", "3", "end: 9"]
