"""Texts of feeds in JSON-LD: one line, without characters that RDF syntaxes refuse."""

import re
from typing import Final

_SPACES: Final = re.compile(r"\s+")
_REFUSED: Final = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def line(text: str) -> str:
    """Return a text in one line.

    >>> line(" Souder\\n- à plat\\x01\\ud800 ")
    'Souder - à plat'
    """
    return _SPACES.sub(" ", _REFUSED.sub(" ", text)).strip()
