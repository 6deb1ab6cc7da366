"""Simulated studies, judged by assay's evidence and by tests that are run beside it."""
