"""The address of the site, for what is read elsewhere: calendars, feeds, search engines."""

from starlette.requests import Request

from search_app.base.settings import Settings


def site_address(request: Request, settings: Settings) -> str:
    """Return the site's address without a slash at its end: the one that is set, else the one that was asked for."""
    return (settings.public_url or str(request.base_url)).rstrip("/")
