"""Words for single conditions: « conventionnée », « inscriptions ouvertes », « moins de 500 € »."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from search_app.search.understand.found import Found, Kind

_AT_MOST: Final = (
    r"\b(?:(?:a |pour |de )?moins (?:de|que)|max(?:i|imum)?|jusqu'a|pas plus de|budget(?: max(?:i|imum)?)?)"
)
_STATED: Final[tuple[tuple[str, Kind, tuple[str, Any]], ...]] = (
    (r"\bconventionnee?s?\b", "state_funded", ("state_funded", ("true",))),
    (
        r"\b(?:inscriptions?|recrutements?) (?:encore |toujours )?(?:ouverte?s?|en cours|possibles?)\b",
        "recruiting",
        ("recruiting", ("open",)),
    ),
    (
        r"\b(?:en |a )?entrees? ?(?:(?:et |/ ?|- ?)sorties? )?permanentes?\b",
        "entry",
        ("entry", ("permanent",)),
    ),
)
_NUMBERS: Final[tuple[tuple[str, Kind, str], ...]] = (
    (rf"{_AT_MOST}(?: de)? ?:? ?(?P<most>\d{{1,3}} \d{{3}}|\d{{1,6}}) ?(?:€|euros?\b)", "price", "price_max"),
    (rf"{_AT_MOST} ?(?P<most>\d{{1,4}}) ?(?:h|heures?)\b", "hours", "hours_max"),
)
STATED: Final = tuple((re.compile(pattern), kind, parameter) for pattern, kind, parameter in _STATED)
NUMBERS: Final = tuple((re.compile(pattern), kind, name) for pattern, kind, name in _NUMBERS)


def find_conditions(folded: str, today: date) -> Iterator[Found]:
    """Yield conditions on state funding, recruitment, entry, price and duration.

    >>> [each.parameters for each in find_conditions("anglais moins de 1 500 €", date(2026, 11, 23))]
    [(('price_max', 1500),)]
    """
    for pattern, kind, parameter in STATED:
        for match in pattern.finditer(folded):
            yield Found(kind, *match.span(), (parameter,))
    for pattern, kind, name in NUMBERS:
        for match in pattern.finditer(folded):
            yield Found(kind, *match.span(), ((name, int(match["most"].replace(" ", ""))),))
            break
