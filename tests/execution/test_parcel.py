"""A run that is sent back: it arrives whole, or not at all and by name."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.config import MemoryConfig
from assay.errors import RunLockedError, StoreError
from assay.execution.cluster.parcel import parcel, unpack
from assay.store import RunFolder, Store


@pytest.fixture
def sent(small: MemoryConfig, train_here: Callable[[MemoryConfig], RunFolder]) -> bytes:
    content = parcel(train_here(small))
    assert content is not None
    return content


@pytest.fixture
def there(tmp_path: Path) -> Store:
    store = Store(tmp_path / "there")
    store.prepare()
    return store


def test_it_arrives_with_what_claims_read(
    small: MemoryConfig, sent: bytes, store: Store, there: Store
) -> None:
    unpack(sent, small.run_id, there)
    arrived, left = there.folder(small), store.folder(small)
    assert arrived.complete
    assert arrived.fingerprint() == left.fingerprint()
    assert arrived.metrics().lines == left.metrics().lines


def test_one_that_has_not_ended_is_not_sent(small: MemoryConfig, store: Store) -> None:
    assert parcel(store.create(small)) is None


def test_one_that_has_ended_here_stays(small: MemoryConfig, sent: bytes, there: Store) -> None:
    unpack(sent, small.run_id, there)
    before = {path: path.stat().st_mtime_ns for path in there.folder(small).path.iterdir()}
    unpack(sent, small.run_id, there)
    after = {path: path.stat().st_mtime_ns for path in there.folder(small).path.iterdir()}
    assert {path: at for path, at in after.items() if path.name != "lock"} == {
        path: at for path, at in before.items() if path.name != "lock"
    }


def test_one_that_is_trained_here_is_left_to_it(
    small: MemoryConfig, sent: bytes, there: Store
) -> None:
    with there.create(small).lock(), pytest.raises(RunLockedError):
        unpack(sent, small.run_id, there)
    assert there.folder(small).record() is None


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_bytes_that_changed_on_the_way_are_named_and_nothing_is_written(
    data: st.DataObject, small: MemoryConfig, sent: bytes, there: Store
) -> None:
    at = data.draw(st.integers(0, len(sent) - 1))
    if data.draw(st.booleans(), label="cut off"):
        changed = sent[:at]
    else:
        changed = sent[:at] + bytes([sent[at] ^ 1 << data.draw(st.integers(0, 7))]) + sent[at + 1 :]
    try:
        unpack(changed, small.run_id, there)
    except StoreError:
        assert not there.folder(small).begun
    else:  # a byte that says nothing, such as the time of an entry
        assert there.folder(small).fingerprint()
        there.folder(small).metrics()
        (there.folder(small).path / "record.json").unlink()
        for path in there.folder(small).path.rglob("*.json*"):
            path.unlink()
