"""What a run's record says of the machine and the software it ran on."""

import os
import platform
import re
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from assay import __version__
from assay.config import package_of
from assay.store.cache import code_sha256

# Of the environment, what changes how libraries compute, or what they compute with.
_VARIABLES = (
    "ATEN_CPU_CAPABILITY",
    "CUBLAS_WORKSPACE_CONFIG",
    "DNNL_MAX_CPU_ISA",
    "JAX_ENABLE_X64",
    "MKL_CBWR",
    "MKL_DEBUG_CPU_TYPE",
    "MKL_DYNAMIC",
    "MKL_ENABLE_INSTRUCTIONS",
    "MKL_NUM_THREADS",
    "NPY_DISABLE_CPU_FEATURES",
    "NVIDIA_TF32_OVERRIDE",
    "OMP_NUM_THREADS",
    "ONEDNN_DEFAULT_FPMATH_MODE",
    "ONEDNN_MAX_CPU_ISA",
    "OPENBLAS_CORETYPE",
    "OPENBLAS_NUM_THREADS",
    "PYTHONHASHSEED",
    "XLA_FLAGS",
)
# Of x86 and of ARM, the instructions by which libraries choose their kernels.
_INSTRUCTIONS = re.compile(r"avx\w*|amx\w*|fma|f16c|sse4_[12]|asimd\w*|sve\w*|bf16|i8mm|fphp")
_FAMILY = ("cpu family", "model", "stepping", "CPU implementer", "CPU part")

_DIGITS = 16

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
def numerics() -> dict[str, str | int]:
    """What decides the last bits of a run on this machine, whatever it trains.

    Of the processor its model and instructions, since libraries choose their kernels by them; the
    C library; a hash of assay's code; and the variables that change how libraries compute.
    """
    facts = _cpu_facts()
    variables = {name: os.environ[name] for name in _VARIABLES if name in os.environ}
    return {
        "cpu_model": "/".join(facts[name] for name in _FAMILY if name in facts),
        "instructions": _instructions(facts),
        "c_library": " ".join(platform.libc_ver()).strip(),
        "assay_code": code_sha256("assay")[:_DIGITS],
        **variables,
    }


def _instructions(facts: dict[str, str]) -> str:
    flags = facts.get("flags", facts.get("Features", "")).split()
    return " ".join(sorted(flag for flag in flags if _INSTRUCTIONS.fullmatch(flag)))


def _cpu_facts() -> dict[str, str]:
    """What the system tells of its first processor; nothing where it does not."""
    try:
        first = Path("/proc/cpuinfo").read_text().partition("\n\n")[0]
    except OSError:
        return {}
    parts = (line.partition(":") for line in first.splitlines())
    return {name.strip(): value.strip() for name, _, value in parts}


@cache
def _processor() -> str:
    return _cpu_facts().get("model name") or platform.processor() or "unknown"


def _memory_gib() -> int:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
    except (AttributeError, ValueError, OSError):
        return 0
