"""The facets of documents: one row each, from which clauses, counts, labels, form and chips are made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from search_app.documents.labels import KIND_LABELS
from search_app.search.reference_data import Snapshot

LISTED: Final = 100  # values of a long list; closed tables have fewer
DOMAIN_DIGITS: Final = 3
Label = Callable[[Snapshot, str], str]


def _of_table(table: str) -> Label:
    return lambda snapshot, code: snapshot.label(table, code)


@dataclass(frozen=True, slots=True)
class DocumentFacet:
    """One facet: its parameter, the field of a code (of a ``finer`` one for longer codes), its French title.

    ``opened``: its list is open on the page.
    """

    name: str
    title: str
    label: Label
    finer: str = ""
    opened: bool = False

    def field_of(self, value: str) -> str:
        """Return the field that has a value."""
        return self.finer if self.finer and len(value) > DOMAIN_DIGITS else self.name


_ROWS: Final = (
    DocumentFacet("kind", "Nature", lambda _, code: KIND_LABELS.get(code, code), opened=True),
    DocumentFacet("publisher", "Éditeur", lambda _, name: name, opened=True),
    DocumentFacet("region", "Région", _of_table("region")),
    DocumentFacet("department", "Département", _of_table("department")),
    DocumentFacet("domain", "Domaine", _of_table("domain"), finer="formacode"),
    DocumentFacet("rome", "Métier", _of_table("rome")),
    DocumentFacet("rncp", "Certification", lambda snapshot, code: snapshot.certification(code) or code),
    DocumentFacet("funder", "Qui paie", _of_table("funder")),
)
FACETS: Final[Mapping[str, DocumentFacet]] = {row.name: row for row in _ROWS}
