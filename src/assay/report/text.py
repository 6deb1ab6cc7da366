"""What is said under a figure, and in its place where it cannot be seen."""

import re

from assay.report.plain import Data
from assay.report.words import median


def figure_name(figure_id: str) -> str:
    """A figure's name in files and in the page."""
    return "figure-" + re.sub(r"[^A-Za-z0-9_-]+", "-", figure_id)


def caption(figure: Data, data: Data) -> str:
    """What a figure shows in numbers, after its title and the study's own caption."""
    parts = [figure["caption"], "" if _is_gradient(figure) else _ends(figure, data)]
    missing = figure["planned"] - figure["finished"]
    if missing:
        parts.append(f"{missing} of its {figure['planned']} runs are missing.")
    return " ".join(part for part in parts if part)


def alternative(figure: Data, data: Data) -> str:
    """A figure in words: what it draws, and where each curve ends."""
    if _is_gradient(figure):
        arms = ", ".join(row["label"] for row in _rows(figure, data))
        return (
            f"{figure['title']}. Line charts of the norm of the gradient by the state against the "
            f"lag, for {arms}."
        )
    what = "Line charts of accuracy and loss in training and validation"
    return f"{figure['title']}. {what}. {_ends(figure, data)}"


def _ends(figure: Data, data: Data) -> str:
    ends = "; ".join(
        f"{median(row['last_accuracy'], 'last_accuracy', 'accuracy')} for {row['label']}"
        for row in _rows(figure, data)
        if row["last_accuracy"]["n"]
    )
    return f"Median validation accuracy after the last epoch: {ends}." if ends else ""


def _rows(figure: Data, data: Data) -> list[Data]:
    return [row for row in data["table"] if row["arm"] in figure["arms"]]


def _is_gradient(figure: Data) -> bool:
    return bool(figure["kind"] == "state_gradient")
