"""What crawlers, browsers and assistants read: robots.txt, sitemaps, OpenSearch description, llms.txt."""
