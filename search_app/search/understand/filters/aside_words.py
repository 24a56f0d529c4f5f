"""Words about something that no filter knows: « avec mon CPF », « pour demandeur d'emploi », « le soir », « pas cher ».

No sheet has to say them, so beside other words nothing would be found with them. They are set aside and told, unless
they are all that was typed and the catalogue knows them: then they are searched for like any words.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from language.words import words_in
from search_app.search.understand.found import Found
from search_app.search.understand.rules import SAYS_LITTLE

# For whom: most of what is paid in full is, and « tout public » is for job seekers too, so an audience would hide it.
JOB_SEEKER: Final = (
    r"(?:pour |quand on est |je suis |si on est )?(?:un |une |les |des )?"
    r"(?:demandeu(?:r|se)s? (?:d[' ]?)?emplois?|chomeu(?:r|se)s?)\b"
)
_NUMBER: Final = r"(?:\d{1,3}(?:[.,]5)?|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze)"
_ASIDE: Final = (
    # an account to pay from: no element of LHEO says which offers take it
    r"(?:(?:financ\w{1,8}|pay(?:er|ee?s?|able)|prise?s? en charge|eligibles?|compatibles?) )?"
    r"(?:(?:au|par|avec|via|en|sur|le|mon|du) )*(?:cpf|compte (?:personnel )?(?:de )?formation)\b",
    r"(?:(?:etant|suis|car|et) )?(?:(?:je |j')?(?:suis|etre) )?(?:actuellement )?"
    + JOB_SEEKER
    + r"(?: (?:de )?longue duree)?",
    r"(?:(?:je )?(?:suis )?(?:actuellement )?)(?:au chomage|en recherche d'emploi|sans emploi)\b",
    r"(?:(?:je )?suis )?inscrite?s? (?:a |chez )(?:pole emploi|france travail)\b",
    r"remuneree?s?\b(?: par (?:la |l')?(?:region|france travail|pole emploi|etat)\b)?",
    r"(?:certifiante?s?|diplomante?s?|qualifiante?s?)\b",
    r"(?:pas (?:trop )?|moins |peu )cher(?:e?s?)\b",
    r"(?:financees?|financables?|subventionnees?)\b",
    r"(?:qui recrute(?:nt)?|(?:avec|promesse d'|suivie? d'une?) ?embauche|(?:avec )?emploi a la cle)\b",
    # a rhythm or a duration
    r"(?:a |en )?temps (?:plein|partiel|complet)\b",
    r"(?:cours du soir|du soir|le soir|en soiree|en journee)\b|(?:le |les |en )?week-?ends?\b",
    r"(?:(?:de|en|sur|dans|pendant|environ|moins de|d'une duree de|max(?:i|imum)?) )*"
    rf"{_NUMBER} (?:mois|semaines?|jours?|ans?)\b",
    # a way that is told in minutes, before the place
    r"(?:a )?(?:moins de |environ )?\d{1,3} ?(?:min|mn|minutes)\b(?: (?:en |de )?(?:voiture|route|bus|train|metro))?"
    r"(?= (?:de |d'|du ))",
    r"(?:a )?(?:moins d')?une (?:demi[ -])?heure\b(?: (?:en |de )?(?:voiture|route|bus|train))?(?= (?:de |d'|du ))",
    r"\(?(?:h ?/ ?f|f ?/ ?h)\b\)?",
    r"(?:partout en france|(?:dans )?toute la france|france entiere|n'importe ou)\b",
    # soon
    r"(?:des que possible|le plus (?:vite|tot|rapidement) possible|au plus (?:vite|tot)|tout de suite|en ce moment)\b",
)
_PATTERN: Final = re.compile(rf"(?<![\w-])(?:{'|'.join(_ASIDE)})")
_NEAR_ME: Final = re.compile(
    r"\b(?:(?:(?:tout )?pres|proche|autour|a cote|a proximite|aux alentours|(?:pas (?:trop )?|non )loin)"
    r" (?:de |d')(?:chez (?:moi|nous)\b|moi\b|ici\b|mon domicile\b|ma (?:ville|maison)\b)"
    r"|(?:proche|pres) (?:de |du )?(?:mon )?domicile\b"
    r"|dans (?:mon (?:secteur|coin|departement)|ma (?:ville|region))\b|par chez moi\b)"
)


def find_aside(folded: str, is_title: Callable[[Sequence[str]], bool]) -> Iterator[Found]:
    """Yield what no filter knows, unless a title has it beside its neighbour: « gestion du temps partiel »."""
    for match in _PATTERN.finditer(folded):
        words = words_in(match[0])
        before, after = words_in(folded[: match.start()])[-1:], words_in(folded[match.end() :])[:1]
        if not any(is_title(pair) for pair in ([*before, *words[:1]], [*words[-1:], *after]) if _is_telling(pair)):
            yield Found("aside", *match.span(), ())


def _is_telling(words: Sequence[str]) -> bool:
    """Tell whether words beside each other in a title are no chance: « formation », « 2 » stand in too many."""
    return not any(word in SAYS_LITTLE or word.isdigit() for word in words)


def find_near_me(folded: str) -> Iterator[Found]:
    """Yield what names the place where one is, which nobody told: « près de chez moi »."""
    for match in _NEAR_ME.finditer(folded):
        yield Found("near_me", *match.span(), ())
