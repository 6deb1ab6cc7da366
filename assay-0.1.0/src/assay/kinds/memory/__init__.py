"""Recurrent networks on sequence tasks: the kind `memory`. No PyTorch until a run is built."""

from assay.kinds.memory.kind import MemoryKind

KIND = MemoryKind()
