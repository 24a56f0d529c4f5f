"""The newest results of a search as Atom (RFC 4287): an entry per offer, dated by its latest news."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from search_app.base.responses import cacheable
from search_app.base.site_address import site_address
from search_app.exports.calendar_events import seat_texts
from search_app.exports.files import read_export_search
from search_app.exports.paths import FEED
from search_app.exports.streaming import TOTAL
from search_app.search.links import to_pairs
from search_app.search.params.search_params import SearchParams
from search_app.search.present.cards import to_card
from search_app.search.results import OfferCard, SessionView
from search_app.search.service import services_of
from search_app.search.stored import to_stored
from search_app.text import wording
from search_app.text.xml import Element, add, root, to_document

MEDIA_TYPE: Final = "application/atom+xml; charset=utf-8"
ENTRIES: Final = 100  # more than anybody reads in a day; NDJSON has all results
SESSIONS_TOLD: Final = 10  # sessions listed in one entry
ATOM: Final = "http://www.w3.org/2005/Atom"
XHTML: Final = "http://www.w3.org/1999/xhtml"
TAGGED_SINCE: Final = "2026"  # of tag: addresses (RFC 4151), which must never change
NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)  # date of a document without entries, before the first load

Stored = dict[str, Any]


@dataclass(frozen=True, slots=True)
class News:
    """The latest news of an offer: the offer itself, or new matching sessions; ``when`` is its time."""

    when: datetime
    is_offer: bool
    session_keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Address:
    """Addresses of the document and its page, and the authority of its tags."""

    site: str
    query: str

    @property
    def tag(self) -> str:
        """Return the prefix of all tags of this site."""
        return f"tag:{urlsplit(self.site).hostname or 'boussole'},{TAGGED_SINCE}:"


def feed_routes() -> list[Route]:
    """Return the route of the Atom document; it must precede the route of a single offer."""
    return [Route(FEED, atom)]


async def atom(request: Request) -> Response:
    """Send the offers of a search by the time of their latest news."""
    services = services_of(request)
    newest = await services.newest(read_export_search(request), ENTRIES)
    search, params = newest.search.request, newest.search.asked
    snapshot, asked = newest.search.snapshot, search.conditions.any_set
    cards = await services.turns.make(to_card(to_stored(stored), search, snapshot) for stored in newest.offers)
    address = Address(site_address(request, services.settings), urlencode(to_pairs(params)))
    loaded = [_moment(source.loaded_at) for source in services.reference.source_states(search.today)]
    news = [to_news(stored, card, asked=asked) for stored, card in zip(newest.offers, cards, strict=True)]
    feed = begin_feed(params, newest.total, news, address, services.settings.editor, max(loaded, default=NEVER))
    await services.turns.make(add_entries(feed, cards, news, address))
    answer = cacheable(request, to_document(feed), MEDIA_TYPE)
    answer.headers[TOTAL] = str(newest.total)
    return answer


def begin_feed(
    params: SearchParams, total: int, news: Sequence[News], address: Address, editor: str, loaded: datetime
) -> Element:
    """Return the document without entries; ``loaded`` is the time of the last load, the date of an empty document."""
    feed = root("feed", ATOM)
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", "fr")
    add(feed, "title", _title(params))
    add(feed, "subtitle", f"{wording.counted(total, 'offre', 'offres')} ; les plus récentes d’abord")
    add(feed, "id", f"{address.tag}offres?{address.query}")
    add(feed, "updated", _stamp(max((each.when for each in news), default=loaded)))
    add(feed, "link", rel="self", type="application/atom+xml", href=_with(f"{address.site}{FEED}", address.query))
    add(feed, "link", rel="alternate", type="text/html", href=_with(f"{address.site}/offres", address.query))
    add(add(feed, "author"), "name", editor or "Boussole")
    add(feed, "generator", "Boussole")
    return feed


def add_entries(feed: Element, cards: Iterable[OfferCard], news: Iterable[News], address: Address) -> Iterator[Element]:
    """Add an entry for each offer and yield it."""
    for card, each in zip(cards, news, strict=True):
        yield _add_entry(feed, card, each, address)


def to_news(stored: Stored, card: OfferCard, *, asked: bool) -> News:
    """Return the latest news; with session conditions (``asked``) only matching sessions count.

    For data stored before arrival times were recorded, the last write counts.
    """
    seen = {session["key"]: session.get("first_seen") for session in stored.get("sessions") or ()}
    matching = {view.key: text for view in card.sessions if view.matches and (text := seen.get(view.key))}
    moments = list(matching.values()) if asked else [*matching.values(), stored.get("first_seen")]
    when = max(filter(None, moments), default=None)
    if when is None:
        return News(_moment(stored["written_at"]), False, frozenset())
    is_offer = when == stored.get("first_seen")
    return News(_moment(when), is_offer, frozenset(key for key, text in matching.items() if text == when))


def _add_entry(feed: Element, card: OfferCard, news: News, address: Address) -> Element:
    url, entry = f"{address.site}{card.url}", add(feed, "entry")
    what = "Nouvelle offre : " if news.is_offer else "Nouvelle session : " if news.session_keys else ""
    # A new session of an offer is another entry than the offer: feed readers identify entries by name.
    add(entry, "id", f"{address.tag}offres/{card.key}/{news.when:%Y%m%dT%H%M%SZ}")
    add(entry, "title", wording.typeset(what + card.title))
    add(entry, "updated", _stamp(news.when))
    add(entry, "published", _stamp(news.when))
    add(entry, "link", rel="alternate", type="text/html", href=url)
    content = add(entry, "content", type="xhtml")
    block = add(content, "div", namespace=XHTML)
    for line in _lines(card):
        add(block, "p", wording.typeset(line))
    _add_sessions(block, card, news)
    return entry


def _lines(card: OfferCard) -> list[str]:
    place = " ".join(filter(None, (card.place.postal_code, card.place.town))) if card.place else ""
    funders = ", ".join(funder.label for funder in card.funders)
    lines = [
        wording.provider_line(card.provider.name, card.trainer),
        "À distance" if card.mode == "remote" else place,
        f"Qui paie : {funders}" if funders else "",
        wording.FREE if card.free else "",
    ]
    return [line for line in lines if line]


def _add_sessions(block: Element, card: OfferCard, news: News) -> None:
    matching = [view for view in card.sessions if view.matches]
    # New sessions first, because only some are listed.
    shown = sorted(matching, key=lambda view: news.is_offer or view.key not in news.session_keys)[:SESSIONS_TOLD]
    if not shown:
        return
    rows = add(block, "ul")
    for view in shown:
        fresh = not news.is_offer and view.key in news.session_keys
        add(rows, "li", wording.typeset(_session_text(view, fresh=fresh)))
    if len(matching) > len(shown):
        add(block, "p", f"{len(matching) - len(shown)} autres sessions sur la page de l’offre.")


def _session_text(view: SessionView, *, fresh: bool) -> str:
    text = "Session " + view.when + (" (nouvelle)" if fresh else "")
    return " ; ".join([text, *seat_texts(view.seats)])


def _title(params: SearchParams) -> str:
    searched = [f"« {params.q} »"] if params.q else []
    searched += [params.place] if params.place else []
    return wording.typeset("Boussole : nouveautés" + (f" pour {', '.join(searched)}" if searched else ""))


def _with(url: str, query: str) -> str:
    return f"{url}?{query}" if query else url


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
