"""What a finished run can be asked."""
