"""RSS, Atom and JSON Feed → what each entry says; a body that is no feed is a fault, however it was answered."""

import hashlib
import io
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final
from urllib.parse import urljoin

import feedparser
import orjson

from indexer.harvest.faults import SourceFault, one_line
from indexer.harvest.fetch.fetcher import Fetcher
from indexer.harvest.read.aside import Aside
from indexer.harvest.read.xml import refuse_declarations, refuse_masses
from indexer.harvest.record.days import parse_moment
from indexer.harvest.told import Item, Reading, Rejected, Told

MOST_ENTRIES: Final = 20_000
MOST_BYTES: Final = 16_000_000
END: Final = re.compile(rb"</\s*(?:[a-z]+:)?(?:rss|feed|rdf)\s*>\s*(?:<!--[^>]{0,1000}-->\s*)*$", re.I)
JSON_FEED: Final = ("https://jsonfeed.org/version/", "http://jsonfeed.org/version/")
ENTRIES: Final = "items"  # of a JSON Feed


def read_feed(fetcher: Fetcher, url: str, reading: Reading) -> Iterator[Item]:
    """Yield every entry of a feed; raises SourceFault if it is none, or did not come whole.

    A feed names its newest entries only: what is older than all of them has left the window, and is not gone. That can
    be told only of a feed in the order of its days; one with an old entry on top names less than all that is newer.
    """
    answer = fetcher.get(url)
    what = one_line(answer.url)
    if len(answer.body) > MOST_BYTES:
        raise SourceFault(f"{what}: more than {MOST_BYTES} bytes")
    bare = answer.body.removeprefix(b"\xef\xbb\xbf").lstrip()
    with Aside() as aside:
        reader, body = (_json_entries, bare) if bare.startswith(b"{") else (read_xml_feed, answer.body)
        items = [_absolute(item, answer.url) for item in aside.read(len(body), what, reader, body, what)]
    reading.has_window = True
    reading.window_from = window_of(items)
    if items and reading.window_from is None:
        reading.notes.append("the entries are in no order of days: what is missing is not taken for gone")
    yield from items


def _absolute(item: Item, base: str) -> Item:
    """Return an entry whose addresses are whole: a feed may tell them from its own on."""
    if not isinstance(item, Told) or not item.urls:
        return item
    try:
        return replace(item, urls=[urljoin(base, url) for url in item.urls])
    except ValueError:
        return replace(item, urls=[])


def window_of(items: Sequence[Item]) -> date | None:
    """Return the day after which a feed names everything, None if the order of its entries does not tell.

    Feeds are in the order of publication or of changes; an entry is within the window only if it is by both.
    """
    told = [item for item in items if isinstance(item, Told)]
    days = [(day, _day(item.modified) or day) for item in told if item.dates and (day := _day(item.dates[0]))]
    published, changed = [day for day, _ in days], [day for _, day in days]
    if not days or not (_is_ordered(published) or _is_ordered(changed)):
        return None
    return max(min(published), min(changed))


def _is_ordered(days: list[date]) -> bool:
    return days in (sorted(days), sorted(days, reverse=True))


def _day(text: str | None) -> date | None:
    """Return the day as it is stored, that in France."""
    moment = parse_moment(text)
    return moment.day if moment else None


def read_xml_feed(body: bytes, what: str) -> list[Item]:
    """Return the entries of RSS or Atom; raises SourceFault."""
    refuse_declarations(body, what)
    refuse_masses(body, what)
    try:
        # A stream: the library takes bytes and text for addresses and paths, and opens them.
        parsed = feedparser.parse(io.BytesIO(body), sanitize_html=True, resolve_relative_uris=False)
    except Exception as error:  # whatever the library does with a body: it is one that cannot be read
        raise SourceFault(f"{what}: cannot be read as a feed ({type(error).__name__})") from None
    if not parsed.get("version"):
        raise SourceFault(f"{what}: not a feed (neither RSS, Atom nor JSON Feed)")
    if not _ends(body):
        raise SourceFault(f"{what}: the feed is cut, its root element does not end")
    _check_number(parsed.entries, what)
    return [_xml_entry(entry, parsed.feed, number) for number, entry in enumerate(parsed.entries, 1)]


def _check_number(entries: Sequence[Any], what: str) -> None:
    if len(entries) > MOST_ENTRIES:
        raise SourceFault(f"{what}: more than {MOST_ENTRIES} entries")


