"""Mends the text of a record that no XML parser takes: forbidden characters, undecodable bytes, HTML's entities."""

import html.entities
import re
from typing import Final, NamedTuple

from indexer.sources.encodings import SURROGATE, read_undecodable

FORBIDDEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
REFERENCE: Final = re.compile(r"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,10}));")
NAMED: Final = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
XML_NAMES: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})


class Repair(NamedTuple):
    """What was mended: the kind of fault, and what stood there."""

    kind: str
    value: str


def is_allowed(code: int) -> bool:
    """Tell whether XML 1.0 allows the character of that number.

    >>> is_allowed(0x9), is_allowed(0x1), is_allowed(0xFFFE), is_allowed(0x1F600)
    (True, False, False, True)
    """
    return code in (0x9, 0xA, 0xD) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF


def repair_text(text: str) -> tuple[str, list[Repair]]:
    """Return the text with everything mended that can be, and what that was, each kind of it once.

    >>> mended, repairs = repair_text("a&#x1;b\\x0bc &eacute;t&#233; &amp;")
    >>> mended, [repair.value for repair in repairs]
    ('abc ét&#233; &amp;', ['U+000B U+0001', '&eacute;'])
    """
    repairs = []
    if SURROGATE.search(text):
        mended = read_undecodable(text)
        shown = " ".join(dict.fromkeys(f"{ord(found):02X}"[-2:] for found in SURROGATE.findall(text)))
        repairs.append(Repair("undecodable-bytes", shown[:200]))
        text = mended
    dropped = dict.fromkeys(f"U+{ord(found):04X}" for found in FORBIDDEN.findall(text))
    text = FORBIDDEN.sub("", text)
    text = REFERENCE.sub(lambda found: _keep_allowed(found, dropped), text)
    if dropped:
        repairs.append(Repair("forbidden-character", " ".join(dropped)[:200]))
    named: dict[str, None] = {}
    text = NAMED.sub(lambda found: _name_to_character(found, named), text)
    if named:
        repairs.append(Repair("html-entity", " ".join(named)[:200]))
    return text, repairs


def _keep_allowed(found: re.Match[str], dropped: dict[str, None]) -> str:
    code = int(found[1], 16) if found[1] else int(found[2])
    if is_allowed(code):
        return found[0]
    dropped[f"U+{code:04X}"] = None
    return ""


def _name_to_character(found: re.Match[str], named: dict[str, None]) -> str:
    character = html.entities.html5.get(f"{found[1]};")
    if found[1] in XML_NAMES or character is None or character in "<>&":
        return found[0]
    named[found[0]] = None
    return character
