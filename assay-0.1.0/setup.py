"""Builds the native kernel into the package where there is a C++ compiler; assay runs without it.

Everything else is in pyproject.toml.
"""

import os
import platform
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_ext import build_ext

KERNEL = "assay.models.libnative"
FLAGS = [
    "-std=c++17",
    "-O3",
    "-g0",  # Python asks for debugging symbols: a third of the time to compile, 9/10 of the size
    "-fvisibility=hidden",
    "-ffp-contract=fast",
    "-fno-math-errno",
    "-fno-exceptions",  # with this and the next it needs no C++ library
    "-fno-rtti",
    "-Wno-maybe-uninitialized",  # false alarms from the headers of g++'s intrinsics
    "-Wno-unknown-warning-option",  # clang++ has no such warning
]
AVX2 = ["-mavx2", "-mfma"]
AVX512 = [*AVX2, "-mavx512f", "-mavx512bw", "-mavx512dq", "-mavx512vl"]
LEVELS: list[list[str]] = [[]]
if platform.machine() in ("x86_64", "AMD64"):
    LEVELS += [AVX2, AVX512, [*AVX512, "-mavx512bf16"]]


class BuildKernel(build_ext):
    """Compiles level.cpp once for every SIMD level, with its flags, into one shared library."""

    def build_extension(self, ext: Extension) -> None:  # noqa: D102
        objects = self.compiler.compile(
            ["native/interface.cpp"], output_dir=self.build_temp, extra_postargs=FLAGS
        )
        with ThreadPoolExecutor(os.cpu_count()) as compilers:
            for compiled in compilers.map(self.compile_level, range(len(LEVELS))):
                objects += compiled
        path = Path(self.get_ext_fullpath(ext.name))
        path.parent.mkdir(parents=True, exist_ok=True)
        self.compiler.link_shared_object(objects, str(path))

    def compile_level(self, level: int) -> list[str]:  # noqa: D102
        return self.compiler.compile(
            ["native/level.cpp"],
            output_dir=f"{self.build_temp}/level{level}",
            macros=[("ASSAY_LEVEL", str(level))],
            extra_postargs=[*FLAGS, *LEVELS[level]],
        )

    def get_ext_filename(self, fullname: str) -> str:
        """Without the tag of a Python version: it is no Python module, and all can load it."""
        return fullname.replace(".", "/") + ".so"


class BuildWheel(bdist_wheel):
    """Tags the wheel by what is in it: a kernel for one platform, or Python alone."""

    def get_tag(self) -> tuple[str, str, str]:  # noqa: D102
        _, _, platform_tag = super().get_tag()
        built = Path(self.bdist_dir, *KERNEL.split(".")).with_suffix(".so").exists()
        return "py3", "none", platform_tag if built else "any"


setup(
    ext_modules=[
        Extension(
            KERNEL,
            sources=["native/interface.cpp", "native/level.cpp"],
            depends=[str(path) for path in Path("native").glob("*.h")],
            optional=True,
        )
    ],
    cmdclass={"build_ext": BuildKernel, "bdist_wheel": BuildWheel},
)
