"""What a run's record says of the machine and the software it ran on."""

import os
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from assay import __version__
from assay.config import package_of

REPORTED = ("torch", "numpy", "scipy", "safetensors")


def machine() -> dict[str, str | int]:
    """Processor, cores this process may use, memory in GiB and system."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count() or 1,
        "memory_gib": _memory_gib(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def versions(kind: str | None = None) -> dict[str, str]:
    """Versions of Python and of the packages that numbers depend on.

    Of a run of a `kind` that another package brings that package is one.
    """
    found = {"python": platform.python_version(), "assay": __version__}
    other = None if kind is None else package_of(kind)
    brings = {} if other is None else {other.name: other.version}
    return found | brings | {name: _version(name) for name in REPORTED}


@cache  # a lookup reads a package's whole description, and there is one for every run
def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


@cache
def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or "unknown"


def _memory_gib() -> int:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
    except (AttributeError, ValueError, OSError):
        return 0
