"""Words about conditions without a filter: « avec mon CPF », « pour demandeur d'emploi », « pas cher »; and of rhythms,
which titles contain as well: « le soir », « à temps partiel ».

Offers rarely contain them, so searching for them would find nothing. They are set aside and reported, unless they are
the whole text and the catalogue knows them: then they are searched for like other words.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from language.words import words_in
from search_app.search.understand.found import Found
from search_app.search.understand.rules import SAYS_LITTLE

# Target groups: an audience filter would hide offers for « tout public », which admit job seekers too.
JOB_SEEKER: Final = (
    r"(?:pour |quand on est |je suis |si on est )?(?:un |une |les |des )?"
    r"(?:demandeu(?:r|se)s? (?:d[' ]?)?emplois?|chomeu(?:r|se)s?)\b"
)
_NUMBER: Final = r"(?:\d{1,3}(?:[.,]5)?|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze)"
_ASIDE: Final = (
    # the training account: no element of LHEO says which offers accept it
    r"(?:(?:financ\w{1,8}|pay(?:er|ee?s?|able)|prise?s? en charge|eligibles?|compatibles?) )?"
    r"(?:(?:au|par|avec|via|en|sur|le|mon|du) )*(?:cpf|compte (?:personnel )?(?:de )?formation)\b",
    r"(?:(?:etant|suis|car|et) )?(?:(?:je |j')?(?:suis|etre|chuis?) )?(?:actuellement )?"
    + JOB_SEEKER
    + r"(?: (?:de )?longue duree)?",
    r"(?:(?:je )?(?:suis |chuis? )?(?:actuellement )?)(?:au chomage|en recherche d'emploi|sans emploi)\b",
    r"(?:(?:je )?suis )?inscrite?s? (?:a |chez )(?:pole emploi|france travail)\b",
    r"remuneree?s?\b(?: par (?:la |l')?(?:region|france travail|pole emploi|etat)\b)?",
    r"(?:certifiante?s?|diplomante?s?|qualifiante?s?)\b",
    r"(?:pas (?:trop )?|moins |peu )cher(?:e?s?)\b",
    r"(?:financees?|financables?|subventionnees?)\b",
    r"(?:qui recrute(?:nt)?|(?:avec|promesse d'|suivie? d'une?) ?embauche|(?:avec )?emploi a la cle)\b",
    # rhythm or duration
    r"(?:a |en )?temps (?:plein|complet)\b|en journee\b",
    r"(?:(?:de|en|sur|dans|pendant|environ|moins de|d'une duree de|max(?:i|imum)?) )*"
    rf"{_NUMBER} (?:mois|semaines?|jours?|ans?)\b",
    # a distance in minutes, before the place
    r"(?:a )?(?:moins de |environ )?\d{1,3} ?(?:min|mn|minutes)\b(?: (?:en |de )?(?:voiture|route|bus|train|metro))?"
    r"(?= (?:de |d'|du ))",
    r"(?:a )?(?:moins d')?une (?:demi[ -])?heure\b(?: (?:en |de )?(?:voiture|route|bus|train))?(?= (?:de |d'|du ))",
    r"\(?(?:h ?/ ?f|f ?/ ?h)\b\)?",
    r"(?:partout en france|(?:dans )?toute la france|france entiere|n'importe ou)\b",
    # soon
    r"(?:des que possible|le plus (?:vite|tot|rapidement) possible|au plus (?:vite|tot)|tout de suite|en ce moment)\b",
)
_RHYTHMS: Final = {
    "evening": r"(?:(?:en )?cours du soir|du soir|le soir|(?:en )?soirees?)\b",
    "weekend": r"(?:le |les |en )?week-?ends?\b",
    "part_time": r"(?:a |en )?temps partiel\b",
}
_OF_RHYTHM: Final = tuple((value, re.compile(rf"(?<![\w-])(?:{words})")) for value, words in _RHYTHMS.items())
_PATTERN: Final = re.compile(rf"(?<![\w-])(?:{'|'.join(_ASIDE)})")
_NEAR_ME: Final = re.compile(
    r"\b(?:(?:(?:tout )?pres|proche|autour|a cote|a proximite|aux alentours|(?:pas (?:trop )?|non )loin)"
    r" (?:de |d')(?:chez (?:moi|nous)\b|moi\b|ici\b|mon domicile\b|ma (?:ville|maison)\b)"
    r"|(?:proche|pres) (?:de |du )?(?:mon )?domicile\b"
    r"|dans (?:mon (?:secteur|coin|departement)|ma (?:ville|region))\b|par chez moi\b)"
)


def find_aside(folded: str, is_title: Callable[[Sequence[str]], bool]) -> Iterator[Found]:
    """Yield words without a filter, and rhythms, unless a title contains them beside their neighbour: « gestion du
    temps partiel ».
    """
    for match in _PATTERN.finditer(folded):
        if not _is_of_a_title(folded, match, is_title):
            yield Found("aside", *match.span(), ())
    for value, pattern in _OF_RHYTHM:
        for match in pattern.finditer(folded):
            if not _is_of_a_title(folded, match, is_title):
                yield Found("rhythm", *match.span(), (("rhythm", (value,)),))


def _is_of_a_title(folded: str, match: re.Match[str], is_title: Callable[[Sequence[str]], bool]) -> bool:
    words = words_in(match[0])
    before, after = words_in(folded[: match.start()])[-1:], words_in(folded[match.end() :])[:1]
    return any(is_title(pair) for pair in ([*before, *words[:1]], [*words[-1:], *after]) if _is_telling(pair))


def _is_telling(words: Sequence[str]) -> bool:
    """Tell whether adjacent words in a title are significant: « formation », « 2 » occur in too many."""
    return not any(word in SAYS_LITTLE or word.isdigit() for word in words)


def find_near_me(folded: str) -> Iterator[Found]:
    """Yield words for the user's own position, which is unknown: « près de chez moi »."""
    for match in _NEAR_ME.finditer(folded):
        yield Found("near_me", *match.span(), ())