def _ends(body: bytes) -> bool:
    """Tell whether the root element of a feed is closed; the library mends one that is cut."""
    bare = body.replace(b"\0", b"") if b"\0" in body[:200] else body
    return END.search(bare[-4_000:]) is not None


def _xml_entry(entry: Any, feed: Any, number: int) -> Item:
    place = f"entry {number}"
    link = str(entry.get("link") or "")
    identifier = str(entry.get("id") or link).strip()
    titles = [str(entry.get("title") or "")]
    if not identifier:
        if not titles[0].strip():
            return Rejected(None, place, "no-identifier", "entry without id, link and title")
        identifier = f"title:{hashlib.blake2b(titles[0].encode(), digest_size=8).hexdigest()}"
    contents = [str(part.get("value") or "") for part in entry.get("content", [])]
    summary = str(entry.get("summary") or "")
    # Read as a plain mapping: the library's own one puts the day of publication in the place of a missing change.
    changed = _moment(dict.get(entry, "updated_parsed"))
    published = _moment(dict.get(entry, "published_parsed")) or changed
    return Told(
        identifier,
        place,
        titles=titles,
        descriptions=[summary] if summary else contents[:1],
        text="\n".join(contents),
        publishers=_names(entry.get("publisher"), entry.get("source", {}).get("title"), feed.get("title")),
        creators=_names(*(author.get("name") for author in entry.get("authors", []))),
        rights=_names(entry.get("rights"), entry.get("license"), feed.get("rights"), feed.get("license")),
        languages=_names(entry.get("language"), feed.get("language")),
        urls=[link] if link else [],
        identifiers=[each for each in (link, identifier, str(entry.get("dc_identifier") or "")) if each],
        subjects=[str(tag.get("term") or "") for tag in entry.get("tags", [])[:200]],
        coverages=_names(entry.get("dc_coverage"), entry.get("coverage")),
        dates=[published] if published else [],
        modified=changed,
        valid_until=_moment(entry.get("expired_parsed")),
        raw=one_line(f"{identifier} {titles[0]}"),
    )


def _names(*values: Any) -> list[str]:
    return [text for value in values if isinstance(value, str) and (text := value.strip())]


def _moment(parsed: Any) -> str | None:
    """Return the library's time tuple (UTC) as ISO text."""
    if not isinstance(parsed, time.struct_time):
        return None
    try:
        return datetime(*parsed[:6], tzinfo=UTC).isoformat().replace("+00:00", "Z")
    except (ValueError, TypeError):
        return None


def _json_entries(body: bytes, what: str) -> list[Item]:
    try:
        feed = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise SourceFault(f"{what}: not whole, well-formed JSON ({one_line(str(error))})") from None
    version = feed.get("version") if isinstance(feed, dict) else None
    if not isinstance(version, str) or not version.startswith(JSON_FEED) or not isinstance(feed.get(ENTRIES), list):
        raise SourceFault(f"{what}: JSON, but not a JSON Feed (version {one_line(str(version), 60)})")
    _check_number(feed[ENTRIES], what)
    return [_json_entry(entry, feed, number) for number, entry in enumerate(feed[ENTRIES], 1)]


def _json_entry(entry: Any, feed: Mapping[str, Any], number: int) -> Item:
    place = f"item {number}"
    if not isinstance(entry, dict) or entry.get("id") in (None, ""):
        return Rejected(None, place, "no-identifier", "item without id")
    identifier = str(entry["id"]).strip()
    url = _text(entry, "url") or _text(entry, "external_url")
    content = _text(entry, "content_html") or _text(entry, "content_text")
    authors = [*_rows(entry, "authors"), *_rows(entry, "author")]
    return Told(
        identifier,
        place,
        titles=[_text(entry, "title")],
        descriptions=[_text(entry, "summary") or content],
        text=content,
        publishers=_names(_text(feed, "title")),
        creators=_names(*(author.get("name") for author in authors)),
        languages=_names(_text(entry, "language"), _text(feed, "language")),
        urls=[url] if url else [],
        identifiers=[each for each in (url, identifier) if each],
        subjects=[tag for tag in entry.get("tags") or [] if isinstance(tag, str)][:200],
        dates=[each for each in [_text(entry, "date_published") or _text(entry, "date_modified")] if each],
        modified=_text(entry, "date_modified") or None,
        raw=one_line(f"{identifier} {_text(entry, 'title')}"),
    )


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return value.strip() if isinstance(value, str) else ""


def _rows(row: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    value = row.get(name)
    rows = value if isinstance(value, list) else [value]
    return [each for each in rows if isinstance(each, dict)]
