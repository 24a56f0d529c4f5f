"""The page at the address of a removed offer."""

from dataclasses import dataclass
from typing import Any, Final

from search_app.pages.offer.related import Related
from search_app.pages.shared.layout import Freshness, Layout, Link, Page
from search_app.search.links import Pairs, address
from search_app.search.suggest.entries import to_query
from search_app.text import casing, wording

SHEET: Final = "offer.css"
HEADING: Final = "Cette offre n’est plus au catalogue"


@dataclass(frozen=True, slots=True)
class GonePage(Page):
    """The offer's last state, the date of its removal, and similar offers."""

    heading: str
    text: str
    search: Link
    related: tuple[Related, ...]


def build_gone_page(
    gone: dict[str, Any], related: tuple[Related, ...], freshness: Freshness | None, picked: Pairs = ()
) -> GonePage:
    """Return the page of a removed offer; ``picked`` is added to links to searches."""
    offer = gone["offer"]
    title = wording.typeset(offer["title"])
    towns = [f"{casing.town(place['town'])} ({place['department']})" for place in offer.get("places", ())
             if place.get("town") and place.get("department")]  # fmt: skip
    what = ", ".join((f"«{wording.NBSP}{title}{wording.NBSP}»", *towns[:1]))
    pairs = (("q", to_query(offer["title"])), ("upcoming", "true"), *picked)
    return GonePage(
        layout=Layout(HEADING, "search", indexed=False, freshness=freshness, sheets=(SHEET,)),
        heading=HEADING,
        text=f"{what}{wording.NBSP}: sa source ne l’annonce plus depuis le {wording.moment(gone['removed_at'])}.",
        search=Link("Chercher des formations semblables", address(pairs)),
        related=related,
    )
