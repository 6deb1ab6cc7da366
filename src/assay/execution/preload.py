"""What the server that workers are forked from imports, once for all of them."""

import contextlib
import gc
import os
from importlib import import_module

from assay.execution.process import PRELOAD

# Most of the time of an import of PyTorch goes into a thousand modules that all stay: collecting
# garbage among them costs a fifth of it.
gc.disable()

for name in filter(None, os.environ.pop(PRELOAD, "").split(",")):
    # A module that fails here fails again in the worker that needs it, which can say so.
    with contextlib.suppress(Exception):
        import_module(name)

import assay.execution.worker  # noqa: E402, F401

gc.freeze()  # what is shared with the workers is not looked at again, which would copy it
gc.enable()
