"""Settings of a budget: runs that differ in these alone are one training, longer or shorter."""

from typing import Any

import pytest

from assay.config import GanConfig, MemoryConfig, RunConfig, kind_named, kind_names
from assay.execution.start import start
from assay.store import Store
from assay.store.log import Log

SMALL: dict[str, tuple[RunConfig, dict[str, Any]]] = {
    "memory": (
        MemoryConfig(length=5, data_size=500, hidden_size=4, updates=75),
        {"updates": 125, "epochs": 3, "stop_accuracy": 0.999, "measure_at": [50, 100]},
    ),
    "gan": (
        GanConfig(updates=100, batch_size=4, latent_dim=2),
        {
            **{"updates": 150, "epochs": 2, "save_interval": 60},
            **{"measure_at": [50, 75], "keep_at": [75]},
        },
    ),
}


def checks(log: Log, until: int) -> list[tuple[int, dict[str, Any]]]:
    return [(each.update, dict(each.measures)) for each in log.checks if each.update <= until]


@pytest.mark.parametrize("name", SMALL)
def test_a_longer_run_begins_as_the_shorter(name: str, store: Store) -> None:
    short, changes = SMALL[name]
    assert set(changes) == kind_named(name).budget
    long = short.replace(**changes)
    with start([short, long], store) as session:
        assert {each.status for each in session.results()} == {"finished"}
    first, second = (store.folder(config).metrics() for config in (short, long))
    until = kind_named(name).updates(short)
    assert len(checks(first, until)) >= 2
    assert checks(first, until) == checks(second, until)


def test_a_budget_is_made_of_settings() -> None:
    for name in kind_names():
        kind = kind_named(name)
        assert kind.budget <= set(kind.config.model_fields)
        assert "seed" not in kind.budget
