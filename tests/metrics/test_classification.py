import pytest
import torch

from assay.metrics.classification import accuracy, within


def test_accuracy_is_whether_the_highest_logit_is_the_target() -> None:
    logits = torch.tensor([[0.1, 0.9, 0.0], [2.0, 1.0, 3.0], [-1.0, -2.0, -3.0]])
    right = accuracy(logits, torch.tensor([1, 1, 0]))
    assert right.dtype == torch.bool
    assert right.tolist() == [True, False, True]


def test_counts_add_up_over_unequal_batches() -> None:
    source = torch.Generator().manual_seed(0)
    logits, targets = torch.randn(101, 10, generator=source), torch.arange(101) % 10
    parts = [accuracy(logits[i : i + 32], targets[i : i + 32]).sum() for i in range(0, 101, 32)]
    wanted = sum(
        int(max(range(10), key=row.__getitem__) == target)
        for row, target in zip(logits.tolist(), targets.tolist(), strict=True)
    )
    assert sum(int(part) for part in parts) == int(accuracy(logits, targets).sum()) == wanted


def test_targets_may_be_bytes() -> None:
    targets = torch.tensor([1, 0], dtype=torch.uint8)
    assert accuracy(torch.tensor([[0.0, 1.0], [0.0, 1.0]]), targets).tolist() == [True, False]


@pytest.mark.parametrize("shape", [(4,), (4, 1)])
def test_within_is_strictly_less_than_the_tolerance(shape: tuple[int, ...]) -> None:
    predictions = torch.tensor([1.0, 1.5, 0.4, float("nan")]).view(shape)
    right = within(predictions, torch.tensor([1.25, 1.0, 0.5, 1.0]), tolerance=0.5)
    assert right.tolist() == [True, False, True, False]


def test_within_does_not_broadcast() -> None:
    with pytest.raises(RuntimeError, match="shape"):
        within(torch.zeros(4, 2), torch.zeros(4), 0.1)
