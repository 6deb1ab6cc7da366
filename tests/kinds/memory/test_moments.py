"""When a recurrent network's gradient through time is measured."""

from collections.abc import Callable

import pytest

from assay.config import MemoryConfig, kind_named
from assay.store import RunFolder


@pytest.mark.parametrize(
    ("settings", "moments"),
    [
        ({"updates": 630}, [0, 625, 630]),  # the report's first epoch at T = 20 ends at 625
        ({"updates": 625}, [0, 625]),
        ({"updates": 20}, [0, 20]),
        ({"updates": 30, "measure_at": (0, 7)}, [0, 7, 30]),
    ],
)
def test_the_gradient_is_measured_when_the_kind_says_so(
    settings: dict[str, object],
    moments: list[int],
    train_here: Callable[[MemoryConfig], RunFolder],
) -> None:
    config = MemoryConfig(hidden_size=2, data_size=100, batch_size=80, **settings)
    log = train_here(config).metrics()
    assert [probe.update for probe in log.probes if probe.name == "state_gradient"] == moments
    assert kind_named("memory").logged(config)["state_gradient.whole"] == frozenset(moments)
