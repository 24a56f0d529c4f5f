"""The values of the census's filters and facts, and how they are called in French."""

from collections.abc import Mapping
from typing import Final

from mappings.census.provider import CERTIFIED, GAP_CODES, QUALIOPI_ROWS, STATE_ROWS

QUALIOPI_LABELS: Final[Mapping[str, str]] = {
    "action": "Actions de formation",
    "bilan": "Bilans de compétences",
    "vae": "Validation des acquis (VAE)",
    "apprenticeship": "Apprentissage",
    "any": "Certifié, toutes catégories",
    "none": "Aucune certification indiquée",
    "unknown": "Non connue",
}
CATEGORY_LABELS: Final[Mapping[str, str]] = {
    "action": "actions de formation",
    "bilan": "bilans de compétences",
    "vae": "actions de validation des acquis de l’expérience (VAE)",
    "apprenticeship": "actions de formation par apprentissage",
    "any": "catégorie non connue",
}
STATE_LABELS: Final[Mapping[str, str]] = {
    "active": "Déclaré et non fermé",
    "listed": "Dans la liste publique",
    "not_listed": "Absent de la liste publique",
    "ceased": "Indiqué fermé",
    "unknown": "Non connu",
}
OFFERS_LABELS: Final[Mapping[str, str]] = {
    "any": "Avec des offres au catalogue",
    "upcoming": "Avec des offres à venir",
    "none": "Sans offre au catalogue",
}
NAME_KIND_LABELS: Final[Mapping[str, str]] = {
    "legal": "nom légal",
    "usual": "nom d’usage",
    "sign": "enseigne",
    "acronym": "sigle",
    "catalogue": "nom dans le catalogue",
    "deliverer": "nom comme organisme formateur",
}
GAP_LABELS: Final[Mapping[str, str]] = {
    "not-listed": "Absent de la liste publique",
    "ceased": "Indiqué fermé",
    "site-closed": "Établissement indiqué fermé",
    "site-unknown": "Établissement absent de la liste",
    "not-certified": "Sans certification dans la liste",
    "certification-lost": "Certification qui n’est plus indiquée",
    "left-list": "Sorti de la liste publique",
    "nda-differs": "Autre numéro de déclaration",
    "nda-former": "Ancien numéro de déclaration",
    "several-names": "Plusieurs noms au catalogue",
    "shared-name": "Nom partagé avec d’autres",
    "no-name": "Sans nom",
    "no-siren": "Sans SIREN",
    "no-offer": "Sans offre au catalogue",
    "delivers-only": "Organisme formateur seulement",
}
SORT_LABELS: Final[Mapping[str, str]] = {"relevance": "Pertinence", "name": "Nom", "offers": "Nombre d’offres"}

_TABLES: Final = {
    "qualiopi": (QUALIOPI_LABELS, QUALIOPI_ROWS),
    "category": (CATEGORY_LABELS, CERTIFIED),
    "state": (STATE_LABELS, STATE_ROWS),
    "gap": (GAP_LABELS, GAP_CODES),
}
for _name, (_labels, _codes) in _TABLES.items():
    if set(_labels) != set(_codes):
        raise ValueError(f"labels of {_name} and its codes differ: {sorted(set(_labels) ^ set(_codes))}")
