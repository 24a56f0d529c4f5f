"""The families of jobs: the first letter of a ROME code."""

from typing import Final

FAMILIES: Final = {
    "A": "Agriculture, pêche, espaces verts, soins aux animaux",
    "B": "Arts et façonnage d’ouvrages d’art",
    "C": "Banque, assurance, immobilier",
    "D": "Commerce, vente, grande distribution",
    "E": "Communication, média, multimédia",
    "F": "Construction, bâtiment, travaux publics",
    "G": "Hôtellerie-restauration, tourisme, loisirs, animation",
    "H": "Industrie",
    "I": "Installation et maintenance",
    "J": "Santé",
    "K": "Services à la personne et à la collectivité",
    "L": "Spectacle",
    "M": "Support à l’entreprise",
    "N": "Transport et logistique",
}


def family_of(code: str) -> str:
    """Return the name of a job's family.

    >>> family_of("F1703"), family_of("Z0000")
    ('Construction, bâtiment, travaux publics', 'Autres métiers')
    """
    return FAMILIES.get(code[:1], "Autres métiers")
