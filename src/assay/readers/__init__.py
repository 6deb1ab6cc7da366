"""Results that other programs wrote, read as they are."""
