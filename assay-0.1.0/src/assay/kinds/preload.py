"""What the server that workers are forked from imports for the kinds that are trained here."""

import torch._dynamo  # noqa: F401 - PyTorch's optimizers import it at their first step

import assay.kinds.job  # noqa: F401
