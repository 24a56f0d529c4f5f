"""What all frames have in common: their base, their rendering, and their errors."""

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from search_app.base.errors import AppError, BadParameters, UnknownOffer
from search_app.base.responses import conditional, tag_of, to_bytes
from search_app.pages.shared.error_page import ErrorPage, build_error_page
from search_app.pages.shared.layout import Link, Live
from search_app.pages.shared.render import HTML, environment, version
from search_app.pages.widgets.theme import DEFAULT, NAMES, Theme, split_theme
from search_app.search.links import SEARCH
from search_app.search.service import services_of
from search_app.text import wording

SITE_NAME: Final = "Boussole"
UPCOMING: Final = (("upcoming", "true"),)
ALL_OFFERS: Final = Link("Chercher une formation sur Boussole", f"{SEARCH}?upcoming=true")


@dataclass(frozen=True, slots=True)
class Frame:
    """Base of the contexts of frames: ``more`` leads to the site, where everything else is."""

    title: str
    theme: Theme
    more: Link


@dataclass(frozen=True, slots=True)
class ErrorFrame(Frame):
    """An error inside a frame; ``faults`` name parameter, value and what is allowed."""

    message: str
    faults: tuple[str, ...]


def respond_frame(request: Request, template: str, frame: Frame, live: Live | None = None) -> Response:
    """Return a frame with its ETag, or 304 if the client has the same."""
    demonstration = services_of(request).settings.demonstration
    etag = tag_of(to_bytes((version(), template, frame, demonstration)))
    return conditional(request, etag, lambda: _render(template, frame, live, demonstration), HTML)


def _render(template: str, frame: Frame, live: Live | None, demonstration: bool) -> bytes:
    made = environment().get_template(template)
    return made.render(frame=frame, live=live, demonstration=demonstration).encode()


def render_frame_error(request: Request, error: AppError) -> Response:
    """Return the frame of an error; needs neither the engine nor loaded data."""
    theme = _theme_of(request)
    page = build_error_page(error, "", None)
    faults = tuple(fault.message for fault in error.faults) if isinstance(error, BadParameters) else ()
    frame = ErrorFrame(
        title=page.heading,
        theme=theme,
        more=ALL_OFFERS,
        message=_message(error, page),
        faults=tuple(map(wording.typeset, faults)),
    )
    return Response(_render("widgets/error.html", frame, None, False), error.status, error.headers(), HTML)


def _message(error: AppError, page: ErrorPage) -> str:
    """Return the sentence shown to readers of the host page; its integrator reads the faults."""
    if isinstance(error, UnknownOffer) or error.status == 410:
        return "Elle a sans doute quitté le catalogue."
    if error.status == 400:
        return wording.typeset("Le contenu de ce cadre est mal configuré. À qui l’a posé :")
    return page.message or page.advice


def _theme_of(request: Request) -> Theme:
    """Return the theme of the address, the default one if it is wrong."""
    theme, _, faults = split_theme(pair for pair in request.query_params.multi_items() if pair[0] in NAMES)
    return DEFAULT if faults else theme
