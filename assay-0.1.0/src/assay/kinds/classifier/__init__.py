"""The classifier whose features measure generated images: the kind `classifier`."""

from assay.kinds.classifier.kind import ClassifierKind

KIND = ClassifierKind()
