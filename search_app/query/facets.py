"""The count lists: one row each, from which filter, counting, links, form and API documentation are made."""

from dataclasses import dataclass
from typing import Final

FEW: Final = 200  # more than any closed table has values, so that none is ever left out
MANY: Final = 100  # of open lists (jobs, providers) the most frequent are shown; facet_size asks for more
# Each slice and each shard counts only its own most frequent values; sums are exact if none of them leaves any out.
# 50,000 is more than France has providers with offers.
ALL_OF_A_SHARD: Final = 50_000


@dataclass(frozen=True, slots=True)
class Facet:
    """One count list: the parameter that filters on it, the property that holds its values, its French title."""

    param: str
    field: str
    title: str
    size: int = FEW
    labels: str = ""

    @property
    def open_ended(self) -> bool:
        """Tell whether the list may be cut to its most frequent values."""
        return self.size == MANY


FACETS: Final = (
    Facet("funder", "funder", "Qui paie", labels="funder"),
    Facet("recruiting", "recruiting", "Recrutement", labels="recruiting"),
    Facet("region", "region", "Région", labels="region"),
    Facet("department", "department", "Département", labels="department"),
    Facet("domain", "domain", "Domaine", labels="domain"),
    Facet("level", "level", "Niveau de sortie", labels="level"),
    Facet("mode", "mode", "Modalité", labels="mode"),
    Facet("entry", "entry", "Entrées", labels="entry"),
    Facet("state_funded", "state_funded", "Conventionnée", labels="boolean"),
    Facet("audience", "audience", "Public", labels="audience"),
    Facet("rome", "rome", "Métier", MANY, "rome"),
    Facet("provider", "provider.siren", "Organisme", MANY, "provider"),
)
FACET_BY_PARAM: Final = {facet.param: facet for facet in FACETS}
