"""What kinds share whose runs are the user's own: commands and functions."""
