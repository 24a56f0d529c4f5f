"""Names and towns that catalogues state in capitals, cased for reading: pages and suggestions display them so,
other answers of the API as stated.

Only texts without any small letter are changed. Abbreviations stay in capitals, accents return where the word is known.
"""

import json
import re
from functools import cache, lru_cache
from typing import Final

from mappings.codes import TABLES, department_labels, region_labels
from search_app.text.casing_words import (
    ABBREVIATED,
    COMMON,
    COMMON_ENDINGS,
    PARTICLES,
    PHRASES,
    PROPER,
    SIGLES,
    SMALL_IN_TOWNS,
)
from search_app.text.town_words import bare

_WORD: Final = re.compile(r"[^\W_]+")
_LETTER: Final = re.compile(r"[^\W\d_]")
_SHORTEST_WORD: Final = 5  # letters of a word that is in no list: a shorter one may be an abbreviation
ELIDING: Final = frozenset("DL")
_CONSONANTS: Final = "BCDFGHJKLMNPQRSTVWXZ"
# No French word begins with three consonants other than these, or has five of them; Q stands before U.
_UNREADABLE: Final = re.compile(
    rf"^(?!SCH|CHR|PHR|THR|SCR|STR|SPL|SPR|CHL)[{_CONSONANTS}]{{3}}|[{_CONSONANTS}]{{5}}|Q(?!U|$)|^[{_CONSONANTS}]+$"
)
_ROMAN: Final = re.compile(r"[IVX]+")
_ELIDED: Final = re.compile(r"(?<![^\W_])([DL])[ '’](?=[^\W\d_])")
_SPELT: Final = re.compile(r"(?<![^\W_])([^\W\d_](?: [^\W\d_](?![^\W_]))+)")  # « A M I G R A F »
_FIRST_LETTER: Final = re.compile(r"[^\W\d_](?= )")
_ARTICLE: Final = re.compile(r"(?:Les?|La) |L’")
_CEDEX: Final = re.compile(r"(.*?)( CEDEX(?: \d+)?)?", re.DOTALL)
_ARRONDISSEMENT: Final = re.compile(
    r"(Paris|Lyon|Marseille) 0?(\d{1,2})(?:ER?|E|È?ME)?(?: ARRONDISSEMENT)?", re.IGNORECASE
)
_NEAR: Final = re.compile(r"(?<=.-)les(?=-([^\W_]+))")


@lru_cache(maxsize=8192)  # a page repeats few names, a process meets some thousands
def cased(name: str) -> str:
    """Return a name that is all in capitals in small letters, with capitals where French has them.

    >>> cased("ECOLE DES METIERS DU TARN"), cased("GRETA-CFA AQUITAINE"), cased("CHAMBRE DE L ARTISANAT D'ALBI")
    ('École des métiers du Tarn', 'GRETA-CFA Aquitaine', 'Chambre de l’artisanat d’Albi')
    >>> cased("LYCEE GENERAL CAMILLE JULLIAN"), cased("AFTRAL"), cased("Lycée ARAGO"), cased("LP P. MENDES FRANCE")
    ('Lycée général Camille Jullian', 'AFTRAL', 'Lycée ARAGO', 'LP P. Mendès France')
    """
    if not name.isupper():
        return name
    words = _WORD.findall(name)
    if len(words) == 1 and bare(words[0]) not in _in_names():
        return name  # one word that is in no list is a mark or an abbreviation: « AKTEAP »
    spelt = [run for run in _SPELT.finditer(name) if _is_spelt(run[0])]
    starts, ends = [0, *(run.end() for run in spelt)], [*(run.start() for run in spelt), len(name)]
    parts = [_in_words(name[start:end]) for start, end in zip(starts, ends, strict=True)]
    told = [run[0] for run in spelt] + [""]
    text = _in_phrases("".join(part + run for part, run in zip(parts, told, strict=True)))
    if first := _FIRST_LETTER.match(name):
        return first[0] + text[1:]  # « A ZOT FORMATION » : a letter, not « À »
    return _LETTER.sub(lambda match: match[0].upper(), text, count=1)


