"""Commands as experiments."""
