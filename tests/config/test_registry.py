"""Kinds of other packages are found by name, and what cannot be one is told with its package."""

import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from assay.config import kind_named, kind_names, package_of, registry
from assay.errors import ConfigError

TOY = Path(__file__).parents[1] / "kinds" / "toy"
KIND = "sorting_kind:KIND"


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Has entry points, by name and target, be those of the packages that are installed."""
    monkeypatch.syspath_prepend(str(TOY))

    def points(*named: tuple[str, str]) -> None:
        found = [EntryPoint(name, target, "assay.kinds") for name, target in named]
        monkeypatch.setattr(registry, "entry_points", lambda group: found)
        registry._others.cache_clear()

    yield points
    registry._others.cache_clear()
    sys.modules.pop("sorting_kind", None)


def test_it_is_found_beside_those_of_assay(install) -> None:
    install(("sorting", KIND))
    assert kind_named("sorting").name == "sorting"
    assert kind_names()[0] == "memory"
    assert kind_names()[-1] == "sorting"
    assert package_of("memory") is None
    assert package_of("sorting") == ("sorting_kind", "unknown")
    with pytest.raises(ConfigError, match=r"allowed are memory, gan, .*, sorting$"):
        kind_named("sortin")


def test_its_package_and_version_are_known(monkeypatch: pytest.MonkeyPatch, install) -> None:
    registry._others.cache_clear()  # as Python finds it, by its folder of metadata
    assert package_of("sorting") == ("sorting-kind", "1.0")


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ([("memory", "assay.kinds.memory:KIND")], "assay has a kind of that name"),
        ([("other", KIND)], "calls itself 'sorting': entry point and kind should have one name"),
        ([("sorting", KIND)] * 2, "of sorting_kind: sorting_kind has a kind of that name"),
        ([("sorting", "sorting_kind:EVERY")], "sorting_kind:EVERY is a int, and should be an"),
        ([("sorting", "sorting_kind:NO")], "cannot be loaded: AttributeError"),
        ([("sorting", "nowhere:KIND")], "cannot be loaded: ModuleNotFoundError"),
    ],
)
def test_what_cannot_be_a_kind_is_named(install, named, message: str) -> None:
    install(*named)
    with pytest.raises(ConfigError, match=message):
        kind_names()
    assert kind_named("memory").name == "memory", "those of assay need no other package"
