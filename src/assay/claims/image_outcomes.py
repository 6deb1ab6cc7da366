"""Outcomes of a generator: the quality of its images, and what lies between two of them."""

from collections.abc import Callable
from typing import Any

from assay.claims.logs import Log, Outcome, Value, probe_line


def quality_line(log: Log, update: int | None) -> dict[str, Any] | None:
    """The line of a generator's quality at `update`, or at the last one measured."""
    return probe_line(log, "quality", update)


def quality_of(real: str, name: str, log: Log) -> float | None:
    """A quality metric of real images, `floor`, or of pure `noise`, against the same reference."""
    line = probe_line(log, "quality_floor", None) or {}
    found = line.get(real, {}).get(name)
    return None if found is None else float(found)


def quality(name: str) -> Callable[[Log, int | None], Value]:
    """A quality metric of the generator's images at a moment."""

    def read(log: Log, update: int | None) -> Value:
        line = quality_line(log, update)
        return Value(None if line is None else line.get(name))

    return read


def quality_over(real: str, name: str) -> Callable[[Log, int | None], Value]:
    """The same as a multiple of that of real images, or of pure noise."""

    def read(log: Log, update: int | None) -> Value:
        found, other = quality(name)(log, update).value, quality_of(real, name, log)
        return Value(None if found is None or not other else found / other)

    return read


def quality_away(name: str) -> Callable[[Log, int | None], Value]:
    """How far the same is from that of real images, whichever way."""

    def read(log: Log, update: int | None) -> Value:
        found, other = quality(name)(log, update).value, quality_of("floor", name, log)
        return Value(None if found is None or other is None else abs(found - other))

    return read


def passage(name: str) -> Callable[[Log, int | None], Value]:
    """A number of the images between two, after the training."""

    def read(log: Log, update: int | None) -> Value:
        line = probe_line(log, "passage", update)
        return Value(None if line is None else line.get(name))

    return read


def norm_of_midpoint(name: str) -> Callable[[Log, int | None], Value]:
    """Mean norm of the noise halfway between two, as a share of that of a drawn one."""

    def read(log: Log, update: int | None) -> Value:
        line = probe_line(log, "passage", update)
        return Value(None if not line else line[name] / line["drawn_norm"])

    return read


IMAGE_OUTCOMES: dict[str, Outcome] = {
    "frechet": Outcome("Fréchet distance", "squared feature distance", quality("frechet")),
    "frechet_over_floor": Outcome(
        "Fréchet distance over that of real images, the floor",
        "times the floor",
        quality_over("floor", "frechet"),
    ),
    "frechet_over_noise": Outcome(
        "Fréchet distance over that of pure noise",
        "times that of noise",
        quality_over("noise", "frechet"),
    ),
    "kernel": Outcome("kernel distance", "squared discrepancy", quality("kernel")),
    "precision": Outcome("precision", "share", quality("precision")),
    "recall": Outcome("recall", "share", quality("recall")),
    "density": Outcome("density", "ratio", quality("density")),
    "coverage": Outcome("coverage", "share", quality("coverage")),
    "class_balance": Outcome("distance from even classes", "nats", quality("class_balance")),
    "near": Outcome(
        "share of samples as near a real image as 99 % of real ones", "share", quality("near")
    ),
    "isolated_pixels": Outcome(
        "isolated bright pixels", "pixels per image", quality("isolated_pixels")
    ),
    "isolated_pixels_away": Outcome(
        "isolated bright pixels, away from real images",
        "pixels per image",
        quality_away("isolated_pixels"),
    ),
    "total_variation": Outcome("total variation", "intensity", quality("total_variation")),
    "total_variation_away": Outcome(
        "total variation, away from real images", "intensity", quality_away("total_variation")
    ),
    "towards_end": Outcome(
        "share of steps on which the end's class does not lose ground to the start's",
        "share",
        passage("towards_end"),
    ),
    "end_classes": Outcome(
        "probability of the two end classes between the ends", "share", passage("end_classes")
    ),
    "third_class": Outcome(
        "share of images between the ends that are taken for a third class",
        "share",
        passage("third_class"),
    ),
    "copies": Outcome(
        "share of images between the ends nearer a training image than 99 % of unseen ones",
        "share",
        passage("copies"),
    ),
    "midpoint_norm": Outcome(
        "norm of the noise halfway on a line, over that of a drawn one",
        "ratio",
        norm_of_midpoint("midpoint_norm"),
    ),
    "spherical_midpoint_norm": Outcome(
        "norm of the noise halfway on a great circle, over that of a drawn one",
        "ratio",
        norm_of_midpoint("spherical_midpoint_norm"),
    ),
}
