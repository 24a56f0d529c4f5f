"""One Unicode form for the texts and identifiers of feeds, statements and queries."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

# Characters replaced by equivalent letters: typographic ligatures, non-breaking hyphens.
READ_AS: Final = {
    **{"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st"},
    **{"\ufb06": "st", "\u2010": "-", "\u2011": "-"},
}
UNSEEN: Final = "\u00ad"  # soft hyphens, which the tokenizer treats as word boundaries
ZERO_WIDTH: Final = "\u200b\u200c\u200d\u2060\ufeff"  # zero-width spaces and joiners, byte order marks
_IN_MARKUP: Final = str.maketrans({**READ_AS, **dict.fromkeys(UNSEEN, "")})
_IN_NUMBERS: Final = _IN_MARKUP | str.maketrans(dict.fromkeys(ZERO_WIDTH, ""))
_IN_TEXTS: Final = _IN_MARKUP | str.maketrans(dict.fromkeys(ZERO_WIDTH, " "))
RUNS: Final = re.compile("[^<>=]+")


def compose(number: str) -> str:
    r"""Return a number or another identifier in NFC, without typographic ligatures and invisible characters.

    >>> compose("e\u0301\u200b1"), compose("porte\u2011ou\u00adtil")
    ('é1', 'porte-outil')
    """
    return _compose(number, _IN_NUMBERS)


def compose_text(text: str) -> str:
    r"""Return a text in the same form, with spaces in the place of characters of no width.

    >>> compose_text("Me\u0301tiers du ba\u0302timent"), compose_text("certi\ufb01cation"), compose_text("chef\u200bde")
    ('Métiers du bâtiment', 'certification', 'chef de')
    """
    return _compose(text, _IN_TEXTS)


def _compose(text: str, table: Mapping[int, str]) -> str:
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", text.translate(table))


def compose_markup(text: str) -> str:
    r"""Return the composed text of an XML element, with its characters of no width, of which only its texts and numbers
    dispose; a combining mark directly after a tag is not composed with its bracket.

    >>> compose_markup("<a>\u0338e\u0301</a>") == "<a>\u0338é</a>"
    True
    """
    composed = _compose(text, _IN_MARKUP)
    return text if composed == text else RUNS.sub(lambda run: _compose(run[0], _IN_MARKUP), text)