@lru_cache(maxsize=8192)
def town(name: str) -> str:
    """Return a town's name that is all in capitals as INSEE writes names: with hyphens, but not after an article.

    >>> town("SAINT ETIENNE"), town("LES SABLES D OLONNE"), town("ST DENIS CEDEX 9"), town("LYON 03")
    ('Saint-Étienne', 'Les Sables-d’Olonne', 'Saint-Denis Cedex 9', 'Lyon 3e')
    >>> town("L ISLE D ABEAU"), town("JOUE-LES-TOURS"), town("AIX LES BAINS"), town("VILLENEUVE D'ASCQ"), town("EU")
    ('L’Isle-d’Abeau', 'Joué-lès-Tours', 'Aix-les-Bains', 'Villeneuve-d’Ascq', 'Eu')
    """
    if not name.isupper():
        return name
    plain = _ELIDED.sub(lambda match: f"{match[1]}’", " ".join(name.replace("-", " ").split()))
    part = _ARRONDISSEMENT.fullmatch(plain)
    if part:
        return f"{part[1].capitalize()} {int(part[2])}{'er' if int(part[2]) == 1 else 'e'}"
    stem, cedex = (_CEDEX.fullmatch(plain) or re.fullmatch("(.*)()", plain, re.DOTALL)).groups("")  # type: ignore[union-attr]
    text = _WORD.sub(_in_town, stem)
    text = text[:1].upper() + text[1:]
    article = _ARTICLE.match(text)
    start = article.end() if article else 0
    hyphened = text[start : start + 1].upper() + text[start + 1 :].replace(" ", "-")
    return text[:start] + _NEAR.sub(_near, hyphened) + cedex.replace("CEDEX", "Cedex")


def _in_words(text: str) -> str:
    return _WORD.sub(_in_name, _ELIDED.sub(lambda match: f"{match[1]}’", text))


def _is_spelt(text: str) -> bool:
    """Tell whether letters are told one by one: three, or two that no apostrophe can follow (« A L ECOLE »)."""
    letters = text.split(" ")
    return len(letters) > 2 or not ELIDING & {*letters}


@cache
def _town_words() -> dict[str, list[str]]:
    table: dict[str, list[str]] = json.loads((TABLES / "town_words.json").read_text(encoding="utf-8"))
    return table


@cache
def _in_towns() -> dict[str, str]:
    """Return the words of towns: bare → as it is written inside a name."""
    words = {bare(word): word for word in _town_words()["words"]}
    return words | {bare(word): word for word in SMALL_IN_TOWNS.split()} | ABBREVIATED


@cache
def _in_names() -> dict[str, str]:
    """Return the words of names of providers: bare → as it is written inside a name."""
    territories = (*region_labels().values(), *department_labels().values())
    proper = [word for label in territories for word in _WORD.findall(label) if word[0].isupper()]
    words = (*_town_words()["words"], *proper, *PROPER.split(), *COMMON.split(), *PARTICLES.split(), *SIGLES.split())
    return {bare(word): word for word in words} | ABBREVIATED


@cache
def _phrases() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return patterns of several words and how they are written: regions and départements, then the list.

    A territory is found with spaces for its hyphens; one named after a saint is not, since schools are, too.
    """
    territories = {label.replace("'", "’") for label in (*region_labels().values(), *department_labels().values())}
    several = [label for label in territories if not label.isalpha() and not label.startswith("Saint-")]
    labels = [
        (re.compile(rf"\b{'[ ’-]+'.join(_WORD.findall(label))}\b", re.IGNORECASE), label)
        for label in sorted(several, key=len, reverse=True)
    ]
    return (*labels, *((re.compile(pattern), text) for pattern, text in PHRASES.items()))


def _in_phrases(text: str) -> str:
    for pattern, written in _phrases():
        text = pattern.sub(written, text)
    return text


@cache
def _towns_near() -> frozenset[str]:
    return frozenset(_town_words()["near"])


def _in_name(match: re.Match[str]) -> str:
    told, folded = match[0], bare(match[0])
    if len(told) == 1 and match.string[match.end() : match.end() + 1] == ".":
        return told  # an initial
    known = _in_names().get(folded)
    if known is not None:
        return known
    readable = len(told) >= _SHORTEST_WORD and not _UNREADABLE.search(folded) and not _ROMAN.fullmatch(told)
    if not readable or not told.isalpha():
        return told
    return told.lower() if folded.endswith(COMMON_ENDINGS) else told.capitalize()


def _in_town(match: re.Match[str]) -> str:
    return _in_towns().get(bare(match[0])) or match[0].capitalize()


def _near(match: re.Match[str]) -> str:
    """Return « lès » (near) before the name of another town, else « les »."""
    return "lès" if bare(match[1]) in _towns_near() else "les"
