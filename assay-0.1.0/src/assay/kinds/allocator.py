"""The C library's allocator, set so that memory freed in one update serves the next.

By default glibc takes a block of a few MiB, such as a layer's gradient, from the system and gives
it back when it is freed. Each update then pays for thousands of page faults, which look like
computing.
"""

import ctypes
import sys

# Parameters of mallopt(3), from <malloc.h>.
_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3

# The largest that glibc takes for a 64-bit system (DEFAULT_MMAP_THRESHOLD_MAX): blocks up to this
# come from the heap, and the heap keeps what is freed at its top.
_MMAP_THRESHOLD = 32 * 2**20
_TRIM_THRESHOLD = 256 * 2**20


def keep_freed_memory() -> bool:
    """Set the thresholds of this process; returns whether the C library took them.

    Elsewhere than on Linux with glibc nothing happens.
    """
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:  # musl has none
        return False
    return bool(
        mallopt(_M_MMAP_THRESHOLD, _MMAP_THRESHOLD) and mallopt(_M_TRIM_THRESHOLD, _TRIM_THRESHOLD)
    )
