"""Texts and numbers in one form of Unicode, so that what looks the same is the same: of feeds, statements and words."""

import re
import unicodedata
from typing import Final

# What is read as other letters, and changes nothing of what is read: ligatures of printing, hyphens that do not break.
READ_AS: Final = {
    **{"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st"},
    **{"\ufb06": "st", "\u2010": "-", "\u2011": "-"},
}
# What is not seen, and parts a word for the engine: soft hyphens, spaces without width, marks of byte order.
UNSEEN: Final = "\u00ad\u200b\u2060\ufeff"
SIGNS: Final = (*READ_AS, *UNSEEN)
TABLE: Final = str.maketrans({**READ_AS, **dict.fromkeys(UNSEEN, "")})
RUNS: Final = re.compile("[^<>=]+")


def compose(text: str) -> str:
    r"""Return a text with composed letters (NFC), without ligatures of printing and signs that nobody sees.

    >>> compose("Me\u0301tiers du ba\u0302timent"), compose("certi\ufb01cation"), compose("porte\u2011ou\u00adtil")
    ('Métiers du bâtiment', 'certification', 'porte-outil')
    """
    if text.isascii():
        return text
    if any(sign in text for sign in SIGNS):
        text = text.translate(TABLE)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def compose_markup(text: str) -> str:
    r"""Return the text of an XML element, composed; a stroke that follows a tag is not made one with its bracket.

    >>> compose_markup("<a>\u0338e\u0301</a>") == "<a>\u0338é</a>"
    True
    """
    composed = compose(text)
    return text if composed == text else RUNS.sub(lambda run: compose(run[0]), text)
