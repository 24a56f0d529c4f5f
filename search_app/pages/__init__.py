"""The pages: server-rendered French HTML that needs no script."""

from search_app.pages.render import say_address, say_demonstration
from search_app.pages.routes import page_routes, render_error

__all__ = ["page_routes", "render_error", "say_address", "say_demonstration"]
