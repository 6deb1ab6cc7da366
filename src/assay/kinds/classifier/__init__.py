"""The classifier of images whose features measure generated ones."""
