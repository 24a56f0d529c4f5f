"""Job titles in ROME's notation ("Soudeur / Soudeuse à l'arc") and in ordinary notation."""

import re
from typing import Final

from language.words import fold

_BRACKETS: Final = re.compile(r"\s*\([^()]*\)")
SAME: Final = 3  # letters that the two forms of a word have in common at least


def both_genders(title: str) -> tuple[str, str]:
    """Return the complete masculine and feminine titles; the same title twice if there is only one form.

    The part after the slash replaces the title from the word that it varies.

    >>> both_genders("Agent / Agente d'accueil")
    ("Agent d'accueil", "Agente d'accueil")
    >>> both_genders("Chef de chantier / Cheffe de chantier (BTP)"), both_genders("Mannequin")
    (('Chef de chantier', 'Cheffe de chantier'), ('Mannequin', 'Mannequin'))
    """
    title = _BRACKETS.sub("", title).replace("''", "'").strip()
    parts = title.split(" / ")
    if len(parts) != 2:
        plain = title.replace(" / ", " ")
        return plain, plain
    masculine, feminine = parts[0].split(), parts[1].split()
    if not masculine or not feminine:
        return title, title
    stem = fold(feminine[0])[:SAME]
    at = next((number for number, word in enumerate(masculine) if fold(word)[:SAME] == stem), 0)
    return " ".join(masculine + feminine[len(masculine) - at :]), " ".join(masculine[:at] + feminine)


def base_title(title: str) -> str:
    """Return the masculine title, which is used for both genders."""
    return both_genders(title)[0]
