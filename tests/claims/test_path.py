"""Claims decided seed by seed, held to the definition of e-BH worked out anew at every seed."""

import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.claims.path import claim_path, decide
from assay.claims.trials import NONE, Evidence, counted_evidence

# PyTorch, once imported, may round the smallest numbers to 0.
VALUES = st.floats(0, 1_000, allow_subnormal=False)
EVIDENCE = st.builds(Evidence, VALUES, VALUES)
PATHS = st.dictionaries(
    st.sampled_from("ABCDEF"), st.lists(EVIDENCE, max_size=6).map(lambda rest: [NONE, *rest])
)


@given(PATHS, st.sampled_from([0.05, 0.2]))
def test_decisions_are_those_of_every_seed_in_turn(paths, alpha) -> None:
    stopped: dict[str, tuple[int, Evidence]] = {}
    m = len(paths)
    for n in range(max(map(len, paths.values()), default=0)):
        now = {
            name: stopped[name][1] if name in stopped else path[min(n, len(path) - 1)]
            for name, path in paths.items()
        }
        sizes = sorted((max(e.support, e.against) for e in now.values()), reverse=True)
        k = max((k for k in range(1, m + 1) if sizes[k - 1] >= m / (alpha * k)), default=0)
        for name, e in now.items():
            if k and max(e.support, e.against) >= m / (alpha * k) and name not in stopped:
                stopped[name] = min(n, len(paths[name]) - 1), e
    found = decide(paths, alpha)
    assert {name for name, each in found.items() if each.decided} == set(stopped)
    for name, (seeds, evidence) in stopped.items():
        assert (found[name].seeds, found[name].evidence) == (seeds, evidence)


@given(PATHS)
def test_more_seeds_undecide_nothing(paths) -> None:
    before = decide({name: path[:-1] or path for name, path in paths.items()}, 0.05)
    after = decide(paths, 0.05)
    for name, each in before.items():
        if each.decided and len({len(path) for path in paths.values()}) == 1:
            assert after[name].seeds == each.seeds
            assert after[name].evidence == each.evidence


@given(st.lists(st.lists(EVIDENCE, min_size=1, max_size=5), min_size=1, max_size=4))
def test_a_claim_needs_the_least_and_is_spoken_against_by_the_mean(parts) -> None:
    found = claim_path(parts)
    assert len(found) == max(map(len, parts))
    last = [part[-1] for part in parts]
    assert found[-1].support == min(each.support for each in last)
    assert abs(found[-1].against - sum(each.against for each in last) / len(last)) < 1e-9


def _seeds(yes: int, runs: int) -> Evidence:
    return counted_evidence(yes, runs - yes, runs, 0.5)


def test_over_all_outcomes_of_eight_seeds_a_claim_of_two_parts_has_mean_one_at_most() -> None:
    """However its parts depend on each other: how many seeds show both, one, the other, neither."""
    counts = [each for each in product(range(9), repeat=4) if sum(each) == 8]
    found = [
        claim_path([[_seeds(both + one, 8)], [_seeds(both + other, 8)]])[-1]
        for both, one, other, _ in counts
    ]
    ways = [math.factorial(8) // math.prod(map(math.factorial, each)) for each in counts]
    for quarters in (each for each in product(range(5), repeat=4) if sum(each) == 4):
        chances = [quarter / 4 for quarter in quarters]
        weights = [
            way * math.prod(map(pow, chances, each)) for way, each in zip(ways, counts, strict=True)
        ]
        least = min(chances[0] + chances[1], chances[0] + chances[2])
        if least <= 0.5:  # a part does not hold, and so the claim does not
            support = (w * each.support for w, each in zip(weights, found, strict=True))
            assert sum(support) <= 1 + 1e-9
        if least >= 0.5:
            against = (w * each.against for w, each in zip(weights, found, strict=True))
            assert sum(against) <= 1 + 1e-9


@pytest.mark.parametrize("alike", [0.0, 0.5, 1.0])
def test_over_all_outcomes_of_five_seeds_few_verdicts_are_false(alike: float) -> None:
    """Two claims that half of the runs show, so that to support one is false, watched."""
    alpha, false = 0.4, 0.0
    chances = {(True, True): alike / 2, (False, False): alike / 2}
    chances |= {(True, False): (1 - alike) / 2, (False, True): (1 - alike) / 2}
    for outcome in product(chances, repeat=5):
        paths = {
            name: [_seeds(sum(each[name == "B"] for each in outcome[:n]), n) for n in range(6)]
            for name in "AB"
        }
        found = [each for each in decide(paths, alpha).values() if each.decided]
        if found:
            weight = math.prod(chances[each] for each in outcome)
            false += weight * sum(each.holds for each in found) / len(found)
    assert 0 < false <= alpha


def test_what_is_needed_falls_as_others_are_decided() -> None:
    far, near = [NONE, Evidence(1_000, 0)], [NONE, Evidence(19, 0)]
    assert decide({"A": far, "B": near}, 0.05)["B"].needed == 20
    assert not decide({"A": far, "B": near}, 0.05)["B"].decided
    assert decide({"A": far, "B": near}, 0.05)["A"].beyond
    assert decide({"B": near}, 0.05)["B"].needed == 20
    assert decide({"B": near, "C": near}, 0.05)["B"].needed == 40
