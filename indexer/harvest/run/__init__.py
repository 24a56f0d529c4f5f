"""One harvest, from requests to documents: options, spool, gates, report."""
