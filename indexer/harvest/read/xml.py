"""XML of sources: no DOCTYPE, no entities, no network, bounded size and depth; broken XML is a fault, never mended."""

import re
from typing import Final

from lxml import etree

from indexer.harvest.faults import SourceFault, one_line

MOST_TAGS: Final = 1_000_000  # "<" of one document: memory grows with them, not with bytes
MOST_ATTRIBUTES: Final = 1_000_000  # "=" of one document
EBCDIC: Final = b"\x4c\x6f\xa7\x94"  # « <?xm », in which a document type cannot be seen
SKIPPED: Final = ((b"<!--", b"-->"), (b"<?", b"?>"))  # what may precede a document type
ENCODING: Final = re.compile(rb"""<\?xml[^>]{0,200}encoding\s*=\s*["']([A-Za-z0-9._-]+)""", re.I)
PLAIN: Final = (b"utf", b"iso-8859", b"iso8859", b"latin", b"windows-125", b"cp125", b"us-ascii", b"ascii", b"macroman")


def refuse_declarations(body: bytes, what: str) -> None:
    """Raise SourceFault if a text declares a document type, or has an encoding that may hide one."""
    if body.startswith(EBCDIC):
        raise SourceFault(f"{what}: encoded as EBCDIC, which is not read")
    bare = body.replace(b"\0", b"") if b"\0" in body[:200] else body
    told = ENCODING.search(bare[:400])
    if told and (not told[1].lower().startswith(PLAIN) or told[1].lower().startswith((b"utf7", b"utf-7"))):
        raise SourceFault(f"{what}: encoded as {one_line(told[1].decode('ascii'), 40)}, which is not read")
    if _begins_with_declaration(bare):
        raise SourceFault(f"{what}: DOCTYPE refused (it may declare entities)")


def refuse_masses(body: bytes, what: str) -> None:
    """Raise SourceFault if a text has more tags or attributes than memory should hold."""
    if body.count(b"<") > MOST_TAGS:
        raise SourceFault(f"{what}: more than {MOST_TAGS} tags")
    if body.count(b"=") > MOST_ATTRIBUTES:
        raise SourceFault(f"{what}: more than {MOST_ATTRIBUTES} attributes")


def _begins_with_declaration(body: bytes) -> bool:
    """Tell whether a declaration stands where a document type may: before the first element."""
    at = 0
    while (at := body.find(b"<", at)) >= 0:
        closer = next((closer for opener, closer in SKIPPED if body.startswith(opener, at)), None)
        if closer is None:
            return body.startswith(b"<!", at)
        end = body.find(closer, at + 2)
        if end < 0:
            return False
        at = end + len(closer)
    return False


def parse_xml(body: bytes, what: str) -> etree._Element:
    """Return the root element; raises SourceFault, whose message begins with ``what``."""
    refuse_declarations(body, what)
    refuse_masses(body, what)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceFault(f"{what}: not whole, well-formed XML ({one_line(str(error))})") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise SourceFault(f"{what}: DOCTYPE refused (it may declare entities)")
    return root


def local_name(element: etree._Element) -> str:
    """Return the name of an element without its namespace, in lower case; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def text_of(element: etree._Element) -> str:
    """Return all text of an element."""
    return "".join(str(part) for part in element.itertext())
