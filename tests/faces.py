"""Every face of an offer: pages, JSON, files, calendars, feed, map, and what must be true of what each shows."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import msgspec
from icalendar import Calendar
from lxml import etree, html

from search_app.pages.map.pane import MAP, VIEW
from search_app.search.map import MapView
from search_app.search.present.offer import OfferView
from search_app.search.results import OfferCard, SearchResults
from search_app.seats.contradictions import Contradictions

TODAY: Final = date(2026, 11, 23)
AT_ONCE: Final = 50  # offers of one answer: as many as a selection holds
ATOM: Final = "{http://www.w3.org/2005/Atom}"
NOTHING: Final = re.compile(r"\b(None|nan|NaN|null|undefined|inf)\b")
LEADS: Final = re.compile(r"(https?://|mailto:|tel:)\S|/(?!/)|[#?]", re.IGNORECASE)
TEXT: Final = ("p", "li", "dt", "dd", "h1", "h2", "h3", "td", "th", "a", "summary")
FILLED: Final = ("svg", "input", "button", "img")
Problems = Iterator[str]


@dataclass(frozen=True)
class Face:
    """An address, what must be true of its answer, and whether it shows every offer that it is asked about."""

    name: str
    path: Callable[[str], str]  # of keys, joined by dots
    check: Callable[[bytes], Problems]
    shows_all: bool = True
    narrowed: bool = False  # by conditions that not every offer meets
    status: int = 200


def check_json(shape: type) -> Callable[[bytes], Problems]:
    """Return the check that a body is JSON of a shape: those from which the OpenAPI document is made."""

    decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(shape)

    def check(content: bytes) -> Problems:
        decoder.decode(content)
        yield from ()

    return check


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


def check_page(content: bytes) -> Problems:
    """A page: nothing is said by a word of a program, no element is empty, every link has a text and a way."""
    page: html.HtmlElement = html.fromstring(content.decode())
    for script in page.iterfind(".//script[@type='application/ld+json']"):
        yield from check_thing(json.loads(script.text or "", parse_constant=_refuse), "ld+json")
    (main,) = page.iter("main")
    for element in main.iter(*TEXT):
        filled_later = element.get("role") == "status" or element.get("aria-live") or element.get("aria-label")
        if not (element.text_content().strip() or filled_later or any(element.iter(*FILLED))):
            yield f"empty <{element.tag} class={element.get('class')!r}>"
        if element.tag == "a" and not LEADS.match(element.get("href", "")):
            yield f"a link to {element.get('href')!r}"
    shown = " ".join(map(str, main.itertext()))
    yield from (f"says « {shown[max(0, found.start() - 40) : found.end()]} »" for found in NOTHING.finditer(shown))


def check_thing(value: Any, path: str) -> Problems:
    """Structured data: what is not known is left out, at every depth."""
    if value in (None, "", [], {}) or (isinstance(value, dict) and set(value) == {"@type"}):
        yield f"{path} says nothing: {value!r}"
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        yield from check_thing(part, f"{path}.{name}")


def check_csv(content: bytes) -> Problems:
    """A table: every line has a cell for each column, an unknown one is empty."""
    head, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    for row in rows:
        if len(row) != len(head):
            yield f"{len(row)} cells for {len(head)} columns: {row}"
        yield from (f"{name}: {cell}" for name, cell in zip(head, row, strict=False) if NOTHING.fullmatch(cell))


def check_ndjson(content: bytes) -> Problems:
    """Lines of JSON, each as a result is."""
    for line in content.splitlines():
        yield from check_json(OfferCard)(line)


def check_calendar(content: bytes) -> Problems:
    """A calendar: it can be read, and no event is without a day, a title and a way to the offer."""
    calendar = Calendar.from_ical(content)
    for event in calendar.walk("VEVENT"):
        for name in ("UID", "DTSTART", "SUMMARY", "LOCATION", "DESCRIPTION", "URL"):
            if not str(event.get(name, "")).strip() or NOTHING.search(str(event.get(name))):
                yield f"{name}: {event.get(name)!r}"
        if event.errors:
            yield f"errors: {event.errors}"


def check_feed(content: bytes) -> Problems:
    """A feed: every entry has what RFC 4287 demands, and no paragraph is empty."""
    feed = etree.fromstring(content)
    for entry in feed.iter(f"{ATOM}entry"):
        for name in ("id", "title", "updated"):
            if not (entry.findtext(f"{ATOM}{name}") or "").strip():
                yield f"no {name}"
    for element in feed.iter("{http://www.w3.org/1999/xhtml}p", "{http://www.w3.org/1999/xhtml}li"):
        if not (element.text or "").strip() or NOTHING.search(element.text or ""):
            yield f"{element.tag}: {element.text!r}"


def check_xml(content: bytes) -> Problems:
    """A sitemap can be read, and nothing in it is empty."""
    for element in etree.fromstring(content).iter():
        if len(element) == 0 and not (element.text or "").strip():
            yield f"empty {element.tag}"


SEARCH: Final = "lat=43.93&lon=2.15&radius=500&sort=distance"
SESSIONS: Final = "upcoming=true&seats=1&funder=2&start_from=2027-01-01&start_to=2027-12-31&recruiting=open"
API: Final = f"/api/v1/offers?size={AT_ONCE}"
RESULTS: Final = f"/offres?size={AT_ONCE}"
check_results: Final = check_json(SearchResults)
OF_MANY: Final = (
    Face("search", lambda _: API, check_results),
    Face("search from a point", lambda _: f"{API}&{SEARCH}", check_results, narrowed=True),
    Face("search of sessions", lambda _: f"{API}&{SESSIONS}", check_results, narrowed=True),
    Face("search explained", lambda _: f"{API}&q=x&explain=true", check_results, narrowed=True),
    Face("trainings", lambda _: f"{API}&group=training&{SEARCH}", check_results, narrowed=True),
    Face("results", lambda _: f"{RESULTS}&{SEARCH}&{SESSIONS}", check_page, narrowed=True),
    Face("results by training", lambda keys: f"{RESULTS}&group=training&selection={keys}", check_page, narrowed=True),
    Face("results on the map", lambda _: f"{RESULTS}&{VIEW}={MAP}", check_page, shows_all=False),
    Face("map", lambda _: "/api/v1/map?west=-5&south=41&east=9&north=51&zoom=6", check_json(MapView), narrowed=True),
    Face("CSV", lambda _: f"/api/v1/offers.csv?{SEARCH}", check_csv, narrowed=True),
    Face("NDJSON", lambda _: "/api/v1/offers.ndjson", check_ndjson),
    Face("calendar", lambda _: "/api/v1/offers.ics?upcoming=false", check_calendar, shows_all=False),
    Face("feed", lambda _: "/api/v1/offers.atom", check_feed),
    Face("selection", lambda keys: f"/selection?o={keys}&lat=43.93&lon=2.15", check_page),
    Face("selection as CSV", lambda keys: f"/selection.csv?o={keys}", check_csv),
    Face("selection as a calendar", lambda keys: f"/selection.ics?o={keys}", check_calendar, shows_all=False),
    Face("contradictions", lambda _: "/api/v1/seats/contradictions", check_json(Contradictions), shows_all=False),
    Face("sitemap", lambda _: "/sitemap-offres-1-1.xml", check_xml),
    Face("list in a frame", lambda _: "/widgets/1/liste?size=20", check_page, shows_all=False),
    Face("home", lambda _: "/", check_page, shows_all=False),
    Face("jobs", lambda _: "/metiers", check_page, shows_all=False),
    Face("domains", lambda _: "/domaines", check_page, shows_all=False),
    Face("territories", lambda _: "/territoires", check_page, shows_all=False),
    Face("sitemap of trainings", lambda _: "/sitemap-formations-1-1.xml", check_xml, shows_all=False),
    Face("sources", lambda _: "/sources", check_page, shows_all=False),
)  # fmt: skip
OFFER: Final = Face("offer", lambda key: f"/api/v1/offers/{key}", check_json(OfferView))
PAGE: Final = Face("page of the offer", lambda key: f"/offres/{key}", check_page)
FRAMES: Final = (
    Face("offer in a frame", lambda key: f"/widgets/1/offre?key={key}", check_page),
    Face("seats in a frame", lambda key: f"/widgets/1/places?key={key}", check_page),
)
CALENDARS: Final = re.compile(rb'href="(/offres/\w+/[^"]+\.ics)"')
GONE: Final = Face("gone", lambda key: f"/offres/{key}", check_page, shows_all=False, status=410)
GONE_OF_MANY: Final = (
    Face("selection of gone ones", lambda keys: f"/selection?o={keys}", check_page),
    Face("selection of gone ones as CSV", lambda keys: f"/selection.csv?o={keys}", check_csv),
)


def calendar_at(address: str) -> Face:
    """Return the face of one session that a page leads to."""
    return Face("calendar of a session", lambda _: address, check_calendar, shows_all=False)
