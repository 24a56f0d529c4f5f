"""Labels of zones d'emploi: the whole one, and the one in a list whose heading says what they are."""

import re
from collections.abc import Mapping
from typing import Final

from search_app.text import wording

ZONE: Final = "Zone d’emploi {}"
_OF_ZONE: Final = re.compile(r"Zone d’emploi (?:d’|de )?(du |des )?(.+)")
_ARTICLES: Final[Mapping[str, str]] = {"du ": "Le ", "des ": "Les "}


def zone_label(town: str, code: str) -> str:
    """Return the label of a zone, named after its largest town.

    >>> zone_label("Albi", "7625")
    'Zone d’emploi d’Albi (7625)'
    """
    return f"{ZONE.format(wording.of(town))} ({code})"


def short_zone(label: str) -> str:
    """Return the label of a zone without what the head of its list says.

    >>> short_zone("Zone d’emploi d’Albi (7625)"), short_zone("Zone d’emploi du Havre (2807)"), short_zone("Non connue")
    ('Albi (7625)', 'Le Havre (2807)', 'Non connue')
    """
    found = _OF_ZONE.fullmatch(label)
    return _ARTICLES.get(found[1], "") + found[2] if found else label
