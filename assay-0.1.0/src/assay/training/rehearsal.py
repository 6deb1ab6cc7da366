"""An interruption, rehearsed before a run: is all that decides its numbers in a checkpoint?

An objective is trained for two updates. What a checkpoint would hold of it goes into a second one
that was built from the same configuration, and both make the next update: every number must be the
same, to the last bit. Whatever own code keeps elsewhere shows as a difference. Attributes that
change but decide nothing, such as a constant that is worked out once or a count for a log, do not
matter.

A counter may decide something only after thousands of updates. So numbers that changed are moved on
as far as that many updates would, and the next update is made again. Code that then raises, or
gives no finite numbers, tells nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from assay.training.loop import take_step
from assay.training.objective import Objective
from assay.training.resume import captured, restore
from assay.training.schedule import Schedule

_UPDATES = 2
_EXAMPLES = 8
_AHEAD = (0.0, 30.0, 3e3, 3e5)
_NO_STATE = frozenset(vars(nn.Module()))
_DEPTH = 4

Numbers = dict[str, Tensor]


def what_is_not_held(make: Callable[[], tuple[Objective, Schedule]]) -> str:
    """What a checkpoint would not hold, as the rest of a sentence; empty if there is nothing.

    `make` builds the objective of one configuration anew each time. The global generator is left as
    it was.
    """
    threads = torch.get_num_threads()
    with torch.random.fork_rng(devices=[]):
        torch.set_num_threads(1)
        try:
            return _rehearse(make)
        finally:
            torch.set_num_threads(threads)


def _rehearse(make: Callable[[], tuple[Objective, Schedule]]) -> str:
    first, schedule = make()
    begun = _copied(captured(first))
    second, _ = make()
    if not _equal(begun, captured(second)):
        return (
            "begins with other numbers each time it is built with one seed: it should draw from "
            "PyTorch's generator alone"
        )
    restore(first, _copied(begun))
    for update in range(_UPDATES):
        _update(first, schedule, update)
    held = _copied(captured(first))
    try:
        restore(second, _copied(held))
    except (RuntimeError, KeyError) as error:
        reason = " ".join(str(error).split())
        return f"cannot be taken up again after {_UPDATES} updates: {reason}"
    changed = _changed(first, second)
    for ahead in _AHEAD:
        for one, other in changed.values():
            one.move(other, ahead)
        try:
            expected = _next(first, held, schedule)
            for _, other in changed.values():
                other.reset()
            found = _next(second, held, schedule)
        except Exception:
            if ahead:
                continue
            raise
        if ahead and not all(bool(value.isfinite().all()) for value in expected.values()):
            continue
        if not _equal(expected, found):
            return _told(list(changed))
        if not any(one.is_number for one, _ in changed.values()):
            break
    return ""


def _told(names: list[str]) -> str:
    what = "keeps state that its state_dict does not hold, so that after an interruption it would "
    what += "go on with other numbers: "
    if names:
        return what + (
            f"{', '.join(names)}; keep it in a tensor that register_buffer names, changed in place"
        )
    return what + (
        "none of its attributes, so maybe a global variable, or NumPy's or Python's own random "
        "numbers; keep what counts in a buffer, and draw from PyTorch's generator"
    )


def _update(objective: Objective, schedule: Schedule, update: int) -> Numbers:
    batch = schedule.batch(update)[:_EXAMPLES]
    recorded: Numbers = {}
    for number, phase in enumerate(objective.phases):
        recorded |= {f"{number} {key}": value for key, value in take_step(phase, batch).items()}
    objective.after_update()
    return recorded


def _next(objective: Objective, held: Numbers, schedule: Schedule) -> Numbers:
    """Everything that the next update comes to, from what a checkpoint holds."""
    restore(objective, _copied(held))  # an optimizer takes the tensors themselves
    recorded = _update(objective, schedule, min(_UPDATES, schedule.updates - 1))
    return _copied({**recorded, **captured(objective)})


class _Attribute:
    """An attribute of an object, with the value that it had when it was found."""

    def __init__(self, owner: object, name: str) -> None:
        self.owner, self.name = owner, name
        self.value = _copy(vars(owner)[name])

    @property
    def is_number(self) -> bool:
        return isinstance(self.value, int | float) and not isinstance(self.value, bool)

    def reset(self) -> None:
        if self.is_number:
            setattr(self.owner, self.name, self.value)

    def move(self, start: "_Attribute", ahead: float) -> None:
        """Put a number where many more updates like those since `start` would bring it."""
        if self.is_number and start.is_number:
            moved = self.value + ahead * (self.value - start.value)
            setattr(self.owner, self.name, type(self.value)(moved))


def _changed(first: Objective, second: Objective) -> dict[str, tuple[_Attribute, _Attribute]]:
    """The attributes of own objects in which a trained objective differs from a new one."""
    ours, theirs = dict(_attributes(first)), dict(_attributes(second))
    return {
        where[0]: (found, theirs[where])
        for where, found in ours.items()
        if where in theirs and not _same(found.value, theirs[where].value)
    }


def _attributes(objective: Objective) -> Iterator[tuple[tuple[str, str], _Attribute]]:
    for place, owner in _owners(objective):
        for name in vars(owner):
            if name not in _NO_STATE:
                yield (f"{type(owner).__name__}.{name}", place), _Attribute(owner, name)


def _owners(objective: Objective) -> Iterator[tuple[str, object]]:
    """Modules and other objects of an objective whose classes are neither assay's nor PyTorch's."""
    parts = {**vars(objective), **objective.modules}
    for name, part in parts.items():
        inner = part.named_modules() if isinstance(part, nn.Module) else [("", part)]
        for below, owner in inner:
            package = type(owner).__module__.partition(".")[0]
            if package not in ("assay", "torch", "builtins") and hasattr(owner, "__dict__"):
                yield f"{name}.{below}", owner


def _same(one: Any, other: Any, depth: int = _DEPTH) -> bool:
    if type(one).__name__ != type(other).__name__ or depth == 0:
        return depth == 0
    if isinstance(one, Tensor):
        return one.shape == other.shape and _equal({"": one}, {"": other})
    if isinstance(one, np.ndarray):
        return bool(np.array_equal(one, other))
    if isinstance(one, Mapping):
        return one.keys() == other.keys() and all(_same(one[k], other[k], depth - 1) for k in one)
    if isinstance(one, list | tuple):
        pairs = zip(one, other, strict=False)
        return len(one) == len(other) and all(_same(*pair, depth - 1) for pair in pairs)
    if isinstance(one, bool | int | float | str | bytes | None):
        return bool(one == other)
    return not hasattr(one, "__dict__") or _same(vars(one), vars(other), depth - 1)


def _copy(value: Any) -> Any:
    try:
        return deepcopy(value)
    except Exception:  # what cannot be copied is looked at as it is
        return value


def _copied(numbers: Mapping[str, Tensor]) -> Numbers:
    return {key: value.detach().clone() for key, value in numbers.items()}


def _equal(one: Mapping[str, Tensor], other: Mapping[str, Tensor]) -> bool:
    return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)


def _alike(one: Tensor, other: Tensor) -> bool:
    if one.dtype != other.dtype or one.shape != other.shape:
        return False
    return torch.equal(one, other) or torch.equal(one.nan_to_num(), other.nan_to_num())
