"""Claims decided seed by seed, held to the definition of e-BH worked out anew at every seed."""

from hypothesis import given
from hypothesis import strategies as st

from assay.claims.path import claim_path, decide
from assay.claims.trials import NONE, Evidence

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


def test_what_is_needed_falls_as_others_are_decided() -> None:
    far, near = [NONE, Evidence(1_000, 0)], [NONE, Evidence(19, 0)]
    assert decide({"A": far, "B": near}, 0.05)["B"].needed == 20
    assert not decide({"A": far, "B": near}, 0.05)["B"].decided
    assert decide({"A": far, "B": near}, 0.05)["A"].beyond
    assert decide({"B": near}, 0.05)["B"].needed == 20
    assert decide({"B": near, "C": near}, 0.05)["B"].needed == 40
