"""What another site needs to embed a frame: its address, the page that it stands for, title and heights."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request

from search_app.base.errors import EngineError
from search_app.pages.widgets.frame import UPCOMING, Frame
from search_app.pages.widgets.heights import NARROW, WIDE, estimate_height
from search_app.pages.widgets.kinds import DEFAULT_SIZE, KINDS, Kind, Target
from search_app.pages.widgets.list_frame import build_list_frame, read_list_query
from search_app.pages.widgets.offer_frame import build_offer_frame, fetch_offer, read_offer_query
from search_app.pages.widgets.search_frame import build_search_frame
from search_app.pages.widgets.theme import Theme
from search_app.search.links import Pairs, address, to_pairs, without
from search_app.search.params import PARAMETERS
from search_app.search.service import Services

USUAL_HEIGHT: Final = 400  # where the engine does not tell what a frame holds


@dataclass(frozen=True, slots=True)
class Embed:
    """A frame to embed: paths of the page and of the frame, with their parameters."""

    kind: Kind
    theme: Theme
    page: str
    frame: str
    title: str
    frame_context: Frame | None
    demonstration: bool = False

    @property
    def heights(self) -> tuple[int, int]:
        """Return the heights in a column of text and on a phone."""
        return self.height(WIDE), self.height(NARROW)

    def height(self, width: int) -> int:
        """Return the height at a width in pixels."""
        if self.frame_context is None:
            return USUAL_HEIGHT
        return estimate_height(self.frame_context, width, demonstration=self.demonstration)


async def build_embed(services: Services, name: str, target: Target, theme: Theme) -> Embed:
    """Return a frame of this kind for a page; raises BadParameters, UnknownOffer, EngineError, NothingLoaded."""
    kind = KINDS[name]
    if kind.of_offer:
        return await _of_offer(services, kind, target.offer, theme)
    pairs = tuple(pair for pair in target.pairs if pair[0] in PARAMETERS)
    if kind.name == "recherche":
        frame: Frame = build_search_frame((*pairs, *theme.pairs))
        given = pairs or UPCOMING
        title = "Trouver une formation"
    else:
        query = read_list_query(services, (*pairs, *theme.pairs))
        given = without(to_pairs(query.search.asked), "size")
        if query.search.params.size != DEFAULT_SIZE:  # another default than that of the site's pages
            given = (*given, ("size", str(query.search.params.size)))
        frame = build_list_frame(query, await services.search(query.search))
        title = frame.title
    return _embed(services, kind, theme, Target(pairs=given), given, title, frame)


async def _of_offer(services: Services, kind: Kind, key: str, theme: Theme) -> Embed:
    query = read_offer_query((("key", key), *theme.pairs))
    stored = await fetch_offer(services, query.key)
    frame = build_offer_frame(kind.name, query, services, stored)
    target = Target(offer=stored["key"])
    return _embed(services, kind, theme, target, (("key", stored["key"]),), frame.title, frame)


def _embed(
    services: Services, kind: Kind, theme: Theme, target: Target, pairs: Pairs, title: str, frame: Frame
) -> Embed:
    path = address((*pairs, *theme.pairs), kind.path)
    return Embed(kind, theme, target.page, path, title, frame, services.settings.demonstration)


def unmeasured_embed(name: str, theme: Theme) -> Embed:
    """Return a frame for all offers, while the engine does not answer; an example needs an offer, and has none."""
    kind = KINDS[name]
    return Embed(kind, theme, address(UPCOMING), address((*UPCOMING, *theme.pairs), kind.path), "Formations", None)


async def example_offer(services: Services) -> str:
    """Return the key of an offer with seats, empty if there is none."""
    search = services.read_search((("seats", "1"), ("upcoming", "true"), ("sort", "seats"), ("size", "1")))
    try:
        ((_, cards),) = await services.first_of([search])
    except EngineError:
        return ""
    return cards[0].key if cards else ""


def own_hosts(request: Request, services: Services) -> frozenset[str]:
    """Return the hosts, with their ports, whose addresses are the site's: the configured one, and the one asked."""
    configured = urlsplit(services.settings.public_url).netloc
    asked = request.headers.get("host", "")
    return frozenset(host.lower() for host in (configured, asked) if host)
