"""Kind of a document from the words of its type."""

import re
from typing import Final

from language.words import fold
from mappings.documents.document import DocumentKind

# The first row with a word that a type contains decides.
WORDS: Final[tuple[tuple[DocumentKind, re.Pattern[str]], ...]] = (
    ("job_sheet", re.compile(r"fiches? metiers?|job.?sheet|occupation|monographie de metier")),
    ("news", re.compile(r"actualite|news|breve|communique|article de presse|evenement|event|agenda")),
    ("text", re.compile(r"texte (?:officiel|reglementaire|legislatif)|\b(?:loi|decret|arrete|circulaire|ordonnance"
                        r"|accord|legislation|convention collective|instruction)s?\b")),
    ("guide", re.compile(r"guide|rapport|report|brochure|livre|ouvrage|book|etude|dossier|monographie|these|memoire"
                         r"|revue|periodique|bulletin|synthese|diaporama|video|monograph|article")),
    ("sheet", re.compile(r"fiche|sheet|page|question")),
)  # fmt: skip


def kind_of(types: list[str]) -> DocumentKind | None:
    """Return the kind that the types of a record name, None if they name none.

    >>> kind_of(["Texte imprimé", "Guide pratique"]), kind_of(["Fiche métier"]), kind_of(["Arrêté"]), kind_of(["text"])
    ('guide', 'job_sheet', 'text', None)
    """
    plain = [fold(each) for each in types]
    return next((kind for kind, words in WORDS if any(words.search(each) for each in plain)), None)
