"""How documents are called in French, and their addresses."""

from collections.abc import Mapping
from typing import Final

from mappings.documents.document import DOCUMENT_KINDS

PATH: Final = "/documents"
KIND_LABELS: Final[Mapping[str, str]] = {
    "sheet": "Fiche pratique",
    "text": "Texte officiel",
    "guide": "Guide",
    "job_sheet": "Fiche métier",
    "news": "Actualité",
}
if set(KIND_LABELS) != set(DOCUMENT_KINDS):
    raise ValueError(f"labels and kinds of documents differ: {sorted(set(KIND_LABELS) ^ set(DOCUMENT_KINDS))}")


def document_path(key: str) -> str:
    """Return the address of a document's page."""
    return f"{PATH}/{key}"
