"""Runs as trackers have them, while they are trained: what a store holds is brought there.

A worker knows nothing of it. The process that started the training starts another one for each
tracker, at a low priority, which reads the logs of the runs in the store and writes them to the
tracker. The log on disk is all that waits, so a tracker that is slow, full or gone takes no memory
and holds up nobody; what it missed it gets later, or from the next command.
"""
