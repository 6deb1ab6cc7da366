"""Which trials there are: every change of every scene, or a few of each."""

import errno
import random
from collections.abc import Iterable, Iterator, Sequence

from tests.reliability.commands import Commands, Whom
from tests.reliability.damage import Damages, cases
from tests.reliability.faults import Action, Fault, Moment
from tests.reliability.scenes import TRAINED, Scene
from tests.reliability.trials import Outcome, Stage

_DAY = 86_400
_REFUSED = "cwsm"
"""The kinds of changes that a full disk refuses."""
WHOM: tuple[Whom, ...] = ("worker", "parent", "group")


def kills(kinds: str) -> list[Fault]:
    """A kill before each of these changes, within each write, and after the last."""
    found = [
        Fault(at, moment, Action.KILL_SELF)
        for at, kind in enumerate(kinds, start=1)
        for moment in ((Moment.BEFORE, Moment.HALF) if kind == "w" else (Moment.BEFORE,))
    ]
    return [*found, Fault(len(kinds), Moment.AFTER, Action.KILL_SELF)]


def full_disks(kinds: str) -> list[Fault]:
    """A disk that is full from each change on that needs room; and one that is only read."""
    full = [
        Fault(at, Moment.BEFORE, Action.FAIL, errno.ENOSPC)
        for at, kind in enumerate(kinds, start=1)
        if kind in _REFUSED
    ]
    return [*full, Fault(1, Moment.BEFORE, Action.FAIL, errno.EROFS)]


def chosen(
    stage: Stage,
    rng: random.Random,
    most: int | None = None,
    scenes: Sequence[Scene] | None = None,
) -> Iterator[Outcome]:
    """Kills and full disks at the changes of every scene; `most` of each kind if not all.

    Of what draws, and so takes long, there are never more than 40.
    """
    for scene in scenes or stage.scenes:
        kinds = stage.reference(scene).kinds
        for faults in (kills(kinds), full_disks(kinds)):
            for fault in _some(faults, rng, 40 if scene.draws and most is None else most):
                yield stage.disturbed(scene, fault)


def clocks(
    stage: Stage, rng: random.Random, times: int, scenes: Sequence[Scene] | None = None
) -> Iterator[Outcome]:
    """Kills, after which the clock is a day back, or a day ahead."""
    for scene in scenes or stage.scenes:
        for fault in _some(kills(stage.reference(scene).kinds), rng, times):
            yield stage.disturbed(scene, fault, clock=rng.choice((-_DAY, _DAY)))


def whole_commands(
    stage: Stage, rng: random.Random, times: int, kinds: Sequence[str] = TRAINED
) -> Iterator[Outcome]:
    """Commands with their workers killed at random, and two of them on one store."""
    commands = Commands(stage, rng)
    for kind in kinds:
        for number in range(times):
            for whom in WHOM:
                yield commands.killed(kind, whom, training=number % 3 > 0)
            if number % 3 == 0:
                yield commands.two(kind)


def whole_commands_at(
    stage: Stage, rng: random.Random, times: int, kinds: Sequence[str] = TRAINED
) -> Iterator[Outcome]:
    """Commands of which a process, the parent or all are killed at chosen changes of any."""
    commands = Commands(stage, rng)
    actions = (Action.KILL_SELF, Action.KILL_LEADER, Action.KILL_GROUP)
    for kind in kinds:
        changes = len(stage.reference(stage.scene(kind)).kinds)
        for number in range(times):
            action = actions[number % len(actions)]
            moment = rng.choice(list(Moment))
            yield commands.at(kind, Fault(rng.randint(1, changes), moment, action))


def damage_of(stage: Stage, rng: random.Random, times: int) -> Iterator[Outcome]:
    """Files of every case damaged, so many of each."""
    damages = Damages(stage, rng)
    for case in cases(stage.home):
        yield from damages.of(case, times)


def _some(faults: Iterable[Fault], rng: random.Random, most: int | None) -> list[Fault]:
    every = list(faults)
    return every if most is None or most >= len(every) else rng.sample(every, most)
