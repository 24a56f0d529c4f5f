"""Words for a radius: « à moins de 20 km de Castres », « dans un rayon de 20 km », « albi 20 km »."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from search_app.search.understand.found import Found

_BARE: Final = re.compile(
    r"\b(?:dans )?(?:un )?(?:rayon|perimetre)[ :]{1,3}(?:de |max(?:i|imum)? )?(?P<km>\d{1,3})(?! ?[\w%€])"
)  # « rayon 30 »
# The range of the parameter (params.table): « marathon 5000 km » is not a radius.
LEAST_KM: Final = 0.1
MOST_KM: Final = 1000
_ABOUT: Final = r"(?:(?:de |d')?(?:moins de|environ|a peu pres|max(?:i|imum)?|jusqu'a|de|<) ?)?"
_DISTANCE: Final = re.compile(
    r"(?<![\w,.])(?:(?:a|dans|sur|jusqu'a) )?(?:(?:un|le|les) )?(?:(?:rayon|perimetre)[ :]{1,3})?"
    rf"{_ABOUT}(?P<km>\d{{1,4}}(?:[.,]\d)?) ?(?:kms?|kilometres?)\b"
    r"(?! ?/ ?h)(?: (?:max(?:i|imum)?|au plus|de rayon|a la ronde|alentour|autour(?! d)))?"
)


def find_distances(folded: str, today: date) -> Iterator[Found]:
    """Yield the first distance in kilometres that is a valid radius.

    >>> [each.parameters for each in find_distances("a moins de 2,5 km d'albi", date(2026, 11, 23))]
    [(('radius', 2.5),)]
    >>> list(find_distances("5000 km", date(2026, 11, 23)))
    []
    """
    for match in (*_DISTANCE.finditer(folded), *_BARE.finditer(folded)):
        km = float(match["km"].replace(",", "."))
        if LEAST_KM <= km <= MOST_KM:
            yield Found("radius", *match.span(), (("radius", int(km) if km.is_integer() else km),))
            return
