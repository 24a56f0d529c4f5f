"""The documents of a search that changed last, as Atom (RFC 4287) and as JSON Feed 1.1."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from search_app.base.responses import cacheable, to_bytes
from search_app.base.site_address import site_address
from search_app.documents.answer import DocumentView
from search_app.documents.labels import KIND_LABELS, PATH
from search_app.documents.params import DocumentParams, to_pairs
from search_app.documents.service import newest_documents, read_document_search
from search_app.search.service import services_of
from search_app.text import wording
from search_app.text.xml import Element, add, root, to_document

ATOM_PATH: Final = "/api/v1/documents.atom"
JSON_PATH: Final = "/api/v1/documents.json"
ATOM_TYPE: Final = "application/atom+xml; charset=utf-8"
JSON_TYPE: Final = "application/feed+json"
JSON_VERSION: Final = "https://jsonfeed.org/version/1.1"
ATOM: Final = "http://www.w3.org/2005/Atom"
XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
ENTRIES: Final = 100
NEVER: Final = "1970-01-01T00:00:00Z"  # date of a feed without entries
TAGGED_SINCE: Final = "2026"  # of tag: addresses, which must never change
ABOUT: Final = "Les documents d’information et de documentation, les derniers changés d’abord."


@dataclass(frozen=True, slots=True)
class Feed:
    """What both forms say: the site, the search, its documents."""

    site: str
    params: DocumentParams
    editor: str
    documents: Sequence[DocumentView]

    @property
    def query(self) -> str:
        """Return the parameters of the search as in an address, with their question mark."""
        pairs = to_pairs(self.params)
        return f"?{urlencode(pairs)}" if pairs else ""

    @property
    def title(self) -> str:
        """Return the title, with the words of the search."""
        words = f" pour « {self.params.q} »" if self.params.q else ""
        return wording.typeset(f"Boussole : documents{words}")

    def tag(self, key: str) -> str:
        """Return the identifier of a document in feeds."""
        return f"tag:{self._authority},{TAGGED_SINCE}:documents{key}"

    @property
    def _authority(self) -> str:
        try:
            return urlsplit(self.site).hostname or "boussole"
        except ValueError:  # a host that a client invented
            return "boussole"


def document_feed_routes() -> list[Route]:
    """Return the routes of the feeds; they must precede the route of a single document."""
    return [Route(ATOM_PATH, documents_atom), Route(JSON_PATH, documents_json)]


async def documents_atom(request: Request) -> Response:
    """Send the documents of a search as Atom."""
    return cacheable(request, to_document(to_atom(await _read(request))), ATOM_TYPE)


async def documents_json(request: Request) -> Response:
    """Send the documents of a search as JSON Feed."""
    return cacheable(request, to_bytes(to_json_feed(await _read(request))), JSON_TYPE)


async def _read(request: Request) -> Feed:
    services = services_of(request)
    search = read_document_search(services, request.query_params.multi_items(), paged=False)
    found = await newest_documents(services, search, ENTRIES)
    return Feed(site_address(request, services.settings), search.params, services.settings.editor, found)


def to_atom(feed: Feed) -> Element:
    """Return the Atom document."""
    made = root("feed", ATOM)
    made.set(XML_LANG, "fr")
    add(made, "title", feed.title)
    add(made, "subtitle", ABOUT)
    add(made, "id", feed.tag(feed.query))
    add(made, "updated", max((each.stamp for each in feed.documents), default=NEVER))
    add(made, "link", rel="self", type="application/atom+xml", href=f"{feed.site}{ATOM_PATH}{feed.query}")
    add(made, "link", rel="alternate", type="text/html", href=f"{feed.site}{PATH}{feed.query}")
    add(add(made, "author"), "name", feed.editor or "Boussole")
    add(made, "generator", "Boussole")
    for document in feed.documents:
        _add_entry(made, feed, document)
    return made


def _add_entry(made: Element, feed: Feed, document: DocumentView) -> None:
    entry = add(made, "entry")
    add(entry, "id", feed.tag(f"/{document.key}"))
    add(entry, "title", wording.typeset(document.title))
    add(entry, "updated", document.stamp)
    if document.published:
        add(entry, "published", f"{document.published}T00:00:00Z")
    add(entry, "link", rel="alternate", type="text/html", href=f"{feed.site}{document.page}")
    if document.url:
        add(entry, "link", rel="via", href=document.url)
    for name in _authors(document):
        add(add(entry, "author"), "name", name)
    add(entry, "category", term=document.kind, label=KIND_LABELS.get(document.kind, document.kind))
    if document.licence:
        add(entry, "rights", document.licence)
    if document.description:
        add(entry, "summary", wording.typeset(document.description))


def to_json_feed(feed: Feed) -> dict[str, Any]:
    """Return the JSON Feed as plain values."""
    return {
        "version": JSON_VERSION,
        "title": feed.title,
        "description": ABOUT,
        "home_page_url": f"{feed.site}{PATH}{feed.query}",
        "feed_url": f"{feed.site}{JSON_PATH}{feed.query}",
        "language": "fr",
        "authors": [{"name": feed.editor or "Boussole"}],
        "items": [_to_item(feed, document) for document in feed.documents],
    }


def _to_item(feed: Feed, document: DocumentView) -> dict[str, Any]:
    item = {
        "id": feed.tag(f"/{document.key}"),
        "url": f"{feed.site}{document.page}",
        "external_url": document.url,
        "title": wording.typeset(document.title),
        "content_text": wording.typeset(document.description or document.title),
        "date_published": f"{document.published}T00:00:00Z" if document.published else None,
        "date_modified": document.stamp,
        "authors": [{"name": name} for name in _authors(document)] or None,
        "tags": [KIND_LABELS.get(document.kind, document.kind)],
        "language": document.language,
    }
    return {name: value for name, value in item.items() if value is not None}


def _authors(document: DocumentView) -> Sequence[str]:
    """Return the creators, else the publisher."""
    return document.creators or ([document.publisher] if document.publisher else [])
