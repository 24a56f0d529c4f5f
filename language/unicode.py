"""One Unicode form for the texts and identifiers of feeds, statements and queries."""

import re
import unicodedata
from typing import Final

# Characters replaced by equivalent letters: typographic ligatures, non-breaking hyphens.
READ_AS: Final = {
    **{"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st"},
    **{"\ufb06": "st", "\u2010": "-", "\u2011": "-"},
}
# Invisible characters that the tokenizer treats as word boundaries: soft hyphens, zero-width spaces, byte order marks.
UNSEEN: Final = "\u00ad\u200b\u2060\ufeff"
SIGNS: Final = (*READ_AS, *UNSEEN)
TABLE: Final = str.maketrans({**READ_AS, **dict.fromkeys(UNSEEN, "")})
RUNS: Final = re.compile("[^<>=]+")


def compose(text: str) -> str:
    r"""Return a text in NFC, without typographic ligatures and invisible characters.

    >>> compose("Me\u0301tiers du ba\u0302timent"), compose("certi\ufb01cation"), compose("porte\u2011ou\u00adtil")
    ('Métiers du bâtiment', 'certification', 'porte-outil')
    """
    if text.isascii():
        return text
    if any(sign in text for sign in SIGNS):
        text = text.translate(TABLE)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def compose_markup(text: str) -> str:
    r"""Return the composed text of an XML element; a combining mark directly after a tag is not composed with its
    bracket.

    >>> compose_markup("<a>\u0338e\u0301</a>") == "<a>\u0338é</a>"
    True
    """
    composed = compose(text)
    return text if composed == text else RUNS.sub(lambda run: compose(run[0]), text)
