"""How the results of a search go away with somebody: as a file, as a feed, as a calendar."""

from dataclasses import dataclass

from search_app.search.links import Pairs, address, without
from search_app.text import wording


@dataclass(frozen=True, slots=True)
class ExportLinks:
    """Addresses of a search's exports; ``csv_text`` says how many offers the file will hold."""

    csv_text: str
    csv: str
    atom: str
    calendar: str


def build_export_links(total: int, pairs: Pairs) -> ExportLinks | None:
    """Return the links of a search, None where it finds nothing; group and size are of pages."""
    if not total:
        return None
    kept = without(pairs, "group", "size")
    which = "l’offre" if total == 1 else f"les {wording.counted(total, 'offre', 'offres')}"
    return ExportLinks(
        csv_text=f"Télécharger {which} (CSV)",
        csv=address(kept, "/api/v1/offers.csv"),
        atom=address(without(kept, "sort"), "/api/v1/offers.atom"),
        calendar=address(without(kept, "sort"), "/api/v1/offers.ics"),
    )
