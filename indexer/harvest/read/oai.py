"""OAI-PMH: every page must be whole and of the protocol; a list that loops or breaks off is a fault."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lxml import etree

from indexer.harvest.faults import SourceFault, one_line
from indexer.harvest.fetch.fetcher import Fetcher
from indexer.harvest.read.dublin_core import read_elements
from indexer.harvest.read.xml import local_name, parse_xml, text_of
from indexer.harvest.told import Item, Reading, Rejected, Removed, Told

NAMESPACE: Final = "{http://www.openarchives.org/OAI/2.0/}"
SECOND, DAY = "YYYY-MM-DDThh:mm:ssZ", "YYYY-MM-DD"
STAMP: Final = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ)?")
MOST_PAGES: Final = 100_000
BARREN: Final = 3  # pages in a row without a record that is new in this harvest: the list turns in a circle
RAW_TEXT: Final = 20_000
EARLIEST: Final = 1970  # no provider answered before
EMPTY_HINT: Final = "no records match; some systems (PMB) show nothing unless a set is named with --set"


@dataclass(frozen=True, slots=True)
class OaiQuery:
    """What is asked of a provider; ``since`` is the ``from`` of an incremental harvest, None for a full one."""

    url: str
    prefix: str = "oai_dc"
    set: str | None = None
    since: str | None = None

    def address(self, verb: str, **arguments: str | None) -> str:
        """Return the address of a request; arguments of the operator's own address are kept."""
        parts = urlsplit(self.url)
        given = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "verb"]
        told = [(name, value) for name, value in arguments.items() if value is not None]
        return urlunsplit(parts._replace(query=urlencode([*given, ("verb", verb), *told]), fragment=""))


@dataclass(slots=True)
class _List:
    """The state of one list: what it told of itself, and whether it moves on."""

    tokens: set[str] = field(default_factory=set)
    seen: set[int] = field(default_factory=set)  # hashes of identifiers: a repeated page is known by them
    size: int | None = None
    barren: int = 0


def read_oai(fetcher: Fetcher, query: OaiQuery, reading: Reading) -> Iterator[Item]:
    """Yield every record of a provider; raises SourceFault if the list did not come whole.

    ``reading`` is filled by the end: the next harvest begins one granule before the first page's ``responseDate``.
    """
    granularity, removals = identify(fetcher, query)
    since = query.since if removals != "no" else None
    if query.since and removals == "no":
        reading.notes.append("the provider tells no removals: everything was read")
    if since and granularity == DAY:
        since = since[:10]
    reading.is_full = since is None
    listed, page_number, began = _List(), 0, datetime.now(UTC)
    address = query.address("ListRecords", metadataPrefix=query.prefix, set=query.set, **{"from": since})
    while True:
        page_number += 1
        root = _page(fetcher, address)
        if page_number == 1:
            reading.next_from = next_from(root, granularity, began)
        faults = _errors(root)
        if faults and page_number == 1 and faults[0][0] == "noRecordsMatch":
            reading.notes += [EMPTY_HINT] if since is None else []
            return
        if faults:
            code, message = faults[0]
            raise SourceFault(f"{one_line(address)}: {one_line(code, 60)}: {one_line(message) or 'no message'}")
        yield from _records(root, page_number, listed, address)
        token = _token(root, listed, address)
        if not token:
            return
        if page_number >= MOST_PAGES:
            raise SourceFault(f"{one_line(address)}: more than {MOST_PAGES} pages")
        address = query.address("ListRecords", resumptionToken=token)


def identify(fetcher: Fetcher, query: OaiQuery) -> tuple[str, str]:
    """Return granularity and how removals are told (``no``, ``transient``, ``persistent``); raises SourceFault."""
    address = query.address("Identify")
    root = _page(fetcher, address)
    faults = _errors(root)
    if faults:
        raise SourceFault(f"{one_line(address)}: {one_line(faults[0][0])}: {one_line(faults[0][1])}")
    told = root.find(f"{NAMESPACE}Identify")
    if told is None:
        raise SourceFault(f"{one_line(address)}: OAI-PMH without Identify")
    granularity = (told.findtext(f"{NAMESPACE}granularity") or "").strip()
    removals = (told.findtext(f"{NAMESPACE}deletedRecord") or "").strip()
    return SECOND if granularity == SECOND else DAY, removals if removals in ("transient", "persistent") else "no"


