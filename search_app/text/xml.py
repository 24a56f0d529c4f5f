"""Well-formed XML from any texts: lxml elements without the characters that XML forbids."""

import re
from typing import Any, Final

from lxml import etree

Element = etree._Element
FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def root(name: str, namespace: str) -> Element:
    """Return a root element in a namespace without prefix."""
    return etree.Element(f"{{{namespace}}}{name}", nsmap=prefixless(namespace))


def add(parent: Element, name: str, text: str = "", *, namespace: str = "", **attributes: str) -> Element:
    """Add an element, in its parent's namespace or another one, and return it.

    >>> made = root("a", "urn:x")
    >>> _ = add(made, "b", "1 < 2\\x00", href="?c&d")
    >>> etree.tostring(made).decode()
    '<a xmlns="urn:x"><b href="?c&amp;d">1 &lt; 2</b></a>'
    """
    namespace = namespace or etree.QName(parent).namespace or ""
    made = etree.SubElement(parent, f"{{{namespace}}}{name}", nsmap=prefixless(namespace))
    for key, value in attributes.items():
        made.set(key, allowed(value))
    made.text = allowed(text) or None
    return made


def prefixless(namespace: str) -> dict[Any, str]:
    """Return the namespace map of a document without prefixes."""
    return {None: namespace}


def allowed(text: str) -> str:
    """Return a text without the characters that XML forbids."""
    return FORBIDDEN.sub("", text)


def to_document(element: Element) -> bytes:
    """Return the document as UTF-8."""
    return etree.tostring(element, encoding="utf-8", xml_declaration=True)
