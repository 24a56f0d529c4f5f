"""Pages of text, the sources and the style page."""
