"""The home page: a search form of two fields, six entries with their counts, everyday domains, and ways to browse."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from search_app.pages.portal.frame import SHEET, PortalLink
from search_app.pages.search.fields import TextField
from search_app.pages.search.form import FIELD_SCRIPTS, LABELS, PLACES, SUGGESTIONS
from search_app.pages.shared.layout import Freshness, Layout, Page
from search_app.pages.subjects.overview import Overview
from search_app.pages.subjects.subjects import DOMAINS, JOBS, TERRITORIES, UPCOMING, to_domain, to_region
from search_app.search.links import Pairs, address
from search_app.search.reference_data import Snapshot
from search_app.text import wording
from search_app.text.slugs import slug

SOON: Final = timedelta(days=60)
MOST_DOMAINS: Final = 12
HEADING: Final = "Trouver une formation près de chez vous"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its search, and how many offers it has, None if the engine does not answer."""

    title: str
    text: str
    pairs: Pairs
    count: int | None = None

    @property
    def href(self) -> str:
        """Return the address of the search."""
        return address(self.pairs)


@dataclass(frozen=True, slots=True)
class HomePage(Page):
    """The page context; counts are empty if the engine does not answer. ``editor`` is who publishes the site."""

    heading: str
    what: TextField
    where: TextField
    hidden: Pairs
    total: str | None
    editor: str | None
    entries: tuple[Entry, ...]
    domains: tuple[PortalLink, ...]
    regions: tuple[PortalLink, ...]
    browse: tuple[PortalLink, ...]
    engine_down: bool


@dataclass(frozen=True, slots=True)
class HomeCounts:
    """The counts of all offers to come, and those of the entries, in their order."""

    overview: Overview
    entries: Sequence[int]


def build_home_page(
    counts: HomeCounts | None, today: date, snapshot: Snapshot, freshness: Freshness | None, editor: str = ""
) -> HomePage:
    """Return the home page; ``counts`` is None if the engine does not answer."""
    overview = counts.overview if counts else Overview(0, {})
    return HomePage(
        layout=Layout(
            HEADING,
            "home",
            description="Les formations professionnelles à venir : dates, places, financement, à qui téléphoner. "
            "Gratuit, sans compte.",
            canonical="/",
            freshness=freshness,
            sheets=(SHEET, "home.css"),
            scripts=FIELD_SCRIPTS,
        ),
        heading=HEADING,
        what=TextField("q", wording.typeset(LABELS["q"]), suggest=SUGGESTIONS),
        where=TextField("place", wording.typeset(LABELS["place"]), suggest=PLACES, locates=True),
        hidden=(UPCOMING,),
        total=wording.counted(overview.total, "offre", "offres") if overview.total else None,
        editor=editor.partition(",")[0].strip() or None,
        entries=_entries(today, counts),
        domains=_domains(overview, snapshot),
        regions=_regions(overview),
        browse=_browse(),
        engine_down=counts is None,
    )


def entries_of(today: date) -> tuple[Entry, ...]:
    """Return the six entries, without counts."""
    soon = (("start_from", today.isoformat()), ("start_to", (today + SOON).isoformat()))
    return (
        Entry("Commencer bientôt", "Une session débute dans les deux mois.", soon),
        Entry("Avec une place", "Au moins une place restante est annoncée.", (("seats", "1"), UPCOMING)),
        Entry("Sans rien payer", "Pour un demandeur d’emploi, sous conditions.", (("free", "true"), UPCOMING)),
        Entry("Sans diplôme", "Aucun niveau n’est exigé à l’entrée.", (("entry_level", "0"), UPCOMING)),
        Entry("Depuis chez soi", "Entièrement à distance.", (("remote", "only"), UPCOMING)),
        Entry("À tout moment", "Entrée toute l’année.", (("entry", "permanent"), UPCOMING)),
    )


def _entries(today: date, counts: HomeCounts | None) -> tuple[Entry, ...]:
    entries = entries_of(today)
    if counts is None:
        return entries
    return tuple(replace(entry, count=count) for entry, count in zip(entries, counts.entries, strict=True))


def _domains(overview: Overview, snapshot: Snapshot) -> tuple[PortalLink, ...]:
    """Return the domains with most offers, under everyday names."""
    found = [(to_domain(code, snapshot), count) for code, count in overview.codes("domain").items()]
    return tuple(PortalLink(domain.label, domain.path, count) for domain, count in found[:MOST_DOMAINS])


def _regions(overview: Overview) -> tuple[PortalLink, ...]:
    found = ((to_region(code), count) for code, count in overview.codes("region").items())
    links = (PortalLink(region.label, region.path, count) for region, count in found if region)
    return tuple(sorted(links, key=lambda link: slug(link.label)))


def _browse() -> tuple[PortalLink, ...]:
    return (
        PortalLink("Je ne sais pas quoi faire", DOMAINS, detail="Par domaine, avec des mots de tous les jours"),
        PortalLink("Je pense à un métier", JOBS, detail="Ce qu’il est, comment y entrer, les formations qui y mènent"),
        PortalLink("Je cherche près de chez moi", TERRITORIES, detail="Les régions, les départements et leurs villes"),
    )
