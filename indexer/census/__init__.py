"""The census of providers: facts of the register joined with the bodies that the offers name."""
