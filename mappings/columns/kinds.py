"""What an offer is: a training, a VAE, a bilan de compétences or a driving licence, by its Formacodes and its title."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from language.words import fold
from mappings.codes import Kind

KIND_BY_FORMACODE: Final[Mapping[str, Kind]] = {
    "15064": "vae",
    "44591": "vae",
    "15081": "bilan",
    "31812": "licence_light",
}
DRIVING: Final = frozenset({"31804", "31805", "31811", "31812", "31816", "31820"})  # Formacodes of learning to drive
LIGHT: Final = frozenset({"AM", "A1", "A2", "A", "B1", "B96", "BE", "B"})  # categories of the groupe léger

_VAE: Final = r"(?:vae|validation des acquis)\b"
_BILAN: Final = r"bilans? de competences?\b"
# What a title must say where the offer's main Formacode is another one.
_SAYS: Final[Mapping[Kind, re.Pattern[str]]] = {
    "vae": re.compile(rf"\b{_VAE}"),
    "bilan": re.compile(rf"\b{_BILAN}"),
    "licence_light": re.compile(r"\bpermis\b"),
}
_BEFORE: Final = r"(?:(?:accompagnement|preparation|parcours|formation|de|du|la|le|a|au|l)[ '’]+)*"
_BEGINS: Final[tuple[tuple[Kind, re.Pattern[str]], ...]] = (
    ("vae", re.compile(_BEFORE + _VAE)),
    ("bilan", re.compile(_BEFORE + _BILAN)),
)
_PERMIS: Final = re.compile(r"\bpermis\b")
_LEARNS_TO_GUIDE: Final = re.compile(
    r"\b(?:accompagnat(?:eur|rice)|conseill(?:er|ere)|consultante?|praticiene?|praticienne|formateur|formatrice|jury"
    rf"|devenir)s?\b.{{0,40}}\b(?:{_VAE}|{_BILAN})"
)
# The categories are written in capitals; « permis de conduire » may be, too.
_CONDUIRE: Final = re.compile(r"\bde conduire\b", re.I)
_CATEGORY: Final = re.compile(
    r"(?i:permis)\s*(?i:cat[ée]gories?\s*|cat\.\s*)?[(«\"]?\s*"
    r"(AM|A1|A2|A(?!\s+POINTS)|B1|B96|BE|B|C1E|C1|CE|C|D1E|D1|DE(?!\s+\w)|D)\b(?!['’])"
)
_HEAVY_WORDS: Final = re.compile(r"\bpermis (?:super |poids )?lourds?\b|\bpermis transports? en commun\b")
_LIGHT_WORDS: Final = re.compile(r"\bpermis (?:auto|moto|voiture|cyclo)")


def to_kind(offer: Mapping[str, Any]) -> Kind | None:
    """Return the kind of a stored offer, None if neither a Formacode nor its title tells it.

    The first Formacode is the main one; another counts only if the title agrees.

    >>> to_kind({"formacode": ["15064"], "title": "Accompagnement"}), to_kind({"title": "Bilan de compétences"})
    ('vae', 'bilan')
    >>> to_kind({"formacode": ["31816"], "title": "Permis C"}), to_kind({"formacode": ["31812"], "title": "Conduite"})
    ('licence_heavy', 'licence_light')
    >>> to_kind({"formacode": ["42752", "15064"], "title": "CAP cuisine"}), to_kind({"title": "CAP cuisine"})
    ('training', None)
    """
    codes, title = offer.get("formacode", ()), offer.get("title", "")
    folded = fold(title)
    return _special(codes, title, folded, bool(offer.get("rncp"))) or ("training" if codes else None)


def _special(codes: Sequence[str], title: str, folded: str, registered: bool) -> Kind | None:
    if _LEARNS_TO_GUIDE.search(folded):
        return None
    if licence := _licence(codes, title, folded):
        return None if registered else licence
    main = KIND_BY_FORMACODE.get(codes[0]) if codes else None
    if main and not (main == "licence_light" and registered):
        return main
    for code in codes:
        kind = KIND_BY_FORMACODE.get(code)
        if kind and not (kind == "licence_light" and registered) and _SAYS[kind].search(folded):
            return kind
    return next((kind for kind, begins in _BEGINS if begins.match(folded)), None)


def _licence(codes: Sequence[str], title: str, folded: str) -> Kind | None:
    """Return the group of a licence that a title names, if the offer is about driving; a training may lead to one."""
    found = _PERMIS.search(folded)
    if not found or not (folded.startswith("permis") or DRIVING & {*codes}):
        return None
    if category := _CATEGORY.search(_CONDUIRE.sub("", title)):
        return "licence_light" if category[1] in LIGHT else "licence_heavy"
    if _HEAVY_WORDS.search(folded):
        return "licence_heavy"
    return "licence_light" if _LIGHT_WORDS.search(folded) else None
