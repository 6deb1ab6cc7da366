"""The flagship's claims about generators, each supported and refuted by made-up trainings."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from assay.claims.snapshot import Snapshot
from assay.config import GanConfig
from assay.report.data.claims import claim_rows
from assay.report.data.plain import plain as as_json
from assay.store import Store
from assay.store.log import Check, Epoch, Line, Probe
from assay.study import load_study
from tests.report.made_up_runs import write_run

END = 187_600
FLOOR = {"frechet": 1.3, "near": 0.99, "isolated_pixels": 0.01, "total_variation": 0.067}
NOISE = {"frechet": 5000.0, "near": 0.0, "isolated_pixels": 0.12, "total_variation": 0.33}

# Of the pair of linear layers, by update: what the report says of its samples.
LINEAR = {
    0: {"frechet": 3800.0, "near": 0.001},
    10_000: {"frechet": 600.0, "near": 0.3},
    20_000: {"frechet": 460.0, "near": 0.7},
    23_450: {"frechet": 430.0, "near": 0.7},
    60_000: {"frechet": 150.0, "near": 0.8},
    90_000: {"frechet": 90.0, "isolated_pixels": 1.3, "total_variation": 0.09},
    180_000: {"frechet": 45.0, "isolated_pixels": 0.5, "total_variation": 0.07},
}
CONVOLUTIONAL = {23_450: {"frechet": 20.0}}
PASSAGE = {
    "towards_end": 0.98,
    "third_class": 0.2,
    "copies": 0.02,
    "midpoint_norm": 9.9,
    "spherical_midpoint_norm": 9.95,
}

SUPPORTED = {
    "G1": "for GAN of linear layers, update 0, the Fréchet distance over that of pure noise is ",
    "G2": "percentage points above 50.0 % (",
    "G3": "lower for GAN of linear layers, update 180,000, than for GAN of",
    "G4": "less from update 90,000 to update 180,000 than from update 20,000 to update 90,000 (",
    "G5": "lower for Convolutional GAN, update 23,450, than for GAN of linear layers, ",
    "G6": "for GAN of linear layers the share of ",
    "G7": "percentage points below 5.0 % (",
    "G8": "times the floor above 2.00",
    "G9": "above 0.950 (95 % interval +0.0",
}

# What would speak against each, in one of the numbers above.
AGAINST: dict[str, dict[Any, Any]] = {
    "G1": {0: {"frechet": 1500.0}},
    "G2": {10_000: {"near": 0.6}},
    "G3": {180_000: {"isolated_pixels": 2.5}},
    "G4": {20_000: {"frechet": 95.0}},
    "G5": {60_000: {"frechet": 15.0}},
    "G6": {"third_class": 0.7},
    "G7": {"copies": 0.2},
    "G8": {180_000: {"frechet": 2.0}},
    "G9": {"midpoint_norm": 7.1},
}


def found(store: Store, changes: Mapping[Any, Any] = {}) -> dict[str, dict[str, Any]]:
    """The verdicts on the claims about generators, by their ids."""
    study = load_study("cs324_a3")
    for arm in study.arms("full"):
        for config in arm.runs if arm.config.kind == "gan" else []:
            assert isinstance(config, GanConfig)
            write_run(store, config, made_up(config, changes))
    data = as_json(claim_rows(Snapshot(study, "full", store)))
    return {each["id"]: each for each in data if each["id"].startswith("G")}


def made_up(config: GanConfig, changes: Mapping[Any, Any]) -> list[Line]:
    """The log of one seed, whose numbers lie within a few per cent of those above."""
    rng = np.random.default_rng(config.seed)
    convolutional = config.network == "dcgan"
    end = 23_450 if convolutional else END
    moments = CONVOLUTIONAL if convolutional else LINEAR

    def near(values: Mapping[str, float]) -> dict[str, float]:
        return {name: value * float(rng.uniform(0.99, 1.01)) for name, value in values.items()}

    lines: list[Line] = [Probe(0, "quality_floor", {"floor": FLOOR, "noise": NOISE})]
    for update, values in moments.items():
        changed = values if convolutional else values | changes.get(update, {})
        lines.append(Probe(update, "quality", near(changed)))
    numbers = {"generator_loss": 1.0, "discriminator_loss": 0.5}
    lines += [
        Epoch(1, 938, numbers, {"accuracy_real": 0.8}),
        Check(end, numbers),
    ]
    between = near(PASSAGE | {name: changes[name] for name in PASSAGE if name in changes})
    return [*lines, Probe(end, "passage", {"drawn_norm": 9.97, **between})]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_each_is_supported_where_the_report_is_right(store) -> None:
    claims = found(store)
    assert set(claims) == set(SUPPORTED)
    for name, claim in claims.items():
        assert claim["verdict"] == "supported", claim["meaning"]
        assert all(part["trial"]["p_supported"] < 0.01 for part in claim["parts"])
        assert SUPPORTED[name] in plain(claim["meaning"])
        assert "5 " in claim["meaning"]
        assert "seeds" in claim["meaning"]


@pytest.mark.parametrize("name", AGAINST)
def test_each_is_refuted_where_one_number_speaks_against_it(name, store) -> None:
    claims = found(store, AGAINST[name])
    assert claims[name]["verdict"] == "refuted", claims[name]["meaning"]
    assert claims[name]["p"] <= 0.05
    others = {other for other, claim in claims.items() if claim["verdict"] != "supported"}
    # The distance after 180,000 iterations is what three of them read.
    assert others <= {name, "G3", "G4"} if name in ("G4", "G8") else others == {name}


def test_four_of_five_trainings_are_not_tested(store) -> None:
    study = load_study("cs324_a3")
    found(store)
    (arm,) = study.arms("full", "gan")
    (store.folder(arm.runs[4]).path / "record.json").unlink()
    data = {each["id"]: each for each in as_json(claim_rows(Snapshot(study, "full", store)))}
    assert {data[name]["verdict"] for name in SUPPORTED} == {"not tested"}
    assert data["G8"]["meaning"] == "Not tested: gan has 4 of 5 runs."
