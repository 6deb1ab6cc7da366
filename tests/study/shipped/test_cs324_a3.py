"""The flagship's claims about generators, each supported and contradicted by made-up
trainings."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from assay.claims.snapshot import Snapshot
from assay.config import GanConfig, kind_named
from assay.report.data.claims import claim_rows
from assay.report.data.plain import plain as as_json
from assay.store import Store
from assay.store.log import Check, Epoch, Line, Probe
from assay.study import load_study
from tests.claims.made_up_claims import declare
from tests.report.made_up_runs import write_run

END = 187_600
SEEDS = range(15)
FLOOR = {"frechet": 1.3, "near": 0.99, "isolated_pixels": 0.01, "total_variation": 0.067}
NOISE = {"frechet": 5000.0, "near": 0.0, "isolated_pixels": 0.12, "total_variation": 0.33}

# Of the pair of linear layers, by update: what the report says of its samples.
LINEAR = {
    0: {"frechet": 3800.0, "near": 0.001},
    10_000: {"frechet": 600.0, "near": 0.3},
    20_000: {"frechet": 460.0, "near": 0.7},
    23_450: {"frechet": 430.0, "near": 0.7},
    60_000: {"frechet": 150.0, "near": 0.8},
    90_000: {"frechet": 90.0, "isolated_pixels": 1.3, "total_variation": 0.09, "near": 0.8},
    180_000: {"frechet": 45.0, "isolated_pixels": 0.5, "total_variation": 0.07, "near": 0.9},
}
CONVOLUTIONAL = {23_450: {"frechet": 20.0}}
PASSAGE = {
    "towards_end": 0.98,
    "movement_to_end": 0.95,
    "third_class": 0.2,
    "copies": 0.012,
    "midpoint_norm": 9.9,
    "spherical_midpoint_norm": 9.95,
}

# What would speak against each, in one of the numbers above, and what else reads that number.
AGAINST: dict[str, tuple[dict[Any, Any], set[str]]] = {
    "G1": ({0: {"frechet": 1500.0}}, set()),
    "G2": ({20_000: {"near": 0.3}}, {"G2-0"}),
    "G3": ({180_000: {"isolated_pixels": 2.5}}, {"G3-0"}),
    "G4": ({20_000: {"frechet": 95.0}}, set()),
    "G5": ({23_450: {"frechet": 15.0}}, {"G5-0", "G5c"}),
    "G5c": ({90_000: {"frechet": 15.0}}, {"G3-0", "G4"}),
    "G6": ({"movement_to_end": 0.7}, set()),
    "G7": ({"copies": 0.03}, set()),
    "G8": ({180_000: {"frechet": 2.0}}, {"G4"}),
}


def found(store: Store, changes: Mapping[Any, Any] = {}) -> dict[str, dict[str, Any]]:
    """The verdicts on the claims about generators, by their ids."""
    study = load_study("cs324_a3")
    declare(study.path, store)
    for arm in study.arms("full"):
        for seed in SEEDS if arm.config.kind == "gan" else []:
            if seed >= arm.first_seed:
                config = arm.run(seed)
                assert isinstance(config, GanConfig)
                write_run(store, config, made_up(config, changes))
    data = as_json(claim_rows(Snapshot(study, "full", store)))
    return {each["id"]: each for each in data if each["id"].startswith("G")}


def made_up(config: GanConfig, changes: Mapping[Any, Any]) -> list[Line]:
    """The log of one seed, whose numbers lie within a few per cent of those above."""
    rng = np.random.default_rng(config.seed)
    convolutional = config.network == "dcgan"
    end = kind_named("gan").updates(config)
    moments = CONVOLUTIONAL if convolutional else LINEAR

    def near(values: Mapping[str, float]) -> dict[str, float]:
        return {name: value * float(rng.uniform(0.99, 1.01)) for name, value in values.items()}

    lines: list[Line] = [Probe(0, "quality_floor", {"floor": FLOOR, "noise": NOISE})]
    for update, values in moments.items():
        if update > end:
            continue
        changed = values if convolutional else values | changes.get(update, {})
        lines.append(Probe(update, "quality", near(changed)))
    numbers = {"generator_loss": 1.0, "discriminator_loss": 0.5}
    lines += [
        Epoch(1, 938, numbers, {"accuracy_real": 0.8}),
        Check(end, numbers),
    ]
    between = near(PASSAGE | {name: changes[name] for name in PASSAGE if name in changes})
    return [*lines, Probe(end, "passage", {"drawn_norm": 9.97, **between})]


def test_each_is_supported_where_the_report_is_right(store) -> None:
    claims = found(store)
    assert set(claims) == {"G9", *AGAINST, *(f"G{n}-0" for n in (2, 3, 5, 6, 7))}
    for name, claim in claims.items():
        if name == "G9":
            continue
        assert claim["verdict"] == "supported", (name, claim["meaning"])
        assert all(part["evidence"]["support"] >= 20 for part in claim["parts"])


@pytest.mark.parametrize("name", AGAINST)
def test_each_fails_where_one_number_speaks_against_it(name, store) -> None:
    changes, reads_it_too = AGAINST[name]
    claims = found(store, changes)
    against = {"contrary", "no difference", "partly supported"}
    assert claims[name]["verdict"] in against, claims[name]["meaning"]
    others = {other for other, claim in claims.items() if claim["verdict"] != "supported"}
    assert others - {"G9"} <= {name, *reads_it_too}


def test_what_no_seed_can_change_is_computed(store) -> None:
    nothing = as_json(claim_rows(Snapshot(load_study("cs324_a3"), "full", store)))
    for claims in (found(store), {each["id"]: each for each in nothing}):
        claim = claims["G9"]
        assert claim["verdict"] == "by calculation"
        line, circle = (part["computed"] for part in claim["parts"])
        assert (round(line["value"], 4), line["holds"]) == (0.7071, False)
        assert (circle["value"], circle["holds"]) == (1.0, True)
