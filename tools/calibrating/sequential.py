"""AdaStop: a group-sequential permutation test of two means, the nearest relative of watching.

Mathieu, Della Vecchia, Shilova, Centa de Medeiros, Kohler, Maillard and Preux 2023.
"""

import numpy as np

from tools.calibrating.values import Floats, Pairs

GROUP = 5
GROUPS = 6
PERMUTATIONS = 5_000


def adastop(pairs: Pairs) -> tuple[Floats, Floats]:
    """The verdict of each study, 1 above, -1 below, 0 no difference, and the seeds it took."""
    # An extra of this page alone.
    from adastop import MultipleAgentsComparator

    verdicts, taken = [], []
    for number, (x, y) in enumerate(zip(*pairs, strict=True)):
        test = MultipleAgentsComparator(n=GROUP, K=GROUPS, B=PERMUTATIONS, alpha=0.05, seed=number)
        seeds = 0
        while not test.is_finished:
            seeds += GROUP
            test.partial_compare({"x": x[:seeds], "y": y[:seeds]}, verbose=False)
        (verdict,) = test.decisions.values()
        verdicts.append({"larger": 1, "smaller": -1, "equal": 0}[verdict])
        taken.append(seeds)
    return np.array(verdicts, dtype=float), np.array(taken, dtype=float)
