"""How the end of a command is told."""

import signal

from assay.kinds.own.sizes import shown


def ended(code: int, last_line: str, output: str) -> str:
    """That a command ended badly, as a sentence without its full stop."""
    last = f"; the last line of its output: {last_line}" if last_line else ""
    where = f"; its output is in {output}"
    if code >= 0:
        return f"the command ended with exit code {code}{last}{where}"
    name = signal.Signals(-code).name if -code in set(signal.Signals) else str(-code)
    why = " (which is also how a system out of memory ends it)" if name == "SIGKILL" else ""
    return f"the command was ended by signal {name}{why}{last}{where}"


def too_long(limit: float) -> str:
    """That a command took too long."""
    return f"the command took longer than its time_limit of {limit:g} seconds, and was ended"


def too_large(memory: int, limit: str) -> str:
    """That a command's processes took too much memory."""
    return (
        f"the command's processes had {shown(memory)} in memory, more than its memory_limit of "
        f"{limit}, and were ended"
    )


def left(count: int) -> str:
    """That a command left processes behind."""
    what = "a process" if count == 1 else f"{count} processes"
    return f"the command left {what} behind, which {'was' if count == 1 else 'were'} ended"
