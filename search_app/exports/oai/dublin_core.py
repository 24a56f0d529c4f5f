"""One document as unqualified Dublin Core (``oai_dc``)."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from mappings.codes import department_labels, region_labels
from search_app.documents.asking import Stored
from search_app.documents.labels import KIND_LABELS
from search_app.exports.oai.envelope import SCHEMA_LOCATION, XSI
from search_app.search.reference_data import Snapshot
from search_app.text.xml import Element, allowed

OAI_DC: Final = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC_SCHEMA: Final = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
DC: Final = "http://purl.org/dc/elements/1.1/"
SUBJECTS: Final = ("formacode", "rome", "rncp", "funder")
_NAMED: Final = {"formacode": "domain"}  # the facet with the labels of a field, if it is called otherwise


def to_dublin_core(stored: Stored, snapshot: Snapshot, page: str) -> Element:
    """Return the metadata of a stored document; ``page`` is its address here."""
    made = etree.Element(f"{{{OAI_DC}}}dc", nsmap={"oai_dc": OAI_DC, "dc": DC, "xsi": XSI})
    made.set(SCHEMA_LOCATION, f"{OAI_DC} {DC_SCHEMA}")
    for name, text in _rows(stored, snapshot, page):
        if text and (told := allowed(text).strip()):
            etree.SubElement(made, f"{{{DC}}}{name}").text = told
    return made


def _rows(stored: Stored, snapshot: Snapshot, page: str) -> Iterator[tuple[str, str | None]]:
    """Yield element and text, the canonical address first among the identifiers."""
    yield "title", stored.get("title")
    for name in stored.get("creators") or ():
        yield "creator", name
    yield from (("subject", text) for text in _subjects(stored, snapshot))
    yield "description", stored.get("description")
    yield "publisher", stored.get("publisher")
    yield "date", stored.get("modified") or stored.get("published") or _year(stored)
    yield "type", KIND_LABELS.get(stored["kind"])
    yield "identifier", stored.get("url") or page
    for identifier in stored.get("identifiers") or ():
        yield "identifier", identifier
    yield "source", page
    yield "language", stored.get("language")
    for address in stored.get("also_at") or ():
        yield "relation", address
    for field, labels in (("region", region_labels()), ("department", department_labels())):
        for code in stored.get(field) or ():
            yield "coverage", labels.get(code, code)
    yield "coverage", _validity(stored)
    yield "rights", stored.get("licence")


def _subjects(stored: Stored, snapshot: Snapshot) -> Iterator[str]:
    for field in SUBJECTS:
        for code in stored.get(field) or ():
            label = snapshot.certification(code) if field == "rncp" else snapshot.label(_NAMED.get(field, field), code)
            yield f"{field.upper()} {code}" + (f" {label}" if label and label != code else "")


def _year(stored: Stored) -> str | None:
    year = stored.get("year")
    return str(year) if year else None


def _validity(stored: Stored) -> str | None:
    """Return the dates of validity as a DCMI period, None without any."""
    dates = (("start", stored.get("valid_from")), ("end", stored.get("valid_until")))
    told = [f"{name}={day}" for name, day in dates if day]
    return "; ".join((*told, "scheme=W3C-DTF")) if told else None
