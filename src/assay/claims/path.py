"""Claims decided seed by seed: what is decided stays so, with the evidence it had then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assay.claims.evalues import beyond_correction, e_bh, needed
from assay.claims.trials import NONE, Evidence


@dataclass(frozen=True)
class Decision:
    """Where a claim, or a part, stands among those that are decided together.

    Attributes:
        evidence: now; of a decided one as it was when it was decided.
        seeds: after how many it was decided; None while it is open.
        needed: the evidence that decides it, or would now; infinite where nothing was tried.
        beyond: whether it would be decided whatever the others came to.
    """

    evidence: Evidence = NONE
    seeds: int | None = None
    needed: float = field(default=float("inf"))
    beyond: bool = False

    @property
    def decided(self) -> bool:
        """Whether it is decided."""
        return self.seeds is not None

    @property
    def holds(self) -> bool:
        """Whether it is decided for what is claimed."""
        return self.decided and self.evidence.support >= self.evidence.against


def claim_path(parts: Sequence[Sequence[Evidence]]) -> list[Evidence]:
    """The evidence of a claim after each seed, from that of its parts.

    For it, the least of its parts: all have to hold. Against it, their mean, which is an e-value
    whatever hangs on what (Vovk and Wang 2021). A part that has fewer seeds stays where it is.
    """
    found = []
    for seeds in range(max(map(len, parts))):
        now = [part[min(seeds, len(part) - 1)] for part in parts]
        against = sum(each.against for each in now) / len(now)
        found.append(Evidence(min(each.support for each in now), against))
    return found


def decide(paths: Mapping[str, Sequence[Evidence]], alpha: float) -> dict[str, Decision]:
    """Watch claims after every seed, and decide by e-BH among all of them.

    A claim without evidence, `[NONE]`, counts among them.

    Args:
        paths: the evidence of each after no seed, one, and so on.
        alpha: the mean share of decisions that may be false.
    """
    decided: dict[str, Decision] = {}
    now: dict[str, Evidence] = {}
    for seeds in range(max(map(len, paths.values()), default=0)):
        for name, path in paths.items():
            if name not in decided:
                now[name] = path[min(seeds, len(path) - 1)]
        flags = e_bh([each.larger for each in now.values()], alpha)
        for name, flag in zip(now, flags, strict=True):
            if flag and name not in decided:
                decided[name] = Decision(now[name], min(seeds, len(paths[name]) - 1))
    values = [each.larger for each in now.values()]
    return {
        name: Decision(
            each,
            decided[name].seeds if name in decided else None,
            needed(values, place, alpha),
            beyond_correction(each.larger, len(values), alpha),
        )
        for place, (name, each) in enumerate(now.items())
    }
