"""From configurations to finished runs: built, trained on this machine, timed."""
