"""Sitemaps, plain, compressed or of several files → their pages; only addresses of the sitemap's own site are asked."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from indexer.harvest.faults import SourceFault, one_line
from indexer.harvest.fetch.exchange import BadBody, inflate
from indexer.harvest.fetch.fetcher import BadStatus, Fetcher
from indexer.harvest.fetch.targets import origin_of
from indexer.harvest.read.aside import Aside
from indexer.harvest.read.pages import read_page
from indexer.harvest.read.xml import local_name, parse_xml
from indexer.harvest.record.addresses import compared_address
from indexer.harvest.told import Item, Reading, Rejected, Told, Unchanged

MOST_BYTES: Final = 52_428_800  # of one file, as the protocol says
MOST_FILES: Final = 1_000
MOST_PAGES: Final = 200_000
PAGE_BYTES: Final = 4_000_000
PAGE_SECONDS: Final = 40.0
LONGEST_STAMP: Final = 40  # characters of a lastmod; a longer one is no date, and the page is asked every time
GONE: Final = 410  # unlike 404, said on purpose
CHARSET: Final = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:-]{1,40})", re.I | re.ASCII)
SILENT: Final = 5  # pages in a row that do not come: the site is not asked further
Known = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class _Listed:
    url: str
    lastmod: str | None

    @property
    def identifier(self) -> str:
        """What stays the same when a site moves to https, or writes its addresses otherwise."""
        return compared_address(self.url) or self.url


def read_sitemap(fetcher: Fetcher, url: str, reading: Reading, known: Known) -> Iterator[Item]:
    """Yield every page of a sitemap; raises SourceFault if a file of it or several pages in a row did not come.

    ``known`` tells the ``lastmod`` under which a page was stored: with the same one it is not asked again.
    """
    with Aside() as aside:
        yield from _pages(fetcher, url, reading, known, aside)


def _pages(fetcher: Fetcher, url: str, reading: Reading, known: Known, aside: Aside) -> Iterator[Item]:
    silent, seen = 0, set[int]()
    for listed in _listed(fetcher, url):
        if hash(listed.identifier) in seen:
            continue
        seen.add(hash(listed.identifier))
        if len(seen) > MOST_PAGES:
            raise SourceFault(f"{one_line(url)}: more than {MOST_PAGES} pages")
        if listed.lastmod and known(listed.identifier) == listed.lastmod:
            yield Unchanged(listed.identifier)
            continue
        try:
            yield _page(fetcher, url, listed, aside)
            silent = 0
        except BadStatus as fault:
            gone = fault.status == GONE
            yield Rejected(listed.identifier, one_line(listed.url), "page-status", str(fault), is_gone=gone)
        except SourceFault as fault:
            silent += 1
            if silent >= SILENT:
                raise SourceFault(f"{SILENT} pages in a row did not come, the last one: {fault}") from None
            yield Rejected(listed.identifier, one_line(listed.url), "page-not-whole", str(fault))
    if not seen:
        reading.notes.append("the sitemap names no page")


def _page(fetcher: Fetcher, home: str, listed: _Listed, aside: Aside) -> Item:
    place = one_line(listed.url)
    if not _is_own(home, listed.url):
        return Rejected(listed.identifier, place, "other-site", "a sitemap speaks of the pages of its own site only")
    answer = fetcher.get(listed.url, bounds=replace(fetcher.bounds, body=PAGE_BYTES, whole=PAGE_SECONDS))
    told = answer.headers.get("content-type", "text/html")
    kind = told.partition(";")[0].strip().lower()
    if kind not in ("text/html", "application/xhtml+xml"):
        return Rejected(listed.identifier, place, "no-page", f"content of type {one_line(kind, 60)}")
    charset = found.group(1) if (found := CHARSET.search(told)) else ""
    item = aside.read(len(answer.body), place, read_page, listed.url, answer.body, charset)
    if isinstance(item, Told):
        return replace(item, identifier=listed.identifier, datestamp=listed.lastmod)
    return replace(item, identifier=listed.identifier)


def _is_own(home: str, url: str) -> bool:
    """Tell whether an address is of the operator's site: the same host; another port only as https instead of http."""
    try:
        (scheme, host, port), (own_scheme, own_host, own_port) = origin_of(url), origin_of(home)
    except SourceFault:
        return False
    usual = {scheme: port, own_scheme: own_port} == {"http": 80, "https": 443}
    return host == own_host and (port == own_port or usual)


def _listed(fetcher: Fetcher, url: str) -> Iterator[_Listed]:
    """Yield the pages of a sitemap and of the sitemaps that it lists."""
    waiting, asked = [url], set[str]()
    while waiting:
        address = waiting.pop(0)
        if address in asked:
            raise SourceFault(f"{one_line(address)}: the sitemap leads back to itself")
        asked.add(address)
        if len(asked) > MOST_FILES:
            raise SourceFault(f"{one_line(url)}: more than {MOST_FILES} sitemaps")
        root = parse_xml(_body(fetcher, address), one_line(address))
        if local_name(root) not in ("urlset", "sitemapindex"):
            raise SourceFault(f"{one_line(address)}: not a sitemap, but <{one_line(local_name(root), 60)}>")
        for entry in root:
            fields = {local_name(part): (part.text or "").strip() for part in entry}
            place = fields.get("loc", "")
            if not place:
                continue
            if local_name(root) == "urlset":
                lastmod = fields.get("lastmod", "")
                yield _Listed(place, lastmod if 0 < len(lastmod) <= LONGEST_STAMP else None)
            elif _is_own(url, place):
                waiting.append(place)
            else:
                raise SourceFault(f"{one_line(place)}: a sitemap of another site is not read")


def _body(fetcher: Fetcher, address: str) -> bytes:
    body = fetcher.get(address, bounds=replace(fetcher.bounds, body=MOST_BYTES)).body
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return b"".join(inflate(iter([body]), MOST_BYTES))
    except BadBody as error:
        raise SourceFault(f"{one_line(address)}: {error}") from None
