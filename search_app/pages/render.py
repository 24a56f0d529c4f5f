"""From a typed page context to HTML."""

from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from search_app.pages import wording
from search_app.pages.layout import Page

TEMPLATES: Final = Path(__file__).parent.parent / "templates"


@cache
def environment() -> Environment:
    """Return the one environment: autoescaping, an unknown name is an error, templates compiled once."""
    made = Environment(
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
    return made


def say_demonstration(shown: bool) -> None:
    """Say on every page that offers and seats are invented, or no longer."""
    environment().globals["demonstration"] = shown


def render(template: str, page: Page) -> bytes:
    """Return the page as UTF-8."""
    return environment().get_template(template).render(page=page).encode()
