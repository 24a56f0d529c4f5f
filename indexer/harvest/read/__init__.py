"""Formats of sources: OAI-PMH, feeds, sitemaps with JSON-LD, DILA's sheets → what each record says."""
