"""Roots of French job words: the common part of « soudeur », « soudage » and « soudure ».

Used only to compare job titles and the texts that describe jobs: for other texts the roots are far too coarse
(« couturier », « coût »).
"""

import re
from functools import lru_cache
from typing import Final

from language.words import words_of

SHORTEST: Final = 4  # letters kept at least: with 3, « banc » and « banque » would share a root
LONG_ENOUGH: Final = 5  # letters: shorter words keep their ending (« aide », « bois »)
# Feminine and plural endings and their masculine singular; the longest matching ending is replaced.
FORMS: Final = (
    ("eresses", "eur"), ("trices", "teur"), ("trice", "teur"), ("euses", "eur"), ("euse", "eur"), ("ieres", "ier"),
    ("iere", "ier"), ("eres", "er"), ("ere", "er"), ("iennes", "ien"), ("ienne", "ien"), ("ennes", "en"),
    ("enne", "en"), ("onnes", "on"), ("onne", "on"), ("elles", "el"), ("elle", "el"), ("ives", "if"), ("ive", "if"),
    ("eaux", "eau"), ("aux", "al"), ("ales", "al"), ("ale", "al"),
    ("eures", "eur"), ("eure", "eur"), ("antes", "ant"), ("ante", "ant"), ("entes", "ent"), ("ente", "ent"),
    ("ertes", "ert"), ("erte", "ert"), ("intes", "int"), ("inte", "int"), ("ees", "e"), ("ee", "e"),
    ("tresses", "tre"), ("tresse", "tre"), ("tesses", "te"), ("tesse", "te"),
)  # fmt: skip
# Endings of agents and activities, removed in two rounds: « chaudronnerie », « chaudronnier », « chaudron ».
_SUFFIXES: Final = (
    "ification isation istique issage isseur ateur ation atique iteur ition icien icite iat isme iste ique ite logue "
    "logie graphe graphie erie ier eur age ure ement ment ien aire able abilite al el er ant ance ence ent if ois ais "
    "eux is iel ial ese ie ee on e"
)
SUFFIXES: Final = tuple(sorted(_SUFFIXES.split(), key=len, reverse=True))
ROUNDS: Final = 2
# Plurals of nouns in -ail: the ending alone makes them nouns in -al.
_PLURALS: Final = {
    "travaux": "travail", "vitraux": "vitrail", "emaux": "email", "coraux": "corail", "baux": "bail",
    "soupiraux": "soupirail", "vantaux": "vantail",
}  # fmt: skip
_DOUBLE: Final = re.compile(r"([a-z])\1$")


@lru_cache(maxsize=100_000)
def base_form(word: str) -> str:
    """Return the masculine singular of a folded word, derived from its ending.

    >>> base_form("coiffeuses"), base_form("infirmiere"), base_form("regionaux"), base_form("cours"), base_form("bts")
    ('coiffeur', 'infirmier', 'regional', 'cour', 'bts')
    >>> [base_form(word) for word in ("ingenieure", "assistantes", "chargee", "experte", "maitresse", "hotesses")]
    ['ingenieur', 'assistant', 'charge', 'expert', 'maitre', 'hote']
    >>> base_form("travaux"), base_form("vitraux"), base_form("journaux")
    ('travail', 'vitrail', 'journal')
    """
    if len(word) < SHORTEST or word in _PLURALS:
        return _PLURALS.get(word, word)
    for ending, base in FORMS:
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            return word[: -len(ending)] + base
    return word[:-1] if word[-1] in "sx" and word[-2] not in "si" else word


@lru_cache(maxsize=100_000)
def root_of(word: str) -> str:
    """Return the root of a folded word.

    >>> [root_of(word) for word in ("soudeur", "soudeuse", "soudage", "soudure")]
    ['soud', 'soud', 'soud', 'soud']
    >>> [root_of(word) for word in ("macon", "maconnerie", "mecanicienne", "mecanique", "aide", "3d")]
    ['macon', 'macon', 'mecan', 'mecan', 'aide', '3d']
    """
    word = base_form(word)
    if len(word) < LONG_ENOUGH:
        return word
    for _ in range(ROUNDS):
        for suffix in SUFFIXES:
            if word.endswith(suffix) and len(word) - len(suffix) >= SHORTEST:
                word = word[: -len(suffix)]
                break
    return _DOUBLE.sub(r"\1", word.replace("qu", "c"))


def roots_of(text: str) -> list[str]:
    """Return the roots of a text's words, in order.

    >>> roots_of("Conductrice de l'engin")
    ['conduct', 'engin']
    """
    return [root_of(word) for word in words_of(text)]