def next_from(root: etree._Element, granularity: str, now: datetime) -> str | None:
    """Return where the next harvest begins: the page's date minus one granule; None if it has no usable date.

    A date that is still to come counts as now: else a clock that went wrong once would keep everything away until then.
    """
    told = (root.findtext(f"{NAMESPACE}responseDate") or "").strip()
    if not STAMP.fullmatch(told):
        return None
    try:
        moment = datetime.fromisoformat(told.replace("Z", "+00:00"))
    except ValueError:
        return None
    moment = min(moment if moment.tzinfo else moment.replace(tzinfo=UTC), now)
    if moment.year < EARLIEST:
        return None
    if granularity == SECOND:
        return (moment - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (moment - timedelta(days=1)).strftime("%Y-%m-%d")


def _page(fetcher: Fetcher, address: str) -> etree._Element:
    root = parse_xml(fetcher.get(address).body, one_line(address))
    if root.tag != f"{NAMESPACE}OAI-PMH":
        raise SourceFault(f"{one_line(address)}: not OAI-PMH, but <{one_line(local_name(root), 60)}>")
    return root


def _errors(root: etree._Element) -> list[tuple[str, str]]:
    return [(error.get("code") or "error", text_of(error)) for error in root.findall(f"{NAMESPACE}error")]


def _token(root: etree._Element, listed: _List, address: str) -> str:
    """Return the token of the next page, empty at the end; raises SourceFault if the list does not move on."""
    element = root.find(f"{NAMESPACE}ListRecords/{NAMESPACE}resumptionToken")
    token = (text_of(element) if element is not None else "").strip()
    if element is not None and listed.size is None:
        size = element.get("completeListSize") or ""
        listed.size = int(size) if size.isascii() and size.isdigit() and len(size) < 10 else -1
    if token in listed.tokens:
        raise SourceFault(f"{one_line(address)}: the resumption token {one_line(token, 60)!r} repeats")
    if token:
        listed.tokens.add(token)
    elif listed.size is not None and len(listed.seen) < listed.size:
        raise SourceFault(f"{one_line(address)}: {len(listed.seen)} records came, {listed.size} were announced")
    return token


def _records(root: etree._Element, page: int, listed: _List, address: str) -> Iterator[Item]:
    found = root.find(f"{NAMESPACE}ListRecords")
    if found is None:
        raise SourceFault(f"{one_line(address)}: OAI-PMH without a list and without an error")
    before = len(listed.seen)
    for number, record in enumerate(found.iterfind(f"{NAMESPACE}record"), start=1):
        item = _to_item(record, f"page {page}, record {number}")
        if item.identifier:
            listed.seen.add(hash(item.identifier))
        yield item
        record.clear()
    listed.barren = listed.barren + 1 if len(listed.seen) == before else 0
    if listed.barren >= BARREN:
        raise SourceFault(f"{one_line(address)}: {BARREN} pages in a row bring nothing new: the list turns in a circle")


def _to_item(record: etree._Element, place: str) -> Item:
    header = record.find(f"{NAMESPACE}header")
    identifier = (header.findtext(f"{NAMESPACE}identifier") or "").strip() if header is not None else ""
    if header is None or not identifier:
        return Rejected(None, place, "no-identifier", "header without identifier", _raw(record))
    if (header.get("status") or "").strip() == "deleted":
        return Removed(identifier)
    metadata = record.find(f"{NAMESPACE}metadata")
    if metadata is None:
        return Rejected(identifier, place, "no-metadata", "record without metadata", _raw(record))
    datestamp = (header.findtext(f"{NAMESPACE}datestamp") or "").strip()
    told = Told(identifier, place, datestamp=datestamp if STAMP.fullmatch(datestamp) else None, raw=_raw(metadata))
    elements = [(local_name(each), text_of(each)) for each in metadata.iter() if len(each) == 0 and local_name(each)]
    told = read_elements(told, elements)
    told.identifiers.append(identifier if identifier.lower().startswith("oai:") else f"oai:{identifier}")
    return told


def _raw(element: etree._Element) -> str:
    return etree.tostring(element, encoding="unicode", with_tail=False)[:RAW_TEXT]
