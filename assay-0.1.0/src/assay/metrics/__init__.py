"""What is measured: pure functions on tensors."""
