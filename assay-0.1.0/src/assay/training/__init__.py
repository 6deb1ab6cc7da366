"""One training loop, the objectives it trains, and how a run is saved and taken up again."""

from assay.training.adversarial import AdamSettings, Adversarial, Images
from assay.training.goal import Goal
from assay.training.loop import take_step, train
from assay.training.objective import Artifact, Objective, Phase, Probe
from assay.training.schedule import Schedule
from assay.training.supervised import (
    Average,
    Examples,
    Loss,
    Supervised,
    cross_entropy,
    double_softmax,
    squared_error,
)

__all__ = [
    "AdamSettings",
    "Adversarial",
    "Artifact",
    "Average",
    "Examples",
    "Goal",
    "Images",
    "Loss",
    "Objective",
    "Phase",
    "Probe",
    "Schedule",
    "Supervised",
    "cross_entropy",
    "double_softmax",
    "squared_error",
    "take_step",
    "train",
]
