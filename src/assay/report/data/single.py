"""What each seed alone says of the claims: what a study of one run would have concluded."""

from collections.abc import Sequence
from dataclasses import dataclass

from assay.report.data.rows import ClaimRow

_FEW = 0.5
"""Seeds that fewer of the claims were asked of than this share of them cannot be drawn."""


@dataclass(frozen=True, slots=True)
class Alone:
    """One seed: which claims it shows and does not, and on which it is in the minority."""

    seed: int
    shows: list[str]
    denies: list[str]
    minority: list[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A claim, what each seed says of it, and whether seeds differ."""

    claim: str
    says: dict[int, bool]

    @property
    def split(self) -> bool:
        """Whether seeds differ."""
        return len(set(self.says.values())) > 1

    @property
    def majority(self) -> bool | None:
        """What most seeds say; None where as many say yes as no."""
        yes = sum(self.says.values())
        return None if 2 * yes == len(self.says) else 2 * yes > len(self.says)


def asked(claims: Sequence[ClaimRow]) -> list[Asked]:
    """The claims that several seeds were asked, but for those that were restated."""
    found = [Asked(claim.id, _says(claim)) for claim in claims if not claim.restated_as]
    return [each for each in found if len(each.says) > 1]


def alone(rows: Sequence[Asked]) -> list[Alone]:
    """Each seed that most of the claims were asked of."""
    seeds = sorted({seed for row in rows for seed in row.says})
    found = [_alone(seed, rows) for seed in seeds]
    return [each for each in found if len(each.shows + each.denies) >= _FEW * len(rows)]


def most_split(claims: Sequence[ClaimRow]) -> ClaimRow | None:
    """The claim on which seeds differ most, or where they agree on all the first that has seeds."""
    by_id = {claim.id: claim for claim in claims}
    rows = asked(claims)
    if not rows:
        return None
    return by_id[max(rows, key=_evenness).claim]


def _evenness(row: Asked) -> float:
    """How near to half of the seeds show it; of equal ones that with more seeds."""
    yes = sum(row.says.values()) / len(row.says)
    return min(yes, 1 - yes) + 1e-4 * len(row.says)


def _says(claim: ClaimRow) -> dict[int, bool]:
    """By seed, whether it shows every part that it has a value of."""
    found: dict[int, bool] = {}
    for part in claim.parts:
        for each in part.seeds:
            if each.shown is not None:
                found[each.seed] = each.shown and found.get(each.seed, True)
    return found


def _alone(seed: int, rows: Sequence[Asked]) -> Alone:
    told = [row for row in rows if seed in row.says]
    return Alone(
        seed,
        [row.claim for row in told if row.says[seed]],
        [row.claim for row in told if not row.says[seed]],
        [row.claim for row in told if row.majority is not None and row.majority != row.says[seed]],
    )
