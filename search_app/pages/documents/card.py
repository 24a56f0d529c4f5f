"""One document in a list of results, or in the block « S’informer »."""

from dataclasses import dataclass
from typing import Final

from search_app.documents.answer import DocumentView
from search_app.documents.labels import KIND_LABELS
from search_app.documents.present import EXPIRED, NOT_YET
from search_app.text import wording
from search_app.text.dates import french_day

LONGEST_ABSTRACT: Final = 280  # characters of an abstract in a list


@dataclass(frozen=True, slots=True)
class DocumentCard:
    """One document; ``warning`` says that it is not in force."""

    title: str
    href: str
    kind: str
    source: str
    abstract: str
    warning: str


def to_document_card(view: DocumentView) -> DocumentCard:
    """Return one document for a list."""
    parts = (view.publisher, told_day(view))
    return DocumentCard(
        title=wording.typeset(view.title),
        href=view.page,
        kind=KIND_LABELS[view.kind],
        source=wording.typeset(", ".join(part for part in parts if part)),
        abstract=shortened(view.description or ""),
        warning=wording.typeset(validity_warning(view)),
    )


def told_day(view: DocumentView) -> str:
    """Return the day of publication as precisely as it is told, empty if it is not."""
    if view.published:
        return french_day(view.published)
    return str(view.year) if view.year else ""


def validity_warning(view: DocumentView) -> str:
    """Return the sentence on a document that is not in force, empty for one that is."""
    if view.validity == EXPIRED and view.valid_until:
        return f"Expiré : valable jusqu’au {french_day(view.valid_until)}."
    if view.validity == NOT_YET and view.valid_from:
        return f"Pas encore valable : à partir du {french_day(view.valid_from)}."
    return ""


def shortened(text: str, longest: int = LONGEST_ABSTRACT) -> str:
    """Return a text in one paragraph, cut between words.

    >>> shortened("Une  aide\\nde la Région", 12)
    'Une aide de…'
    """
    whole = " ".join(text.split())
    if len(whole) <= longest:
        return wording.typeset(whole)
    return wording.typeset((whole[:longest].rpartition(" ")[0] or whole[: longest - 1]).rstrip(" ,;:.") + "…")
