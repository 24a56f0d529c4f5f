"""Names of legal bodies in one comparable form: folded, never stemmed, every word kept."""

import re
from functools import lru_cache
from typing import Final

from language.words import clean, fold

_WORDS: Final = re.compile(r"[a-z0-9]+")
LONGEST: Final = 1_000  # characters of a folded name; what is longer is cut


@lru_cache(maxsize=50_000)
def fold_name(name: str) -> str:
    """Return a name in lower case, without accents and punctuation; "" if no letter or digit is left.

    >>> fold_name("L’Atelier  d'Été (S.A.R.L.)"), fold_name("MFR – Œuvre & Cie"), fold_name(" - ")
    ('l atelier d ete sarl', 'mfr oeuvre cie', '')
    """
    return " ".join(_WORDS.findall(fold(clean(name))))[:LONGEST].strip()
