"""Forms that are not LHEO 2 (1.3, index form, training account), converted to its shape."""
