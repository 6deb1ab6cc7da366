"""What is shown while runs train, on a terminal and elsewhere."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from assay.campaign import Campaign
from assay.claims.standing import Standing
from assay.cli.show.campaign import CampaignProgress
from assay.cli.show.progress import Progress
from assay.config import MemoryConfig
from assay.execution.events import Elsewhere, Result, Update
from assay.store import Store
from assay.study import load_study
from tests.campaign.made_up_executor import MadeUp
from tests.campaign.test_campaign import clear
from tests.claims.made_up_claims import part, write


@pytest.fixture
def configs(small: MemoryConfig) -> list[MemoryConfig]:
    return [small.replace(seed=seed) for seed in range(3)]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    return now


def _console(*, terminal: bool) -> tuple[Console, io.StringIO]:
    out = io.StringIO()
    return Console(file=out, force_terminal=terminal, width=120, color_system=None), out


def test_off_a_terminal_each_run_that_ends_has_a_line(
    configs: list[MemoryConfig], clock: list[float]
) -> None:
    console, out = _console(terminal=False)
    progress = Progress(configs, 1, console)
    with progress.shown():
        progress.see(Update(configs[0].run_id, 4, 24, 1, 0.25))
        assert out.getvalue() == ""
        clock[0] = 10.0
        progress.see(Update(configs[0].run_id, 24, 24, 3, 0.5))
        progress.see(Result(configs[0].run_id, "finished", notices=("2 rows left out",)))
        progress.see(Elsewhere(configs[1].run_id))
        progress.see(Result(configs[2].run_id, "failed", "by zero"))
        progress.see(Result(configs[1].run_id, "diverged"))
    assert out.getvalue().splitlines() == [
        f"[1/3] {configs[0].label}: finished, accuracy 0.500; 24 s left",
        "  2 rows left out",
        f"{configs[1].label}: another process is training it, so it comes last",
        f"[2/3] {configs[2].label}: failed",
        f"  run {configs[2].run_id}: by zero",
        f"[3/3] {configs[1].label}: diverged",
    ]


def test_off_a_terminal_a_line_says_what_is_on(
    configs: list[MemoryConfig], clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.strftime", lambda form: "12:00:00")
    console, out = _console(terminal=False)
    progress = Progress(configs, 1, console)
    progress.still_on()
    progress.see(Update(configs[0].run_id, 4, 24, 1, None))
    clock[0] = 10.0
    progress.see(Update(configs[0].run_id, 14, 24, 2, 0.5))
    progress.still_on()
    assert out.getvalue().splitlines() == [
        "12:00:00 0 of 3 runs, 0 s spent, measuring the time left",
        f"12:00:00 0 of 3 runs, 10 s spent, 58 s left; {configs[0].label} epoch 2, accuracy 0.500",
    ]


def test_off_a_terminal_a_line_says_how_far_open_claims_are(
    tmp_path: Path, store: Store, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.strftime", lambda form: "12:00:00")
    console, out = _console(terminal=False)
    campaign = Campaign(load_study(str(write(tmp_path, [part()]))), "full", store)
    shown, executor = CampaignProgress(campaign, console), MadeUp(clear)

    def look(standings: list[Standing]) -> None:
        shown.look(standings)
        if len(executor.ended) == 4:
            shown.still_on()

    campaign.run(shown.see, look, executor=executor)
    (line,) = [line for line in out.getvalue().splitlines() if line.startswith("12:00:00")]
    assert line.startswith("12:00:00 0 of 1 claims decided, 4 runs, ")
    assert "; C1 3.2 to 1 of 20 after 2 seeds; +3 if all agree" in line


def test_on_a_terminal_runs_under_way_are_shown_with_rate_and_time_left(
    configs: list[MemoryConfig], clock: list[float]
) -> None:
    console, out = _console(terminal=True)
    progress = Progress(configs, 1, console)
    with progress.shown():
        progress.see(Update(configs[0].run_id, 4, 24, 1, None))
        _shown(progress, out, "0 of 3 runs, 0 s spent, measuring the time left")
        clock[0] = 10.0
        progress.see(Update(configs[0].run_id, 14, 24, 2, 0.5))
        text = _shown(progress, out, "0 of 3 runs, 10 s spent, 58 s left")
        assert "epoch 2  1 updates/s  accuracy 0.500" in text
        progress.see(Elsewhere(configs[1].run_id))
        _shown(progress, out, "0 of 3 runs, 10 s spent, 34 s left, 1 trained by other processes")
        progress.see(Result(configs[0].run_id, "finished"))
        text = _shown(progress, out, "1 of 3 runs, 10 s spent, waiting for 1 trained by other")
        assert "updates/s" not in text, "a run that ended is not under way"
        progress.see(Update(configs[1].run_id, 8, 24, 1, None))
        _shown(progress, out, "1 of 3 runs, 10 s spent, 40 s left")
    assert f"[1/3] {configs[0].label}: finished, accuracy 0.500\n" in out.getvalue().replace(
        "\r", ""
    )


def _shown(progress: Progress, out: io.StringIO, words: str) -> str:
    assert progress._live is not None
    before = len(out.getvalue())
    progress._live.refresh()
    text = out.getvalue()[before:]
    assert words in text
    return text
