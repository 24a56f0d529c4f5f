"""Names of domains on the portal's pages: everyday ones first."""

from typing import Final

from search_app.search.facets.everyday import everyday
from search_app.search.reference_data import Snapshot
from search_app.text.wording import curved

OTHERS: Final = "Autres domaines"


def domain_name(code: str, snapshot: Snapshot) -> str:
    """Return the everyday name of a domain, else its official label; empty if neither is known."""
    return everyday().names.get(code) or snapshot.labels["domain"].get(code, "")


def official_name(code: str, snapshot: Snapshot) -> str | None:
    """Return the official label of a domain if it differs from its everyday name."""
    label = curved(snapshot.reference.formacode.get(code, ""))
    return label if label and label != domain_name(code, snapshot) else None
