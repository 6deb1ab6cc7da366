"""Recurrent networks on sequence tasks."""
