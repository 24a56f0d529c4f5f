"""The format of sitemaps, and how offers and trainings are divided into parts that are computed while they are read.

Parts divide by key, and keys are evenly distributed: part 2 of 4 has the keys of the second quarter. So parts are
independent, and an address listed yesterday still contains its offers.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final
from xml.sax.saxutils import escape

from msgspec import Raw

from mappings.keys import LETTERS
from search_app.census.present import body_path
from search_app.documents.labels import document_path
from search_app.exports.streaming import Body, Form
from search_app.pages.subjects.subjects import training_path
from search_app.search.stored import read_record

NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
MEDIA_TYPE: Final = "application/xml; charset=utf-8"
FORM: Final = Form(MEDIA_TYPE)
HEAD: Final = f'<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="{NAMESPACE}">'.encode()
END: Final = b"</urlset>"
MOST_ADDRESSES: Final = 50_000  # of one file: sitemaps.org, protocol
MOST_BYTES: Final = 52_428_800
PART: Final = 25_000  # offers of a part on average: far below the limit
MOST_PARTS: Final = 1_024
STEP: Final = 1_000
# first two letters of keys, sorted
STARTS: Final = [first + second for first in sorted(LETTERS) for second in sorted(LETTERS)]


def to_url(loc: str, lastmod: str | None) -> bytes:
    """Return one address with the time of its latest news; elements inherit the namespace of the document.

    >>> to_url("https://a.example/?a&b", "2026-11-23"), to_url("/a", None)
    (b'<url><loc>https://a.example/?a&amp;b</loc><lastmod>2026-11-23</lastmod></url>', b'<url><loc>/a</loc></url>')
    >>> to_url("/a", "2026-11-23T19:32:16.511+00:00")  # as stored; the engine's aggregations write Z
    b'<url><loc>/a</loc><lastmod>2026-11-23T19:32:16.511Z</lastmod></url>'
    """
    told = f"<lastmod>{escape(lastmod.replace('+00:00', 'Z'))}</lastmod>" if lastmod else ""
    return f"<url><loc>{escape(loc)}</loc>{told}</url>".encode()


def to_urlset(urls: Iterable[tuple[str, str | None]]) -> bytes:
    """Return a whole sitemap of addresses and their latest news, cut at the limit."""
    rows = [to_url(loc, lastmod) for loc, lastmod in urls][:MOST_ADDRESSES]
    return b"".join((HEAD, *rows, END))


def parts_of(total: int) -> int:
    """Return how many parts so many offers need.

    >>> parts_of(0), parts_of(25_000), parts_of(25_001), parts_of(10**9)
    (0, 1, 2, 1024)
    """
    return min(-(-total // PART), MOST_PARTS)


def key_range(part: int, parts: int) -> tuple[str | None, str | None]:
    """Return the first key of a part, and the first key after it; None is open.

    >>> key_range(1, 1), key_range(1, 2), key_range(2, 2)
    ((None, None), (None, 'k2'), ('k2', None))
    """
    first, after = ((number * len(STARTS)) // parts for number in (part - 1, part))
    return STARTS[first] if first else None, STARTS[after] if after < len(STARTS) else None


def build_range(field: str, part: int, parts: int) -> list[dict[str, Any]]:
    """Return the clause of a part's keys, an empty list for all."""
    first, after = key_range(part, parts)
    bounds = {name: key for name, key in (("gte", first), ("lt", after)) if key is not None}
    return [{"range": {field: bounds}}] if bounds else []


def offers_body(site: str) -> Body:
    """Return the content of a part of the offers."""

    def to_parts(record: Raw) -> Iterator[bytes]:
        stored = read_record(record)
        yield to_url(f"{site}/offres/{stored['key']}", stored.get("news_at"))

    return Body(to_parts, HEAD, END)


def trainings_body(site: str) -> Body:
    """Return the content of a part of the trainings, from offers ordered by training, the latest news first."""
    last = ""

    def to_parts(record: Raw) -> Iterator[bytes]:
        nonlocal last
        stored = read_record(record)
        key = stored["training_key"]
        if key != last:
            last = key
            yield to_url(f"{site}{training_path(key, stored['title'])}", stored.get("news_at"))

    return Body(to_parts, HEAD, END)


def documents_body(site: str) -> Body:
    """Return the content of a part of the documents, each with the day on which it changed here."""

    def to_parts(record: Raw) -> Iterator[bytes]:
        stored = read_record(record)
        yield to_url(site + document_path(stored["key"]), stored["stamp"])

    return Body(to_parts, HEAD, END)


def providers_body(site: str) -> Body:
    """Return the content of a part of the census."""

    def to_parts(record: Raw) -> Iterator[bytes]:
        yield to_url(site + body_path(read_record(record)["siren"]), None)

    return Body(to_parts, HEAD, END)
