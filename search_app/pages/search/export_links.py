"""Links to the exports of a search: file, Atom, calendar."""

from dataclasses import dataclass

from search_app.search.links import Pairs, address, without
from search_app.text import wording


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
