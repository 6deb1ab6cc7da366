"""Verdicts on results that exist: a table with a row a run, or a row a step of a run."""
