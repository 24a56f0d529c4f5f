"""Models of the census of providers and of the editions of the register."""
