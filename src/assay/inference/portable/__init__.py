"""A trained network in one file: written from a run, and asked without its store."""

from assay.inference.portable.about import SUFFIXES, Format
from assay.inference.portable.asked import Exported, is_exported
from assay.inference.portable.written import write_exported

__all__ = ["SUFFIXES", "Exported", "Format", "is_exported", "write_exported"]
