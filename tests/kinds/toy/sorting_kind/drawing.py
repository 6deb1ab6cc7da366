"""The figure of the kind `sorting`."""

from matplotlib.figure import Figure


def progress(arms):
    """The share in order against the steps, a line per run."""
    figure = Figure()
    ax = figure.subplots()
    for runs in arms:
        for log in runs.logs:
            steps = [line.update for line in log.numbers]
            ax.plot(steps, [line.numbers["in_order"] for line in log.numbers])
    ax.set_xlabel("steps")
    ax.set_ylabel("share in order")
    return figure
