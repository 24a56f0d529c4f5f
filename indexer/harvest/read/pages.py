"""Pages of a sitemap: the JSON-LD that they hold, and else what their head says."""

import codecs
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urljoin

import orjson
from lxml import etree, html

from indexer.harvest.faults import one_line
from indexer.harvest.read.xml import MOST_TAGS
from indexer.harvest.told import CodeKind, Rejected, Told
from mappings.documents.document import DocumentKind

# Types of schema.org -> kind, the first that a page has decides.
KINDS: Final[Mapping[str, DocumentKind]] = {
    "Legislation": "text",
    "LegislationObject": "text",
    "Occupation": "job_sheet",
    "NewsArticle": "news",
    "BlogPosting": "news",
    "Report": "guide",
    "Book": "guide",
    "Guide": "guide",
    "HowTo": "guide",
    "FAQPage": "sheet",
    "GovernmentService": "sheet",
    "Article": "sheet",
    "DigitalDocument": "sheet",
    "CreativeWork": "sheet",
    "WebPage": "sheet",
}
TERM_SETS: Final[Mapping[str, CodeKind]] = {
    "formacode": "formacode",
    "rome": "rome",
    "rncp": "rncp",
    "financeur": "funder",
    "dict-financeurs": "funder",
}
OF_ONE_BYTE: Final = {"iso8859-1": "windows-1252", "ascii": "windows-1252"}  # as browsers read them
DEEPEST: Final = 8
MOST_NODES: Final = 500
WORDS: Final = re.compile(r"[^a-zà-ÿ]+")


def read_page(url: str, body: bytes, charset: str = "") -> Told | Rejected:
    """Return what a page says; a page without JSON-LD of a known type and without title is rejected.

    ``charset`` is what the head of the answer tells.
    """
    place = one_line(url)
    if body.count(b"<") > MOST_TAGS:
        return Rejected(url, place, "page-too-large", f"more than {MOST_TAGS} tags")
    try:
        root = html.document_fromstring(body, html.HTMLParser(encoding=_encoding_of(body, charset)))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        return Rejected(url, place, "no-page", one_line(str(error)))
    robots = " ".join(_find(root, "//meta[translate(@name,'ROBTS','robts')='robots']/@content"))
    if "noindex" in robots.lower() or "none" in robots.lower().split():
        return Rejected(url, place, "noindex", "the page does not want to be indexed", is_gone=True)
    node = max(_nodes(root), key=_rank, default=None)
    canonical = "".join(_find(root, "//link[@rel='canonical']/@href")[:1])
    told = Told(url, place, urls=[each for each in (_join(url, canonical), url) if each], identifiers=[url])
    if node is None or _rank(node) < 0:
        return _from_head(told, root)
    return _from_node(told, node, root)


def _encoding_of(body: bytes, charset: str) -> str | None:
    """Return the encoding of a page, None to let the parser find it; valid UTF-8 is UTF-8, whatever is declared."""
    if b"\0" in body[:200]:
        return None
    try:
        body.decode()
        return "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        name = codecs.lookup(charset).name if charset else ""
    except LookupError:
        return None
    return OF_ONE_BYTE.get(name, name if name.startswith(("iso8859", "cp125")) else None)


def _find(root: html.HtmlElement, path: str) -> list[Any]:
    found = root.xpath(path)
    return found if isinstance(found, list) else []


def _join(url: str, told: str) -> str:
    try:
        return urljoin(url, told) if told else ""
    except ValueError:
        return ""


def _nodes(root: html.HtmlElement) -> list[dict[str, Any]]:
    """Return the objects of all JSON-LD of a page; what is no JSON is passed over."""
    found: list[dict[str, Any]] = []
    for script in _find(root, "//script[@type='application/ld+json']/text()"):
        try:
            found += _objects(orjson.loads(str(script)), 0)
        except (orjson.JSONDecodeError, RecursionError):
            continue
    return found[:MOST_NODES]


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for each in value[:MOST_NODES]:
            yield from _objects(each, depth + 1)
    elif isinstance(value, dict):
        yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            if name in value:
                yield from _objects(value[name], depth + 1)


def _types(node: Mapping[str, Any]) -> list[str]:
    return [each.rpartition("/")[2] for each in _texts(node.get("@type"))]


def _rank(node: Mapping[str, Any]) -> int:
    """Return how well an object says what the page is: types in the order of the table, -1 for none of them."""
    order = list(KINDS)
    ranks = [len(order) - order.index(name) for name in _types(node) if name in KINDS]
    return max(ranks, default=-1) if _texts(node.get("name")) or _texts(node.get("headline")) else -1


