"""What one run would have concluded, in plain English."""

from collections.abc import Sequence

from assay.report.data.single import Alone, Asked


def split_words(rows: Sequence[Asked]) -> str:
    """On how many claims the seeds differ, and on which."""
    split = [row.claim for row in rows if row.split]
    every = f"{len(rows)} claim{'' if len(rows) == 1 else 's'}"
    if not split:
        return f"All seeds say the same of {'the' if len(rows) == 1 else 'all'} {every}."
    names = ", ".join(split)
    return f"Seeds differ on {len(split)} of {every}: there, one run can say either. ({names})"


def alone_words(each: Alone) -> str:
    """What a seed alone says of the claims, and where it is in the minority."""
    many = len(each.shows) + len(each.denies)
    start = f"Seed {each.seed} alone shows {len(each.shows)} of {many} claims"
    if not each.minority:
        return f"{start} and is nowhere in the minority."
    return f"{start}. Most other seeds say otherwise of {', '.join(each.minority)}."
