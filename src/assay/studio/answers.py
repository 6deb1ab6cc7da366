"""What the studio answers: by a path and its query, JSON or a picture."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from assay import __version__
from assay.errors import AssayError, ConfigError
from assay.report.data.plain import plain
from assay.studio.runs import run_page, run_rows
from assay.studio.shown import NotThereError, Shown
from assay.studio.views import studies_view, study_view

Query = Mapping[str, str]
_JSON = "application/json"
_MOST_MARGINS = 200


@dataclass(frozen=True)
class Answer:
    """The content of an answer and its media type."""

    content: bytes
    type: str = _JSON


class Answers:
    """Answers from what is shown; each is a function of path and query alone."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        self._of: dict[str, Callable[[Query], Answer]] = {
            "/api/about": self._about,
            "/api/studies": lambda query: _json(studies_view(shown)),
            "/api/study": lambda query: _json(study_view(shown, *_study(query))),
            "/api/strip.svg": self._strip,
            "/api/what-if": self._what_if,
            "/api/runs": lambda query: _json([plain(row) for row in run_rows(shown.store)]),
            "/api/run": lambda query: _json(plain(run_page(shown.run(query.get("run", ""))))),
            "/api/grid.png": self._grid,
            "/api/weights": self._weights,
        }

    def get(self, path: str, query: Query) -> Answer:
        """An answer.

        Raises:
            NotThereError: if there is nothing of that name.
            AssayError: for whatever else the user can put right.
        """
        if path not in self._of:
            raise NotThereError(f"{path[:80]}: there is no such page")
        return self._of[path](query)

    def _about(self, query: Query) -> Answer:
        shown = self._shown
        return _json(
            {
                "version": __version__,
                "edit": shown.edit,
                "evidence": shown.evidence,
                "store": str(shown.store),
                "study": shown.names[0] if len(shown.names) == 1 else "",
                "run": shown.first_run,
            }
        )

    def _strip(self, query: Query) -> Answer:
        from assay.report.data.strip import strip_rows
        from assay.report.pages.strip import strip_svg

        name, profile = _study(query)
        with self._shown.lock:
            study = self._shown.study(name)
            rows = strip_rows(study.claim_rows(self._shown.profile_of(study, profile)))
            return Answer(strip_svg(rows, narrow="narrow" in query), "image/svg+xml")

    def _what_if(self, query: Query) -> Answer:
        name, profile = _study(query)
        alpha, margins = _number(query.get("alpha", "0.05"), "alpha"), _margins(query)
        with self._shown.lock:
            study = self._shown.study(name)
            chosen = self._shown.profile_of(study, profile)
            return _json(
                [plain(row) for row in study.what_if(chosen, alpha=alpha, margins=margins)]
            )

    def _grid(self, query: Query) -> Answer:
        from assay.figures.grid import columns_for, grid_png
        from assay.store.samples import grid_file, grid_hashes, load_grid

        folder = self._shown.run(query.get("run", ""))
        hashes, update = grid_hashes(folder), _number(query.get("update", ""), "update")
        if update not in hashes:
            raise NotThereError(f"run {folder.run_id} kept no grid at update {update:g}")
        images = load_grid(grid_file(folder, int(update), hashes[int(update)]))
        return Answer(grid_png(images, columns_for(len(images))), "image/png")

    def _weights(self, query: Query) -> Answer:
        if self._shown.evidence:
            raise ConfigError("evidence holds no weights: a playground needs the store of the runs")
        from assay.studio.weights import weights_of

        return _json(weights_of(self._shown.run(query.get("run", ""))))


def problem(error: Exception) -> tuple[int, str]:
    """The status and the sentence for what went wrong."""
    if isinstance(error, NotThereError):
        return 404, str(error)
    if isinstance(error, AssayError):
        return 422, str(error)
    if isinstance(error, OSError):
        return 503, f"the store cannot be read: {error.strerror or type(error).__name__}"
    return 500, f"this is a fault of the studio ({type(error).__name__}): see where it was started"


def _json(value: Any) -> Answer:
    return Answer(json.dumps(value, allow_nan=False, separators=(",", ":")).encode())


def _study(query: Query) -> tuple[str, str]:
    return query.get("study", ""), query.get("profile", "")


def _number(text: str, name: str) -> float:
    try:
        return float(text[:40])
    except ValueError:
        raise ConfigError(f"{name} = {text[:40]!r}: should be a number") from None


def _margins(query: Query) -> dict[tuple[str, int], float]:
    """From `margins=R1.0:0.1,R2.1:0.05`."""
    found: dict[tuple[str, int], float] = {}
    for each in filter(None, query.get("margins", "").split(",")):
        place, _, value = each.rpartition(":")
        claim, _, part = place.rpartition(".")
        if not part.isascii() or not part.isdigit() or len(found) >= _MOST_MARGINS:
            raise ConfigError(f"margins: {each[:60]!r} should be CLAIM.PART:NUMBER")
        found[claim, int(part[:6])] = _number(value, f"margin of {claim[:40]}")
    return found
