"""The reader: parameters → search → query → engine → results → pages and API."""
