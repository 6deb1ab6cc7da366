"""What a trained run answers: predictions, inversions, an audit."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assay.cli.show.tables import print_json, print_table, tell

_ANSWERS = {"palindrome": "next digit", "copy": "digit"}
"""What the answer is called, by the task."""

if TYPE_CHECKING:
    from assay.inference.audit import Audit
    from assay.inference.invert import Inversion
    from assay.inference.predict import Prediction


def print_prediction(digits: str, prediction: "Prediction", task: str, *, as_json: bool) -> None:
    """The predicted class, each class's probability, and of a palindrome whether it began."""
    if as_json:
        print_json({"input": digits, **vars(prediction)})
        return
    if prediction.value is not None:
        tell(f"predicted number: {prediction.value:.4g}")
        return
    tell(f"predicted {_ANSWERS.get(task, 'class')}: {prediction.name}")
    width = max(map(len, prediction.names))
    for name, probability in zip(prediction.names, prediction.probabilities, strict=True):
        tell(f"  {name:<{width}}  {probability:6.1%}  {'█' * round(40 * probability)}")
    if task != "palindrome":
        return
    if prediction.expected is None:
        tell(f"{digits} is not the beginning of a palindrome of {len(digits) + 1} digits")
    else:
        right = "right" if prediction.expected == prediction.digit else "wrong"
        tell(f"{digits} begins the palindrome {digits}{prediction.expected}: the answer is {right}")


def print_inversions(
    found: Sequence[tuple[Path, "Inversion"]], out: Path, *, as_json: bool
) -> None:
    """How near the nearest image of each file is."""
    if as_json:
        rows = [
            {"image": str(file), "distance": each.distance, "z": each.z.tolist()}
            for file, each in found
        ]
        print_json({"picture": str(out), "inversions": rows})
        return
    for file, each in found:
        tell(f"{file}: the nearest image differs by {each.distance:.1f} of 255 gray levels (rms)")
    tell(out)


def print_audit(found: "Audit", out: Path, *, as_json: bool) -> None:
    """Distances to the nearest training image, of samples and of unseen real images."""
    spaces = {"pixels": found.pixels, "features": found.features}
    rows = [
        {
            "space": name,
            "samples_median": float(space.samples.median()),
            "samples_lowest": float(space.samples.min()),
            "test_median": float(space.test.median()),
            "limit": space.limit,
            "copies": space.copies,
        }
        for name, space in spaces.items()
    ]
    if as_json:
        about = {"features": found.seen, "alike": found.alike, "sentence": found.sentence}
        print_json({"picture": str(out), "spaces": rows, **about})
        return
    head = ("distance in", "samples", "nearest one", "unseen", "their 1st percentile", "nearer")
    lines = [
        (
            str(row["space"]),
            f"{row['samples_median']:.1f}",
            f"{row['samples_lowest']:.1f}",
            f"{row['test_median']:.1f}",
            f"{row['limit']:.1f}",
            f"{row['copies']:.1%}",
        )
        for row in rows
    ]
    print_table(head, lines, head[1:])
    tell(f"features: {found.seen}")
    tell(found.sentence)
    tell(out)
