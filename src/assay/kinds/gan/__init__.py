"""Generative adversarial networks on images."""
