"""The door for assistants: read-only tools over the search, by the Model Context Protocol (``POST /mcp``)."""