def _from_head(told: Told, root: html.HtmlElement) -> Told | Rejected:
    meta = {str(each.get("name") or each.get("property") or "").lower(): str(each.get("content") or "")
            for each in _find(root, "//meta[@content]")}  # fmt: skip
    title = meta.get("og:title") or "".join(_find(root, "//title[1]//text()"))
    if not title.strip():
        return Rejected(told.identifier, told.place, "no-title", "page without JSON-LD and without title")
    told.titles.append(title)
    told.descriptions.append(meta.get("description") or meta.get("og:description") or "")
    told.publishers.append(meta.get("og:site_name") or "")
    told.dates.extend([day for day in (meta.get("article:published_time"),) if day])
    told.languages.append(str(root.get("lang") or ""))
    return _with(told, modified=meta.get("article:modified_time"))


def _from_node(told: Told, node: Mapping[str, Any], root: html.HtmlElement) -> Told | Rejected:
    told.titles.extend([*_texts(node.get("headline")), *_texts(node.get("name"))])
    told.descriptions.extend([*_texts(node.get("description")), *_texts(node.get("abstract"))])
    told.publishers.extend(_names(node.get("publisher")))
    told.creators.extend([*_names(node.get("author")), *_names(node.get("creator"))])
    told.rights.extend(_texts(node.get("license")))
    told.languages.extend([*_texts(node.get("inLanguage")), str(root.get("lang") or "")])
    told.urls.extend(_texts(node.get("url")))
    told.identifiers.extend([f"isbn:{each}" for each in _texts(node.get("isbn"))])
    told.identifiers.extend([f"eli:{each}" for each in _texts(node.get("legislationIdentifier"))])
    told.identifiers.extend(_properties(node.get("identifier")))
    told.subjects.extend(part for each in _texts(node.get("keywords")) for part in each.split(","))
    for name in ("about", "occupationalCategory", "keywords", "teaches", "educationalAlignment"):
        _add_terms(told, node.get(name))
    for name in ("spatialCoverage", "areaServed", "legislationJurisdiction"):
        _add_areas(told, node.get(name))
    told.dates.extend(_texts(node.get("datePublished"))[:1])
    first, _, last = "".join(_texts(node.get("temporalCoverage"))[:1]).partition("/")
    expires = "".join(_texts(node.get("expires"))[:1]) or last
    kind = next(KINDS[name] for name in KINDS if name in _types(node))
    return _with(
        told,
        kind=kind,
        text="".join(_texts(node.get("articleBody"))[:1]) or "".join(_texts(node.get("text"))[:1]),
        modified="".join(_texts(node.get("dateModified"))[:1]) or None,
        valid_from=first.strip() or None,
        valid_until=expires.strip("_. ") or None,
    )


def _with(told: Told, **changes: Any) -> Told:
    fields = {name: getattr(told, name) for name in Told.__slots__}
    return Told(**fields | changes)


def _texts(value: Any) -> list[str]:
    """Return the texts of a value: itself, the members of a list, what ``@value`` or ``@id`` says."""
    values = value if isinstance(value, list) else [value]
    found = []
    for each in values[:MOST_NODES]:
        told = each.get("@value", each.get("@id")) if isinstance(each, dict) else each
        if isinstance(told, str) and told.strip():
            found.append(told.strip())
    return found


def _names(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for each in values[:50] for text in _texts(each.get("name") if isinstance(each, dict) else each)]


def _properties(value: Any) -> list[str]:
    """Return identifiers: texts as they are, a PropertyValue under the name of its property."""
    values = value if isinstance(value, list) else [value]
    rows = [each for each in values[:50] if isinstance(each, dict)]
    named = [
        f"{name}:{text}" for row in rows for name in _texts(row.get("propertyID")) for text in _texts(row.get("value"))
    ]
    return [*_texts(value), *named]


def _add_terms(told: Told, value: Any) -> None:
    """Add what a page is about: the code of a DefinedTerm of a known set, else its name as a subject."""
    for each in (value if isinstance(value, list) else [value])[:MOST_NODES]:
        if not isinstance(each, dict):
            told.subjects.extend(_texts(each))
            continue
        term_set = each.get("inDefinedTermSet") or each.get("inCodeSet")
        named = " ".join([*_texts(term_set), *_names(term_set)]).lower()
        kind = next((kind for word, kind in TERM_SETS.items() if word in WORDS.split(named) or word in named), None)
        codes = [*_texts(each.get("termCode")), *_texts(each.get("codeValue"))]
        told.codes.extend((kind, code) for code in codes if kind)
        told.subjects.extend([*_names(each), *([] if kind else codes)])


def _add_areas(told: Told, value: Any) -> None:
    for each in (value if isinstance(value, list) else [value])[:MOST_NODES]:
        told.coverages.extend(_names(each))
        if isinstance(each, dict):
            told.coverages.extend(_properties(each.get("identifier")))
