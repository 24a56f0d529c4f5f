"""The census of providers: legal bodies of the public register and of the catalogue, with their offers."""
