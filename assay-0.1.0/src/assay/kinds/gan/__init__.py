"""Generative adversarial networks on images: the kind `gan`. No PyTorch until a run is built."""

from assay.kinds.gan.kind import GanKind

KIND = GanKind()
