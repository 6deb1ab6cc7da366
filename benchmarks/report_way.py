"""Trains a network on palindromes the way the report does it, written from the report's own text.

Section 1.2.2: for each gate an nn.Linear with bias for x and one without for h, a Python loop over
time, an nn.Linear for the output. Section 2.2: batches of 128, hidden size 128, learning rate 1e-3,
gradients clipped at norm 10, 80 % of the strings train. Where it says nothing, a course's usual
script decides: a Dataset that makes one string at a time, a DataLoader, RMSprop, loss and accuracy
of every batch read as they come, the validation strings after every epoch, PyTorch's own number of
threads. Of two readings the quicker is taken: the output layer sees the last step only, and
softmax happens once, inside the loss. The DataLoader makes its strings in the training process
(num_workers=0, its default) or in two others; `auto` tries both and takes the quicker.

It uses nothing of assay. Each run prints one line of JSON. `seconds` is training with its
evaluation; importing PyTorch, making the strings, the trial of `auto` and a warm-up of two updates
are apart.
"""

import argparse
import json
import math
import time

STARTED = time.perf_counter()

import numpy as np  # noqa: E402 - the import is timed
import torch  # noqa: E402
from torch import Tensor, nn  # noqa: E402
from torch.utils.data import DataLoader, Dataset, Subset, random_split  # noqa: E402

IMPORT_SECONDS = time.perf_counter() - STARTED

HIDDEN_SIZE = 128
CLASSES = 10
BATCH_SIZE = 128
LEARNING_RATE = 1e-3
MAX_NORM = 10.0
PORTION_TRAIN = 0.8
WARM_UP_UPDATES = 2
TRIAL_EPOCHS = 5
TRIAL_UPDATES = 625
INTEGER_DIGITS = 18  # that an int64 holds whatever they are

Item = tuple[Tensor, int]


