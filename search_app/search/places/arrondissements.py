"""Arrondissements of Paris, Lyon and Marseille: « Paris 12e Arrondissement », « paris 12 », « Lyon3 »."""

import re
from typing import Final

_ARRONDISSEMENT: Final = re.compile(r"(paris|lyon|marseille) ?(\d{1,2})(?: ?(?:er|e|eme|ieme))?(?: arrondissement)?")


def with_short_number(name: str) -> str:
    """Return the comparable name of an arrondissement with a plain number, any other name as it is.

    >>> with_short_number("paris 12e arrondissement"), with_short_number("lyon3"), with_short_number("albi")
    ('paris 12', 'lyon 3', 'albi')
    """
    found = _ARRONDISSEMENT.fullmatch(name)
    return f"{found[1]} {int(found[2])}" if found else name


def is_arrondissement(name: str) -> bool:
    """Tell whether a comparable name is that of an arrondissement."""
    return bool(_ARRONDISSEMENT.fullmatch(name))
