"""What is said alike of commands and functions."""


def resumed(attempts: int, whose: str) -> str:
    """That a run went on from what it saved; `whose` promise its numbers are."""
    return (
        f"started {attempts} times, it went on from what it had saved: that its numbers are those "
        f"of an undisturbed run is the {whose}'s promise, not assay's"
    )
