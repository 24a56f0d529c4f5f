"""The app: routes, middleware, error answers."""
