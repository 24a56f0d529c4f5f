"""No tests: invented stored documents, and hostile sources on a real server."""
