"""Words of somebody who does not know what to search for: « je sais pas quoi faire », « quel métier choisir »."""

import re
from collections.abc import Iterator
from typing import Final

from search_app.search.understand.found import Found

_DO: Final = r"(?:faire|choisir|devenir|prendre|chercher|apprendre)"
_LIFE: Final = r"(?: (?:de|dans) (?:ma|la) vie| plus tard| apres(?: (?:le|mon|la) (?:bac|diplome|3e|troisieme))?)?"
_JOB: Final = r"(?: (?:comme|de) (?:metier|formation|travail|etudes?))?"
_UNDECIDED: Final = re.compile(
    r"(?<![\w-])(?:(?:je |j'|j)?(?:ne |n')?(?:sais|sait|chais) "
    r"(?:vraiment |trop )?(?:pas|plus)(?: vraiment| trop| encore)?"
    rf"(?: (?:quoi|que|vers quoi|ou)(?: {_DO}{_JOB}{_LIFE}| aller| m'orienter)?|(?=\s*$))"
    rf"|(?:quoi|que) {_DO}{_JOB}{_LIFE}"
    rf"|quel(?:le)?s? (?:formations?|voie)(?: {_DO}{_LIFE}|(?=\s*\??\s*$))"
    r"|(?:je (?:n'ai |ai )?)?(?:pas|aucune) (?:d'|la moindre )?idees?(?: de (?:metier|formation))?"
    r"|(?:je suis )?(?:perdue?|indecise?)(?=\s*$))(?![\w-])"
)


def find_undecided(folded: str) -> Iterator[Found]:
    """Yield such words; they stand for no filter.

    >>> [each.start for each in find_undecided("je sais pas quoi faire de ma vie")]
    [0]
    >>> list(find_undecided("savoir quoi dire"))
    []
    """
    for match in _UNDECIDED.finditer(folded):
        yield Found("undecided", *match.span(), ())
