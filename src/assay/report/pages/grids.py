"""Which of the grids of samples that a run kept are shown."""

from assay.kinds.gan.figures import SamplesSettings
from assay.store import RunFolder
from assay.store.samples import grid_file, grid_hashes

USUAL_MOMENTS = (10_000, 20_000, 90_000, 180_000)
_SHORT = 4


def shown_grids(run: RunFolder, settings: SamplesSettings) -> list[tuple[str, int, bytes]]:
    """The grids of a run that are shown: the words for each, the update, and the file.

    A short training that reaches none of the usual moments is shown at even distances.

    Raises:
        StoreError: if the run kept none, or one is not what it wrote.
    """
    kept = grid_hashes(run)
    end = max(kept)
    moments = {0: "start", end // 2: "halfway", end: "end"}
    named = [moment for moment in settings.moments or USUAL_MOMENTS if moment in kept]
    if settings.moments is None and len(named) < _SHORT:
        steps = [end * part // 8 for part in (1, 2, 3, 6)]
        named += [min(kept, key=lambda update: abs(update - step)) for step in steps]
    grids = []
    for update in sorted({*moments, *named} & kept.keys()):
        words = f"{moments[update]}: " if update in moments else ""
        grids.append((f"{words}{update:,}", update, grid_file(run, update, kept[update])))
    return grids
