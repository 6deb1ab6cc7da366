"""Verdicts on results that exist: a table with a row per run, or a row per step of a run."""
