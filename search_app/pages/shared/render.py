"""From a typed page context to HTML."""

import re
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from search_app.pages.shared.layout import Page
from search_app.pages.shared.printing import PrintingEnvironment
from search_app.text import wording

_TO_FILTERS: Final = re.compile(r'<a( [^<>]*?href="/(?:offres|selection)\?[^"]*"[^<>]*)')
TEMPLATES: Final = Path(__file__).parents[2] / "templates"


@cache
def environment() -> Environment:
    """Return the one environment: autoescaping, an unknown name is an error, templates compiled once."""
    made = PrintingEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    made.filters["typeset"] = wording.typeset
    made.filters["number"] = wording.number
    made.globals["demonstration"] = False
    made.globals["site"] = ""
    return made


def say_demonstration(shown: bool) -> None:
    """Say on every page that offers and seats are invented, or no longer."""
    environment().globals["demonstration"] = shown


def say_address(public_url: str) -> None:
    """Make canonical addresses whole ones of this site; without it they are paths."""
    environment().globals["site"] = public_url.rstrip("/")


def render(template: str, page: Page) -> bytes:
    """Return the page as UTF-8; no crawler is to follow its links to combinations of filters."""
    return to_unfollowed(environment().get_template(template).render(page=page)).encode()


def to_unfollowed(text: str) -> str:
    """Return HTML in which links to combinations of filters say ``nofollow``: there are more of them than offers.

    In one place, for all templates: one link that is forgotten leads a crawler to all the others.

    >>> to_unfollowed('<a class="x" href="/offres?q=a">')
    '<a rel="nofollow" class="x" href="/offres?q=a">'
    >>> to_unfollowed('<a rel="next" href="/offres?page=2">'), to_unfollowed('<a href="/offres/abc">')
    ('<a rel="nofollow next" href="/offres?page=2">', '<a href="/offres/abc">')
    """
    return _TO_FILTERS.sub(_unfollowed, text)


def _unfollowed(link: re.Match[str]) -> str:
    attributes = link[1]
    if "nofollow" in attributes:
        return link[0]
    if 'rel="' in attributes:
        return "<a" + attributes.replace('rel="', 'rel="nofollow ', 1)
    return '<a rel="nofollow"' + attributes
