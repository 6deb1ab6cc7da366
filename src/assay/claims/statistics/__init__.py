"""Inference over a multiverse, and the fit of a memory horizon."""
