"""What is said under a figure, and in its place where it cannot be seen."""

import re

from assay.figures.curves import FEW_EPOCHS
from assay.report.plain import Data
from assay.report.words import median


def figure_name(figure_id: str) -> str:
    """A figure's name in files and in the page."""
    return "figure-" + re.sub(r"[^A-Za-z0-9_-]+", "-", figure_id)


def caption(figure: Data, data: Data) -> str:
    """How to read a figure, after its title and the study's own caption."""
    if figure["kind"] == "state_gradient":
        how = (
            "Norm of the total derivative of a validation sample's loss with respect to the whole "
            "state after each input, geometric mean over the samples, by how many steps before "
            "the last input. A line that falls to the right is a gradient that vanishes. Faint: "
            "each seed. Strong: the median over seeds. Light and dotted: the parts h and c of an "
            "LSTM's state, each alone, median."
        )
    else:
        how = (
            "Left: loss; right: accuracy; over epochs below and updates above. Faint: each seed. "
            "Strong: the median over seeds. Training values are means over an epoch's updates, "
            "validation values are measured after it."
        )
        if _has_checks(figure, data):
            how += (
                " With so few epochs, validation accuracy is drawn every 25 updates, on the first "
                "2,000 validation examples."
            )
    missing = figure["planned"] - figure["finished"]
    said = f" {missing} of its {figure['planned']} runs are missing." if missing else ""
    own = f"{figure['caption']} " if figure["caption"] else ""
    return f"{own}{how}{said}"


def alternative(figure: Data, data: Data) -> str:
    """A figure in words: what it draws, and where each curve ends."""
    rows = [row for row in data["table"] if row["arm"] in figure["arms"]]
    if figure["kind"] == "state_gradient":
        arms = ", ".join(row["label"] for row in rows)
        return (
            f"{figure['title']}. Line charts of the norm of the gradient by the state against the "
            f"lag, for {arms}."
        )
    ends = "; ".join(
        f"{row['label']}: {median(row['last_accuracy'], 'last_accuracy', 'accuracy')}"
        for row in rows
    )
    return (
        f"{figure['title']}. Line charts of loss and accuracy in training and validation. Median "
        f"validation accuracy after the last epoch: {ends}."
    )


def _has_checks(figure: Data, data: Data) -> bool:
    epochs = [row["epochs"] for row in data["table"] if row["arm"] in figure["arms"]]
    return any(each is not None and each < FEW_EPOCHS for each in epochs)
