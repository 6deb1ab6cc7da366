"""What the server that workers are forked from imports, once for all of them."""

import gc

# Most of the time of an import of PyTorch goes into a thousand modules that all stay: collecting
# garbage among them costs a fifth of it.
gc.disable()

import torch._dynamo  # noqa: E402, F401 - PyTorch's optimizers import it at their first step

import assay.kinds.job  # noqa: E402, F401

gc.freeze()  # what is shared with the workers is not looked at again, which would copy it
gc.enable()
