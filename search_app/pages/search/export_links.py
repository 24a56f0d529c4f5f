"""Links to the exports of a search: file, Atom, calendar; and to the form of an alert."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from search_app.search.links import Pairs, address, without
from search_app.text import wording

ALERT_FORM: Final = "/alertes"


@dataclass(frozen=True, slots=True)
class ExportLinks:
    """Addresses of a search's exports; ``csv_text`` has the number of offers in the file."""

    csv_text: str
    csv: str
    atom: str
    calendar: str


def build_export_links(total: int, pairs: Pairs) -> ExportLinks | None:
    """Return the links of a search, None without results; group and size concern pages only."""
    if not total:
        return None
    kept = without(pairs, "group", "size")
    return ExportLinks(
        csv_text=f"Télécharger {wording.the_offers(total)} (CSV)",
        csv=address(kept, "/api/v1/offers.csv"),
        atom=address(without(kept, "sort"), "/api/v1/offers.atom"),
        calendar=address(without(kept, "sort"), "/api/v1/offers.ics"),
    )


def build_alert_link(pairs: Pairs) -> str | None:
    """Return the address of the form that asks for an alert on a search, None for a search without any condition.

    >>> build_alert_link((("q", "soudeur"), ("place", "Albi"), ("size", "50")))
    '/alertes?query=q%3Dsoudeur%26place%3DAlbi'
    """
    kept = without(pairs, "group", "size", "sort")
    return address((("query", urlencode(kept)),), ALERT_FORM) if kept else None
