"""Studies: the file, what it plans, and those that come with assay."""

from assay.study.arm import Arm
from assay.study.find import shipped_studies
from assay.study.load import load_from, load_study
from assay.study.own_files import OwnFiles
from assay.study.plan import StudyPlan
from assay.study.settings import for_kind, with_options

__all__ = [
    "Arm",
    "OwnFiles",
    "StudyPlan",
    "for_kind",
    "load_from",
    "load_study",
    "shipped_studies",
    "with_options",
]
