"""Outcomes: what a run comes to, as one number read from its log."""
