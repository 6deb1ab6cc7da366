"""What is said under a figure, and in its place where it cannot be seen."""

import re

from assay.report.data.plain import Data
from assay.report.words.numbers import median

QUALITY_HEADINGS = {
    "frechet_over_floor": "Fréchet distance over the floor",
    "frechet": "Fréchet distance",
    "kernel": "Kernel distance",
    "precision": "Precision",
    "recall": "Recall",
    "density": "Density",
    "coverage": "Coverage",
    "near": "Near",
    "class_balance": "Uneven classes, nats",
    "isolated_pixels": "Isolated pixels an image",
}


def figure_name(figure_id: str) -> str:
    """A figure's name in files and in the page."""
    return "figure-" + re.sub(r"[^A-Za-z0-9_-]+", "-", figure_id)


def curve_name(claim_id: str) -> str:
    """The name of a claim's specification curve in files and in the page."""
    return figure_name(f"multiverse-{claim_id}")


def caption(figure: Data, data: Data) -> str:
    """What a figure shows in numbers, after its title and the study's own caption."""
    parts = [figure["caption"], _ends(figure, data) if figure["kind"] == "curves" else ""]
    missing = figure["planned"] - figure["finished"]
    if missing:
        parts.append(f"{missing} of its {figure['planned']} runs are missing.")
    return " ".join(part for part in parts if part)


def alternative(figure: Data, data: Data) -> str:
    """A figure in words: what it draws, and where each curve ends."""
    rows = [row["sentence"] for row in data["horizons"] if row["figure"] == figure["id"]]
    arms = ", ".join(row["label"] for row in _rows(figure, data))
    parts = [figure["title"], figure["shows"].format(arms=arms).removesuffix("."), *rows]
    if figure["kind"] == "curves":
        parts.append(_ends(figure, data))
    return " ".join(f"{part.removesuffix('.')}." for part in parts if part)


def _ends(figure: Data, data: Data) -> str:
    ends = "; ".join(
        f"{median(row['last_accuracy'], 'last_accuracy', 'accuracy')} for {row['label']}"
        for row in _rows(figure, data)
        if row["last_accuracy"]["n"]
    )
    return f"Median validation accuracy after the last epoch: {ends}." if ends else ""


def _rows(figure: Data, data: Data) -> list[Data]:
    others = [row for table in data["others"] for row in table["rows"]]
    rows = [*data["table"], *data["generators"], *others]
    return [row for row in rows if row["arm"] in figure["arms"]]
