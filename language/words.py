"""French words as indexer and search compare them: cleaned, folded, without articles and stop words."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

# Endings that inclusive spelling adds to a masculine word: « chargé·e », « infirmier(ère) », « agent.e.s ».
_ENDINGS: Final = r"e|ne|le|se|te|ve|fe|ère|ere|ière|iere|euse|euses|rice|trice|trices|esse|eresse|ale|enne|onne|elle"
_IN_BRACKETS: Final = re.compile(rf"(?<=\w)\((?:{_ENDINGS}|s)(?:s|\(s\))?\)(s)?(?!\w)", re.I)
_AFTER_POINT: Final = re.compile(rf"(?<=\w)[·•‧.](?:{_ENDINGS})(?:[·•‧.]?(s))?(?![\w.])", re.I)
_DOTTED: Final = re.compile(r"(?<![\w.])(?:[^\W\d_]\.){1,9}[^\W\d_](?![^\W_])\.?")  # « b.t.s. », « M.C.O »
_APOSTROPHES: Final = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'"})
_LIGATURES: Final = str.maketrans({"œ": "oe", "æ": "ae"})
# Characters that the tokenizer would index as words although they carry no text: invisible characters are removed,
# pictographs and characters of no width become a space.
_INVISIBLE: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f\u00ad\u200e\u200f\u202a-\u202e\u2061-\u2064\ufe00-\ufe0f]")
_ZERO_WIDTH: Final = re.compile("[\u200b-\u200d\u2060\ufeff]")
_PICTURES: Final = re.compile("[\u2190-\u2bff\U0001f000-\U0001faff\U000e0000-\U000e007f]")
# One or two letters before an apostrophe are an article (« l'eau »); « c++ », « c# » and « permis b » are words.
_WORD: Final = re.compile(r"(?:\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)')?([a-z0-9]+(?:\+\+|#)?)")
_STOP_WORDS: Final = (
    "a ai au aux avec ce ces cet cette chez comme dans de des du elle elles en et est etre eu il ils je la le les leur "
    "leurs lui ma mais me mes mon ne nos notre nous on ont ou par pas pour qu que qui sa se ses si son sont sur ta te "
    "tes toi ton tous tout toute toutes tu un une vos votre vous y"
)
STOP_WORDS: Final = frozenset(_STOP_WORDS.split())


def clean(text: str) -> str:
    """Return a text with straight apostrophes, single spaces, no pictographs, and inclusive spellings in their base
    form.

    >>> clean("Infirmier(ère)  chargé·e  de l’accueil"), clean("agent.e.s"), clean("aide(s)-soignant(e)s")
    ("Infirmier chargé de l'accueil", 'agents', 'aides-soignants')
    >>> clean("Node.js et www.exemple.fr")
    'Node.js et www.exemple.fr'
    >>> clean("sou\u00adder 👩\u200d🏭"), clean("chef\u200bde projet"), clean("b.t.s. M.C.O")
    ('souder', 'chef de projet', 'bts MCO')
    """
    text = _ZERO_WIDTH.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text)))
    text = _PICTURES.sub(" ", text).translate(_APOSTROPHES)
    text = _DOTTED.sub(lambda found: found[0].replace(".", ""), text)
    text = re.sub(r"(?<=\w)\(s\)", "s", text)
    text = _IN_BRACKETS.sub(lambda found: found[1] or "", text)
    text = _AFTER_POINT.sub(lambda found: found[1] or "", text)
    return " ".join(text.split())


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """Return a text in lower case without accents and ligatures; other characters are unchanged.

    >>> fold("Œuvre d’Été"), len(fold("Été")) == len("Été")
    ("oeuvre d'ete", True)
    """
    plain = unicodedata.normalize("NFD", text.lower().translate(_APOSTROPHES).translate(_LIGATURES))
    return "".join(c for c in plain if not unicodedata.combining(c))


def words_of(text: str) -> list[str]:
    """Return the folded words of a text in order, without articles and stop words.

    >>> words_of("Conduite de l'engin, permis B"), words_of("C++ pour l’embarqué")
    (['conduite', 'engin', 'permis', 'b'], ['c++', 'embarque'])
    """
    return words_in(fold(clean(text)))


def words_in(folded: str) -> list[str]:
    """Return the words of a text that is already cleaned and folded, as ``words_of`` does."""
    return [word for word in _WORD.findall(folded) if word not in STOP_WORDS]


def spans_of(folded: str) -> list[tuple[str, int, int]]:
    """Return the words of a clean, folded text as ``words_of`` does, each with its start and end.

    >>> spans_of("l'aide a domicile")
    [('aide', 2, 6), ('domicile', 9, 17)]
    """
    found = _WORD.finditer(folded)
    return [(each[1], each.start(1), each.end(1)) for each in found if each[1] not in STOP_WORDS]
