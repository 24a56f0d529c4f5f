"""Pages of the census: the list of bodies, one body, gaps between register and catalogue."""
