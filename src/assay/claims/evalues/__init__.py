"""Evidence that may be watched: e-values of a claim, and verdicts over many claims.

An e-value is at least 0 and has mean at most 1 where its hypothesis is true, whenever one stops
looking (Ville 1939; Ramdas, Grünwald, Vovk and Shafer 2023). Pure functions of outcomes by seed.
"""

from assay.claims.evalues.limit import otherwise
from assay.claims.evalues.majority import majority
from assay.claims.evalues.many import beyond_correction, e_bh, needed
from assay.claims.evalues.mixture import MOST_EVIDENCE
from assay.claims.evalues.shares import two_shares
from assay.claims.evalues.shift import shift_path

__all__ = [
    "MOST_EVIDENCE",
    "beyond_correction",
    "e_bh",
    "majority",
    "needed",
    "otherwise",
    "shift_path",
    "two_shares",
]
