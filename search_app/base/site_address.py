"""The public address of the site, for files that are read elsewhere: calendars, Atom, sitemaps."""

from starlette.requests import Request

from search_app.base.settings import Settings


def site_address(request: Request, settings: Settings) -> str:
    """Return the site's address without a final slash: the configured one, else that of the request."""
    return (settings.public_url or str(request.base_url)).rstrip("/")
