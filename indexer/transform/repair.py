"""Repairs the text of a record that is not well-formed.

Repairs forbidden characters, undecodable bytes, HTML entities, and markup characters that can only be text.
"""

import html.entities
import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple
from xml.sax.saxutils import escape

from indexer.sources.encodings import SURROGATE, read_undecodable

FORBIDDEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
REFERENCE: Final = re.compile(r"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,10}));")
NAMED: Final = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
XML_NAMES: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})
# An ampersand that begins no reference: feeds cannot declare entities, so that other names are text.
BARE_AMPERSAND: Final = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,10}|#x[0-9a-fA-F]{1,8});)")
BARE_LESS_THAN: Final = re.compile("<(?![A-Za-z_:/!?\x80-\U0010ffff])")  # not followed by the beginning of a tag
SECTION: Final = re.compile(r"<!\[CDATA\[|<!--|<\?")
CLOSERS: Final = {"<![CDATA[": "]]>", "<!--": "-->", "<?": "?>"}
MOST_SHOWN: Final = 20  # signs of one kind
AROUND: Final = 20  # characters displayed after a sign that was taken as text


class Repair(NamedTuple):
    """One repair: the kind of fault, and the original text."""

    kind: str
    value: str


def is_allowed(code: int) -> bool:
    """Tell whether XML 1.0 allows the character with this code point.

    >>> is_allowed(0x9), is_allowed(0x1), is_allowed(0xFFFE), is_allowed(0x1F600)
    (True, False, False, True)
    """
    return code in (0x9, 0xA, 0xD) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF


def repair_text(text: str) -> tuple[str, list[Repair]]:
    """Return the repaired text and the repairs, each kind once.

    >>> mended, repairs = repair_text("a&#x1;b\\x0bc &eacute;t&#233; &amp;")
    >>> mended, [repair.value for repair in repairs]
    ('abc ét&#233; &amp;', ['U+000B U+0001', '&eacute;'])
    >>> repair_text("Hygiène & sécurité, R&D, niveau < 3")[0]
    'Hygiène &amp; sécurité, R&amp;D, niveau &lt; 3'
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
    for kind, pattern, mend in MENDED_OUTSIDE:
        found: dict[str, None] = {}
        text = "".join(_outside_sections(text, pattern, mend, found))
        if found:
            repairs.append(Repair(kind, (" … " if kind.startswith("bare-") else " ").join(found)[:200]))
    return text, repairs


def _outside_sections(
    text: str, pattern: re.Pattern[str], mend: Callable[[re.Match[str]], str], found: dict[str, None]
) -> Iterator[str]:
    """Yield the text in pieces, repaired outside of comments and CDATA sections, whose characters are not markup."""
    shown = -1  # end of the last displayed context in the piece: signs within it are not displayed again

    def replace(match: re.Match[str]) -> str:
        nonlocal shown
        mended = mend(match)
        if mended != match[0] and len(found) < MOST_SHOWN and match.start() >= shown:
            stood = _shown(match)
            found[" ".join(stood.split())] = None
            shown = match.start() + len(stood)
        return mended

    at = 0
    while (section := SECTION.search(text, at)) is not None:
        end = text.find(CLOSERS[section[0]], section.end())
        if end < 0:
            break  # an unclosed one cannot be repaired
        yield pattern.sub(replace, text[at : section.start()])
        yield text[section.start() : end]
        at, shown = end, -1
    yield pattern.sub(replace, text[at:])


def _shown(match: re.Match[str]) -> str:
    """Return the original reference; for a single sign, also a few of the following characters."""
    if len(match[0]) > 1:
        return match[0]
    after = re.split('[<>"]', match.string[match.end() : match.end() + AROUND], maxsplit=1)[0]
    return f"{match[0]}{after}"


def _keep_allowed(found: re.Match[str], dropped: dict[str, None]) -> str:
    code = int(found[1], 16) if found[1] else int(found[2])
    if is_allowed(code):
        return found[0]
    dropped[f"U+{code:04X}"] = None
    return ""


def _name_to_character(found: re.Match[str]) -> str:
    character = html.entities.html5.get(f"{found[1]};")
    if found[1] in XML_NAMES or character is None:
        return found[0]
    return escape(character)


MENDED_OUTSIDE: Final = (
    ("html-entity", NAMED, _name_to_character),
    ("bare-less-than", BARE_LESS_THAN, lambda found: "&lt;"),
    ("bare-ampersand", BARE_AMPERSAND, lambda found: "&amp;"),
)
