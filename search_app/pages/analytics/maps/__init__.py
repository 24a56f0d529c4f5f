"""Maps drawn on the server as SVG: outlines of France, classes of values, areas and points."""
