"""Studies: the file, what it plans, and those that come with assay."""

from assay.study.load import load_study
from assay.study.plan import (
    Arm,
    OwnFiles,
    StudyPlan,
    for_kind,
    shipped_studies,
    with_options,
)

__all__ = [
    "Arm",
    "OwnFiles",
    "StudyPlan",
    "for_kind",
    "load_study",
    "shipped_studies",
    "with_options",
]