class Palindromes(Dataset[Item]):
    """Distinct palindromes of T digits, each stored as the number that its first half is."""

    def __init__(self, length: int, data_size: int, seed: int) -> None:
        self.length = length
        self.half = math.ceil(length / 2)
        possible = 10**self.half
        rng = np.random.default_rng(seed)
        if self.half <= INTEGER_DIGITS:
            self.numbers = rng.choice(possible, min(data_size, possible), replace=False).tolist()
        else:  # so many are distinct
            halves = rng.integers(0, 10, (data_size, self.half)).tolist()
            self.numbers = [int("".join(map(str, half))) for half in halves]

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, index: int) -> Item:
        left = [int(digit) for digit in str(self.numbers[index]).zfill(self.half)]
        digits = left + left[: self.length // 2][::-1]
        return torch.tensor(digits[:-1], dtype=torch.float32).unsqueeze(1), digits[-1]


class LSTM(nn.Module):
    """Equations 1 to 7; `as_reported` takes equation 6 as it is printed."""

    def __init__(self, as_reported: bool, hidden_size: int = HIDDEN_SIZE) -> None:
        super().__init__()
        self.as_reported, self.hidden_size = as_reported, hidden_size
        self.gx = nn.Linear(1, hidden_size)
        self.gh = nn.Linear(hidden_size, hidden_size, bias=False)
        self.ix = nn.Linear(1, hidden_size)
        self.ih = nn.Linear(hidden_size, hidden_size, bias=False)
        self.fx = nn.Linear(1, hidden_size)
        self.fh = nn.Linear(hidden_size, hidden_size, bias=False)
        self.ox = nn.Linear(1, hidden_size)
        self.oh = nn.Linear(hidden_size, hidden_size, bias=False)
        self.ph = nn.Linear(hidden_size, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        """Logits of the last step from (N, T - 1, 1) digits."""
        h = torch.zeros(x.size(0), self.hidden_size)
        c = torch.zeros(x.size(0), self.hidden_size)
        for t in range(x.size(1)):
            xt = x[:, t, :]
            g = torch.tanh(self.gx(xt) + self.gh(h))
            i = torch.sigmoid(self.ix(xt) + self.ih(h))
            f = torch.sigmoid(self.fx(xt) + self.fh(h))
            o = torch.sigmoid(self.ox(xt) + self.oh(h))
            c = g * i + c * f
            h = torch.tanh(c * o) if self.as_reported else o * torch.tanh(c)
        logits: Tensor = self.ph(h)
        return logits


class RNN(nn.Module):
    """The network of figure 9."""

    def __init__(self) -> None:
        super().__init__()
        self.hx = nn.Linear(1, HIDDEN_SIZE)
        self.hh = nn.Linear(HIDDEN_SIZE, HIDDEN_SIZE, bias=False)
        self.ph = nn.Linear(HIDDEN_SIZE, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        """Logits of the last step from (N, T - 1, 1) digits."""
        h = torch.zeros(x.size(0), HIDDEN_SIZE)
        for t in range(x.size(1)):
            h = torch.tanh(self.hx(x[:, t, :]) + self.hh(h))
        logits: Tensor = self.ph(h)
        return logits


def make_network(cell: str, as_reported: bool) -> nn.Module:
    return RNN() if cell == "rnn" else LSTM(as_reported)


def make_loaders(
    strings: Palindromes, num_workers: int
) -> tuple["DataLoader[Item]", "DataLoader[Item]"]:
    """Training strings, shuffled every epoch, and validation strings."""
    count = int(PORTION_TRAIN * len(strings))
    training, validation = random_split(strings, [count, len(strings) - count])
    return (
        DataLoader(training, batch_size=BATCH_SIZE, shuffle=True, num_workers=num_workers),
        DataLoader(validation, batch_size=BATCH_SIZE, num_workers=num_workers),
    )


def accuracy(outputs: Tensor, labels: Tensor) -> float:
    return float((outputs.argmax(dim=1) == labels).float().mean().item())


def evaluate(
    network: nn.Module, loader: "DataLoader[Item]", criterion: nn.Module
) -> tuple[float, float]:
    """Loss and accuracy on the validation strings."""
    network.eval()
    loss = right = 0.0
    count = 0
    with torch.no_grad():
        for inputs, labels in loader:
            outputs = network(inputs)
            loss += criterion(outputs, labels).item() * len(labels)
            right += accuracy(outputs, labels) * len(labels)
            count += len(labels)
    network.train()
    return loss / count, right / count


def update(
    network: nn.Module,
    criterion: nn.Module,
    optimizer: torch.optim.Optimizer,
    inputs: Tensor,
    labels: Tensor,
) -> tuple[float, float]:
    """One update; loss and accuracy of its batch before it."""
    outputs = network(inputs)
    loss = criterion(outputs, labels)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), MAX_NORM)
    optimizer.step()
    return loss.item(), accuracy(outputs, labels)


def train(
    network: nn.Module,
    loaders: tuple["DataLoader[Item]", "DataLoader[Item]"],
    updates: int,
) -> float:
    """Train, evaluating after every epoch and at the end; returns the last validation accuracy."""
    training, validation = loaders
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.RMSprop(network.parameters(), lr=LEARNING_RATE)
    done, found = 0, 0.0
    while done < updates:
        losses: list[float] = []
        accuracies: list[float] = []
        for inputs, labels in training:
            loss, right = update(network, criterion, optimizer, inputs, labels)
            losses.append(loss)
            accuracies.append(right)
            done += 1
            if done == updates:
                break
        _, found = evaluate(network, validation, criterion)
    return found


def quicker_num_workers(options: argparse.Namespace) -> int:
    """0 or 2, whichever trains a new network for some epochs sooner."""
    strings = Palindromes(options.length, options.data_size, seed=0)
    warm_up(options.cell, options.as_reported, strings)
    seconds = {}
    for num_workers in (0, 2):
        loaders = make_loaders(strings, num_workers)
        network = make_network(options.cell, options.as_reported)
        updates = min(TRIAL_EPOCHS * len(loaders[0]), options.updates, TRIAL_UPDATES)
        start = time.perf_counter()
        train(network, loaders, updates)
        seconds[num_workers] = time.perf_counter() - start
    return min(seconds, key=seconds.__getitem__)


def warm_up(cell: str, as_reported: bool, strings: Palindromes) -> None:
    """A little training of a network that is thrown away: what PyTorch does only once."""
    few = Subset(strings, range(2 * BATCH_SIZE))
    loader: DataLoader[Item] = DataLoader(few, batch_size=BATCH_SIZE)
    train(make_network(cell, as_reported), (loader, loader), WARM_UP_UPDATES)


def run(options: argparse.Namespace, seed: int, num_workers: int) -> dict[str, object]:
    """One run from its seed."""
    torch.manual_seed(seed)
    start = time.perf_counter()
    strings = Palindromes(options.length, options.data_size, seed)
    made = time.perf_counter()
    loaders = make_loaders(strings, num_workers)
    network = make_network(options.cell, options.as_reported)
    warm_up(options.cell, options.as_reported, strings)
    ready = time.perf_counter()
    found = train(network, loaders, options.updates)
    return {
        "updates": options.updates,
        "seconds": round(time.perf_counter() - ready, 4),
        "accuracy": round(found, 4),
        "seed": seed,
        "num_workers": num_workers,
        "threads": torch.get_num_threads(),
        "import_seconds": round(IMPORT_SECONDS, 4),
        "dataset_seconds": round(made - start, 4),
        "warm_up_seconds": round(ready - made, 4),
    }


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add = parser.add_argument
    add("--length", type=int, default=5, help="digits T of a palindrome, the last one the label")
    add("--cell", choices=["lstm", "rnn"], default="lstm")
    add("--as-reported", action="store_true", help="equation 6 as printed: h = tanh(c * o)")
    add("--updates", type=int, default=700)
    add("--data-size", type=int, default=100_000, help="palindromes, training and validation")
    add("--seeds", type=int, nargs="+", default=[0], help="one run each, one after the other")
    add("--num-workers", choices=["0", "2", "auto"], default="0", help="of the DataLoader")
    add("--threads", type=int, help="PyTorch's own choice if left out: one a core")
    return parser.parse_args()


def main() -> None:
    options = parse()
    if options.threads:
        torch.set_num_threads(options.threads)
    chosen = options.num_workers
    num_workers = quicker_num_workers(options) if chosen == "auto" else int(chosen)
    for seed in options.seeds:
        print(json.dumps(run(options, seed, num_workers)), flush=True)


if __name__ == "__main__":
    main()
