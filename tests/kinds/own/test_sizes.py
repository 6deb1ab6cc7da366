"""Amounts of memory and of output in words."""

import pytest

from assay.kinds.own.sizes import shown, size


def test_sizes() -> None:
    assert [size(text) for text in ("4 GB", "512MiB", "1.5k")] == [4 * 10**9, 2**29, 1500]
    assert shown(4_200_000_000) == "4.2 GB"


@pytest.mark.parametrize("text", ["", "0 GB", "-1k", "4 XB", "GB", "1e3", "1.k"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="an amount of memory, such as 4 GB"):
        size(text)
