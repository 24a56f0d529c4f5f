"""The pages: server-rendered French HTML that needs no script."""
