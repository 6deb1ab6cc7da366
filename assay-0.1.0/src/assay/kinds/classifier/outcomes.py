"""Outcomes of a classifier of images: those of every training on labelled examples."""

from assay.outcomes.accuracy import ACCURACY_OUTCOMES

OUTCOMES = ACCURACY_OUTCOMES
