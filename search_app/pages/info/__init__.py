"""Pages of text, the sources, the style page and the sitemap."""
