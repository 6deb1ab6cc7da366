"""What trains beside assay, each in a process of its own that `serve` makes answer."""
