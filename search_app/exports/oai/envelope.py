"""The envelope of every answer: date, the request as it was understood, errors."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from lxml import etree

from search_app.exports.oai.faults import OaiRefusal
from search_app.exports.oai.stamps import to_stamp
from search_app.text.xml import Element, add, allowed, prefixless

OAI: Final = "http://www.openarchives.org/OAI/2.0/"
OAI_SCHEMA: Final = "http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
SCHEMA_LOCATION: Final = f"{{{XSI}}}schemaLocation"


# A document gets its stamp some seconds before a search can find it. Harvesters go on from the date of an answer, so it
# is that of a moment before which everything could be read.
LAG: Final = timedelta(seconds=30)


def begin_answer(base_url: str, arguments: Mapping[str, str]) -> Element:
    """Return the root with date and request; the date is LAG before the engine is asked."""
    made = etree.Element(f"{{{OAI}}}OAI-PMH", nsmap=prefixless(OAI) | {"xsi": XSI})
    made.set(SCHEMA_LOCATION, f"{OAI} {OAI_SCHEMA}")
    add(made, "responseDate", to_stamp(datetime.now(UTC) - LAG))
    request = add(made, "request", base_url)
    for name, value in arguments.items():
        request.set(name, allowed(value))
    return made


def refused_answer(base_url: str, arguments: Mapping[str, str], refusal: OaiRefusal) -> Element:
    """Return the answer that tells errors."""
    made = begin_answer(base_url, arguments if refusal.repeats_arguments else {})
    for fault in refusal.faults:
        add(made, "error", fault.message, code=fault.code)
    return made
