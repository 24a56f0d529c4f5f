"""Search, pages and API: parameters → search → query → engine → results → pages and API."""
