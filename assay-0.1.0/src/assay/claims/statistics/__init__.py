"""Tests of an effect against a margin, one file a kind of outcome, and what they share.

Each test gives a `Trial`: the effect, an interval that belongs to the test, and a p-value in each
direction. Which test a claim gets follows from the kind of outcome that it declares.
"""

from assay.claims.statistics.curve import CurveTest, curve_test, median_effect
from assay.claims.statistics.median import sign_floor, sign_test
from assay.claims.statistics.rank import rank_floor, rank_test
from assay.claims.statistics.shares import one_share_test, share_test
from assay.claims.statistics.smooth import t_test, welch_test
from assay.claims.statistics.summary import bca_interval, holm, interquartile_mean
from assay.claims.statistics.times import time_effects, time_floor, time_test

__all__ = [
    "CurveTest",
    "bca_interval",
    "curve_test",
    "holm",
    "interquartile_mean",
    "median_effect",
    "one_share_test",
    "rank_floor",
    "rank_test",
    "share_test",
    "sign_floor",
    "sign_test",
    "t_test",
    "time_effects",
    "time_floor",
    "time_test",
    "welch_test",
]
