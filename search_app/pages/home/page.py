"""The home page: search form, entry links, regions and domains with offers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from search_app.pages.search.facet_lists import build_uncounted_lists
from search_app.pages.search.form import FIELD_SCRIPTS, SearchForm, build_form
from search_app.pages.shared.layout import CountedLink, Freshness, Layout, Page
from search_app.search.links import Pairs, address
from search_app.search.reference_data import Snapshot
from search_app.search.results import FacetRow, SearchResults
from search_app.text import wording

UPCOMING: Final = ("upcoming", "true")
SOON: Final = timedelta(days=60)
MOST_DOMAINS: Final = 12
MOST_REGIONS: Final = 18


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry link: its result, and its purpose."""

    title: str
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class HomePage(Page):
    """The page context; counts are empty if the engine does not answer."""

    form: SearchForm
    total: str | None
    entries: tuple[Entry, ...]
    regions: tuple[CountedLink, ...]
    domains: tuple[CountedLink, ...]
    engine_down: bool


def build_home_page(results: SearchResults | None, today: date, freshness: Freshness | None) -> HomePage:
    """Return the home page; ``results`` are of the sessions to come, None if the engine does not answer."""
    facets = results.facets if results else {}
    pairs: Pairs = (UPCOMING,)
    return HomePage(
        layout=Layout(
            "Trouver une formation, une date, une place",
            "home",
            description="Les formations professionnelles, leurs prochaines sessions, qui les paie et les places qui "
            "restent.",
            canonical="/",
            freshness=freshness,
            scripts=FIELD_SCRIPTS,
        ),
        form=build_form(pairs, build_uncounted_lists(Snapshot())),
        total=wording.counted(results.total, "offre", "offres") if results and results.total else None,
        entries=_entries(today),
        regions=_counted("region", facets.get("region", ()), MOST_REGIONS),
        domains=_counted("domain", facets.get("domain", ()), MOST_DOMAINS),
        engine_down=results is None,
    )


def _entries(today: date) -> tuple[Entry, ...]:
    soon = (("start_from", today.isoformat()), ("start_to", (today + SOON).isoformat()))
    return (
        Entry("Commencer bientôt", "Une session débute dans les deux mois.", address(soon)),
        Entry("Avec une place connue", "L’organisme a déclaré au moins une place restante.",
              address((("seats", "1"), UPCOMING))),
        Entry("Sans rien payer", f"{wording.FREE}.",
              address((("free", "true"), UPCOMING))),
        Entry("Sans diplôme", "Aucun niveau n’est exigé à l’entrée.", address((("entry_level", "0"), UPCOMING))),
        Entry("Depuis chez soi", "Entièrement à distance.", address((("remote", "only"), UPCOMING))),
        Entry("À tout moment", "Entrée toute l’année, sans date à attendre.",
              address((("entry", "permanent"), UPCOMING))),
    )  # fmt: skip


def _counted(name: str, rows: Sequence[FacetRow], most: int) -> tuple[CountedLink, ...]:
    return tuple(
        CountedLink(row.label, row.count, address(((name, row.value), UPCOMING))) for row in rows[:most] if row.count
    )
