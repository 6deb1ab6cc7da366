import torch
from torch import nn

from assay.metrics.classification import accuracy
from assay.training.supervised import Average, Examples, Loss, Supervised, cross_entropy


class Noisy(nn.Module):
    """Dropout before a layer, as an own cell may have it."""

    def __init__(self) -> None:
        super().__init__()
        self.drop, self.layer = nn.Dropout(0.5), nn.Linear(6, 3)

    def forward(self, x_ND: torch.Tensor) -> torch.Tensor:
        found: torch.Tensor = self.layer(self.drop(x_ND))
        return found


def _objective(network: nn.Module, average: Average | None = None) -> Supervised:
    generator = torch.Generator().manual_seed(0)
    examples = Examples(
        torch.randn(600, 6, generator=generator), torch.randint(3, (600,), generator=generator)
    )
    return Supervised(
        network,
        examples,
        examples,
        lambda inputs: inputs,
        Loss(cross_entropy, accuracy),
        "adam",
        1e-3,
        None,
        "test",
        average,
    )


def _expected(network: nn.Module, objective: Supervised) -> tuple[float, float]:
    examples = objective._validation
    with torch.no_grad():
        outputs = network.eval()(examples.inputs)
    right = (outputs.argmax(dim=1) == examples.targets).double().mean()
    return float(nn.functional.cross_entropy(outputs.double(), examples.targets)), float(right)


def test_evaluation_is_without_dropout_and_training_goes_on_with_it() -> None:
    network = Noisy()
    objective = _objective(network)
    found = objective.evaluate()
    assert network.training
    assert objective.check()["accuracy"] == found["accuracy"]
    loss, accuracy = _expected(network, objective)
    assert found["accuracy"] == accuracy
    assert found["loss"] is not None
    assert abs(found["loss"] - loss) < 1e-6


def test_where_there_is_an_average_it_is_what_is_evaluated() -> None:
    network, average = Noisy(), Noisy()
    objective = _objective(network, Average(average, 0.9))
    found = objective.evaluate()
    assert network.training
    assert not average.training
    assert found["accuracy"] == _expected(average, objective)[1]
    assert found["accuracy"] != _expected(network, objective)[1]
