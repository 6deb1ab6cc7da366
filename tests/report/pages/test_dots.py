"""Rows of dots, curves of runs that got there, and what one seed alone would have said."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.report.data.rows import EffectRow, SeedRow
from assay.report.data.single import alone, asked, most_split
from assay.report.pages.dots import HEIGHT, dots
from assay.report.pages.reached import reached
from assay.report.words.single import alone_words, split_words
from tests.report.words.made_up_rows import claims, parts


@given(parts())
def test_every_mark_is_on_its_row(part) -> None:
    found = dots(part)
    if found is None:
        assert all(each.value is None for arm in part.arms for each in arm.summary.values)
        return
    assert [row.label for row in found.rows] == [arm.label for arm in part.arms]
    for row, arm in zip(found.rows, part.arms, strict=True):
        told = [
            each
            for each in arm.summary.values
            if each.value is not None or each.censored_at is not None
        ]
        assert len(row.dots) == len(told)
        for dot, each in zip(row.dots, told, strict=True):
            assert 0 <= dot.x <= 100
            assert 0 < dot.y < HEIGHT
            assert f"seed {each.seed}: " in dot.words
        ordered = sorted((each.value, dot.x) for dot, each in zip(row.dots, told, strict=True)
                         if each.value is not None)  # fmt: skip
        assert [x for _, x in ordered] == sorted(x for _, x in ordered)
    if found.band is not None:
        left, width = found.band
        assert 0 <= left < left + width <= 100


@given(parts())
def test_curves_only_rise_and_end_at_the_share_that_got_there(part) -> None:
    found = reached(part)
    if found is None:
        return
    for curve, arm in zip(found.curves, part.arms, strict=True):
        told = [
            each
            for each in arm.summary.values
            if each.value is not None or each.censored_at is not None
        ]
        got = sum(each.value is not None for each in told)
        assert curve.words == f"{got} of {len(told)} runs"
        shares = [float(each) for each in re.findall(r"V([\d.]+)", curve.path)]
        assert shares == sorted(shares, reverse=True)
        if got:
            assert shares[-1] == pytest.approx(100 - 100 * got / len(told), abs=0.01)


@given(st.lists(claims(), min_size=1, max_size=4))
def test_a_seed_says_yes_or_no_of_each_claim_once(found) -> None:
    named = [replace(each, id=f"C{place}") for place, each in enumerate(found)]
    rows = asked(named)
    assert all(len(row.says) > 1 for row in rows)
    for each in alone(rows):
        said = each.shows + each.denies
        assert len(said) == len(set(said))
        assert set(each.minority) <= set(said)
        assert f"Seed {each.seed} alone shows {len(each.shows)} of" in alone_words(each)
    assert (most_split(named) is None) == (not rows)


@given(claims())
def test_a_seed_in_the_minority_is_named(claim) -> None:
    part = replace(
        claim.parts[0],
        seeds=[EffectRow(seed, 0.0, False, 1, seed != 2, False) for seed in range(5)],
    )
    claim = replace(claim, id="C1", restated_as=[], parts=[part])
    rows = asked([claim])
    assert split_words(rows).startswith("Seeds differ on 1 of 1 claim")
    (odd,) = [each for each in alone(rows) if each.minority]
    assert (odd.seed, odd.minority) == (2, ["C1"])
    assert most_split([claim]) == claim


@given(parts())
def test_seeds_alike_have_one_place(part) -> None:
    arms = [
        replace(
            arm,
            summary=replace(
                arm.summary, median=1.0, values=[SeedRow(s, 1.0, None) for s in (0, 1)]
            ),
        )
        for arm in part.arms
    ]
    found = dots(replace(part, arms=arms, unit="accuracy"))
    assert found is not None
    assert len({dot.x for row in found.rows for dot in row.dots}) == 1
