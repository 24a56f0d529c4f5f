"""The count lists: one row each, from which filter, counting, links, form and API documentation are made."""

from dataclasses import dataclass
from typing import Final

from mappings.codes import SEATS_AT_LEAST
from search_app.search.params.search_params import Seats

FEW: Final = 200  # more than any closed table has values, so that none is ever left out
MANY: Final = 100  # of open lists (jobs, providers) the most frequent are shown; facet_size asks for more
# Each slice and each shard counts only its own most frequent values; sums are exact if none of them leaves any out.
# 50,000 is more than France has providers with offers.
ALL_OF_A_SHARD: Final = 50_000
SEATS_COUNTED: Final[tuple[Seats, ...]] = (*SEATS_AT_LEAST, "full", "unknown")


@dataclass(frozen=True, slots=True)
class Facet:
    """One count list: the parameter that filters on it, the property that holds its values, its French title."""

    param: str
    field: str
    title: str
    size: int = FEW
    labels: str = ""
    single: bool = False  # its parameter takes one value only

    @property
    def open_ended(self) -> bool:
        """Tell whether the list may be cut to its most frequent values."""
        return self.size == MANY


FACETS: Final = (
    Facet("funder", "funder", "Qui paie", labels="funder"),
    Facet("recruiting", "recruiting", "Recrutement", labels="recruiting"),
    Facet("seats", "sessions.left.any", "Places restantes", single=True),
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
SESSION_FACETS: Final = frozenset(("recruiting", "seats"))  # their conditions belong to the session, see sessions.py


def seats_counted(chosen: Seats | None) -> tuple[Seats, ...]:
    """Return the rows of the list of seats in their order, a number that was chosen among them.

    >>> seats_counted(3)
    (1, 3, 5, 10, 'full', 'unknown')
    """
    if chosen is None or chosen in SEATS_COUNTED:
        return SEATS_COUNTED
    words = [row for row in SEATS_COUNTED if isinstance(row, str)]
    return (*sorted(row for row in (*SEATS_COUNTED, chosen) if isinstance(row, int)), *words)


def seats_label(value: str) -> str:
    """Return the French label of a row of the list of seats.

    >>> seats_label("1"), seats_label("10"), seats_label("full")
    ('1 place ou plus', '10 places ou plus', 'Complet')
    """
    return _SEATS_WORDS.get(value) or f"{value} {'place' if value == '1' else 'places'} ou plus"


_SEATS_WORDS: Final = {"full": "Complet", "unknown": "Places non connues"}
