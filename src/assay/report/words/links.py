"""Which figures draw the runs of a claim, and which claims rest on those of a figure."""

from collections.abc import Sequence

from assay.report.data.report import FigureRow
from assay.report.data.rows import ClaimRow


def figures_of(claim: ClaimRow, figures: Sequence[FigureRow]) -> list[FigureRow]:
    """Figures that draw an arm of a claim."""
    arms = {arm.arm for part in claim.parts for arm in part.arms}
    return [each for each in figures if arms & set(each.arms)]


def claims_of(figure: FigureRow, claims: Sequence[ClaimRow]) -> list[ClaimRow]:
    """Claims, but for those that were restated, that a figure shows the runs of."""
    return [each for each in claims if not each.restated_as and figures_of(each, [figure])]
