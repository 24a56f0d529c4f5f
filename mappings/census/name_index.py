"""Fields of a stored body made from its others only to be searched: what the name search compares."""

from collections.abc import Mapping
from typing import Any, Final

from language.names import fold_name
from mappings.communes import FIELD as COMMUNE
from mappings.communes import index_communes

# Legal forms that people leave out, or add, when they type a name.
LEGAL_FORMS: Final = frozenset((
    "sarl", "sas", "sasu", "sa", "eurl", "sci", "scop", "scic", "snc", "scp", "selarl", "eirl", "ei", "gie",
    "assoc", "asso", "ass", "association", "ste", "societe",
))  # fmt: skip
# No reader of a stored body needs them.
FIELDS: Final = ("names_joined", "name_words", "town_words", "name_length", COMMUNE)


def index_fields(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields made from a stored body (``mappings.census.provider``), whose names are folded.

    ``names_joined`` are its names without spaces, with and without legal form: « e-learning » is « elearning ».
    """
    names = document.get("names_folded") or []
    sites = document.get("sites") or []
    towns = {fold_name(site["town"]) for site in sites if site.get("town")}
    words = {word for name in (*names, *(document.get("acronyms_folded") or ())) for word in name.split()}
    return {
        "names_joined": sorted({joined(form) for name in names for form in (name, without_form(name))}),
        "name_words": sorted(words),
        "town_words": sorted({word for town in towns for word in town.split()}),
        "name_length": len(document.get("name_sort") or ""),
        **({COMMUNE: []} | index_communes({"places": sites})),
    }


def joined(folded: str) -> str:
    """Return a folded name without spaces."""
    return folded.replace(" ", "")


def without_form(folded: str) -> str:
    """Return a folded name without legal forms; unchanged if nothing else is in it.

    >>> without_form("sarl auto ecole dupont"), without_form("association"), without_form("les amis sas")
    ('auto ecole dupont', 'association', 'les amis')
    """
    kept = [word for word in folded.split() if word not in LEGAL_FORMS]
    return " ".join(kept) or folded
