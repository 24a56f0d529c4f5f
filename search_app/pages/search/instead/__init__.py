"""What is shown instead of an empty result."""
