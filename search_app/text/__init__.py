"""French wording, dates and typography."""
