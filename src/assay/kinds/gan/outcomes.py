"""Outcomes of a generator: the quality of its images, and what lies between two of them."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from assay.outcomes.outcome import Computed, Outcome, Value
from assay.store.log import Log

Read = Callable[[Log, int | None], Value]


def quality_of(real: str, name: str, log: Log) -> float | None:
    """A quality metric of real images, `floor`, or of pure `noise`, against the same reference."""
    probe = log.probe("quality_floor")
    found = None if probe is None else probe.found.get(real, {}).get(name)
    return None if found is None else float(found)


def _measured(probe_name: str, name: str) -> Read:
    def read(log: Log, update: int | None) -> Value:
        probe = log.probe(probe_name, update)
        return Value(None if probe is None else probe.found.get(name))

    return read


def _over(real: str, name: str) -> Read:
    """The metric as a multiple of that of real images, or of pure noise."""

    def read(log: Log, update: int | None) -> Value:
        found, other = _measured("quality", name)(log, update).value, quality_of(real, name, log)
        return Value(None if found is None or not other else found / other)

    return read


def _away(name: str) -> Read:
    """How far the metric is from that of real images, whichever way."""

    def read(log: Log, update: int | None) -> Value:
        found, other = _measured("quality", name)(log, update).value, quality_of("floor", name, log)
        return Value(None if found is None or other is None else abs(found - other))

    return read


def _norm_of_midpoint(name: str) -> Read:
    """Mean norm of the noise halfway between two, as a share of that of a drawn one."""

    def read(log: Log, update: int | None) -> Value:
        probe = log.probe("passage", update)
        return Value(
            probe.found[name] / probe.found["drawn_norm"] if probe and probe.found else None
        )

    return read


def chi_square_share(freedom: int, value: float) -> float:
    """The share of a chi-square distribution below a value, of at most its mean `freedom`.

    A series (DLMF 8.11.4), which takes a microsecond: SciPy takes a quarter of a second to load,
    which every plan of a study with such an outcome would wait for.
    """
    a, x = freedom / 2, value / 2
    term = total = 1 / a
    terms = 0
    while term > 1e-17 * total:
        terms += 1
        term *= x / (a + terms)
        total += term
    return total * math.exp(a * math.log(x) - x - math.lgamma(a))


def _line_midpoint(config: Any) -> Computed:
    z = config.latent_dim
    chance = chi_square_share(z, z / 2)
    return Computed(
        math.sqrt(0.5),
        "The mean of two independent standard normal noises has variance 1/2, so its norm is 1/√2 "
        f"of a drawn one's; of drawn noises of {z} dimensions {chance:.1g} are so short.",
    )


def _circle_midpoint(config: Any) -> Computed:
    return Computed(
        1.0,
        "Halfway on the great circle between two independent standard normal noises lies a "
        "standard normal noise.",
    )


def _quality(describe: str, unit: str, name: str, high: float | None = None) -> Outcome:
    return _outcome(describe, unit, _measured("quality", name), (f"quality.{name}",), high=high)


def _passage(describe: str, name: str) -> Outcome:
    return _outcome(describe, "share", _measured("passage", name), (f"passage.{name}",), high=1)


def _outcome(
    describe: str,
    unit: str,
    of: Read,
    reads: tuple[str, ...],
    high: float | None = None,
    spread: bool = False,
) -> Outcome:
    return Outcome(describe, unit, of, reads, at_moments=True, low=0, high=high, spread=spread)


OUTCOMES: dict[str, Outcome] = {
    "frechet": _quality("Fréchet distance", "squared feature distance", "frechet"),
    "frechet_over_floor": _outcome(
        "Fréchet distance over that of real images, the floor",
        "times the floor",
        _over("floor", "frechet"),
        ("quality.frechet", "quality_floor.floor.frechet"),
    ),
    "frechet_over_noise": _outcome(
        "Fréchet distance over that of pure noise",
        "times that of noise",
        _over("noise", "frechet"),
        ("quality.frechet", "quality_floor.noise.frechet"),
    ),
    # Unbiased, so that of like images it may fall below 0.
    "kernel": Outcome(
        "kernel distance",
        "squared discrepancy",
        _measured("quality", "kernel"),
        ("quality.kernel",),
        at_moments=True,
    ),
    "precision": _quality("precision", "share", "precision", high=1),
    "recall": _quality("recall", "share", "recall", high=1),
    "density": _quality("density", "ratio", "density"),
    "coverage": _quality("coverage", "share", "coverage", high=1),
    "class_balance": _quality("distance from even classes", "nats", "class_balance"),
    "near": _quality(
        "share of samples as near a real image as 99 % of real ones", "share", "near", high=1
    ),
    "isolated_pixels": _quality("isolated bright pixels", "pixels per image", "isolated_pixels"),
    "isolated_pixels_away": _outcome(
        "isolated bright pixels, away from real images",
        "pixels per image",
        _away("isolated_pixels"),
        ("quality.isolated_pixels", "quality_floor.floor.isolated_pixels"),
        spread=True,
    ),
    "total_variation": _quality("total variation", "intensity", "total_variation"),
    "total_variation_away": _outcome(
        "total variation, away from real images",
        "intensity",
        _away("total_variation"),
        ("quality.total_variation", "quality_floor.floor.total_variation"),
        spread=True,
    ),
    "towards_end": _passage(
        "share of steps on which the end's class does not lose ground to the start's",
        "towards_end",
    ),
    "end_classes": _passage("probability of the two end classes between the ends", "end_classes"),
    "third_class": _passage(
        "share of images between the ends that are taken for a third class", "third_class"
    ),
    "copies": _passage(
        "share of images between the ends nearer a training image than 99 % of unseen ones",
        "copies",
    ),
    "midpoint_norm": replace(
        _outcome(
            "norm of the noise halfway on a line, over that of a drawn one",
            "ratio",
            _norm_of_midpoint("midpoint_norm"),
            ("passage.midpoint_norm", "passage.drawn_norm"),
        ),
        computed=_line_midpoint,
    ),
    "spherical_midpoint_norm": replace(
        _outcome(
            "norm of the noise halfway on a great circle, over that of a drawn one",
            "ratio",
            _norm_of_midpoint("spherical_midpoint_norm"),
            ("passage.spherical_midpoint_norm", "passage.drawn_norm"),
        ),
        computed=_circle_midpoint,
    ),
    "movement_to_end": _passage(
        "share of the movement from the start's class to the end's that goes forward",
        "movement_to_end",
    ),
}
"""Every outcome of a generator, by the name that a claim gives it."""
