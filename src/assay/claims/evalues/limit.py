"""What may still be otherwise: an exact limit of a share."""


def otherwise(yes: int, runs: int, level: float = 0.05) -> float:
    """The upper limit of the share of runs that do not say yes.

    Exact and one-sided: the largest share under which so few runs would be otherwise with chance
    `level` or more. 8 of 8 runs leave 0.312.

    Args:
        yes: runs that say yes, 0 to `runs`.
        runs: all runs, at least 0.
        level: the chance that the true share is above the limit, within (0, 1).

    Returns:
        A share in (0, 1]; 1 without runs.

    Raises:
        ValueError: `yes` or `level` is outside its range.

    Source: Clopper and Pearson 1934.
    """
    if not 0 <= yes <= runs:
        raise ValueError(f"yes has to be within 0 and {runs}, and is {yes}")
    if not 0 < level < 1:
        raise ValueError(f"level has to be within 0 and 1, and is {level}")
    if yes == 0:
        return 1.0
    # SciPy takes a while to load; commands that ask nothing of it do not wait for it.
    from scipy.special import betaincinv

    return float(betaincinv(runs - yes + 1, yes, 1 - level))
