"""The page of an address without a page: an unknown code, or one with too few offers, and what is near it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from search_app.pages.portal.frame import HOME, INDEX_LINKS, SHEET, PortalLink
from search_app.pages.shared.layout import Freshness, Layout, Link, Page
from search_app.pages.subjects.overview import Overview
from search_app.pages.subjects.subjects import Subject, to_department, to_domain, to_job, to_region
from search_app.search.reference_data import Snapshot
from search_app.text import wording
from search_app.text.slugs import slug

MOST_NEAR: Final = 8
UNKNOWN: Final = {
    "jobs": "Aucun métier avec des formations à venir ne porte ce code.",
    "domains": "Aucun domaine avec des formations à venir ne porte ce code.",
    "territories": "Aucun territoire avec des formations à venir ne porte ce code.",
    "trainings": "Aucune formation à venir n’est connue à cette adresse.",
}
ENDED: Final = "Plus aucune offre à venir : {}. Les dernières sont passées."


@dataclass(frozen=True, slots=True)
class MissingPage(Page):
    """What is missing, and links to pages with near codes or names."""

    heading: str
    text: str
    trail: tuple[Link, ...]
    near: tuple[PortalLink, ...]
    search: Link | None


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a missing page beyond its address: why, the pages near it, a search with the few offers."""

    text: str
    near: tuple[PortalLink, ...]
    search: Link | None = None


def build_missing_page(
    kind: str,
    segment: str,
    overview: Overview,
    snapshot: Snapshot,
    freshness: Freshness | None,
    ended: Subject | None = None,
    told: Told | None = None,
) -> MissingPage:
    """Return the page for a part of an address; ``ended`` is what it names if its last offers are past."""
    heading = "Cette page n’existe plus" if ended else "Cette page n’existe pas"
    told = told or _told_of(kind, segment, overview, snapshot, ended)
    index = INDEX_LINKS.get(kind, INDEX_LINKS["domains"])
    return MissingPage(
        layout=Layout(heading, "portal", indexed=False, freshness=freshness, sheets=(SHEET,)),
        heading=heading,
        text=wording.typeset(told.text),
        trail=(HOME, index),
        near=told.near[:MOST_NEAR],
        search=told.search,
    )


def _told_of(kind: str, segment: str, overview: Overview, snapshot: Snapshot, ended: Subject | None) -> Told:
    """Return what the address alone says."""
    near = tuple(near_pages(segment, _known(kind, overview, snapshot)))
    if ended is None:
        return Told(UNKNOWN[kind], near)
    past = Link("Voir aussi les offres passées", ended.search.replace("&upcoming=true", ""))
    return Told(ENDED.format(ended.label), near, past)


def near_pages(segment: str, known: Iterable[tuple[str, Subject, int]]) -> list[PortalLink]:
    """Return the pages whose code or name is nearest to a part of an address."""
    code, _, name = segment.lower().partition("-")
    if not any(sign.isdigit() for sign in code):  # « region-99-nulle », « soudage »
        name = segment.lower()
        code = next((part for part in name.split("-") if part.isdigit()), "")

    def likeness(row: tuple[str, Subject, int]) -> tuple[float, int]:
        common = _common(code, row[0].lower())
        alike = fuzz.token_set_ratio(name.replace("-", " "), slug(row[1].label).replace("-", " ")) if name else 0.0
        return 25.0 * common + alike, row[2]

    best: Sequence[tuple[str, Subject, int]] = sorted(known, key=likeness, reverse=True)[:MOST_NEAR]
    return [PortalLink(subject.label, subject.path, count) for _, subject, count in best]


def _common(code: str, other: str) -> int:
    """Return how many characters two codes have in common at their beginning."""
    return next((place for place, sign in enumerate(code) if sign != other[place : place + 1]), len(code))


def _known(kind: str, overview: Overview, snapshot: Snapshot) -> Iterable[tuple[str, Subject, int]]:
    """Yield code, subject and number of offers of the pages of a kind; domains for trainings."""
    if kind == "jobs":
        for code, count in overview.codes("rome").items():
            yield code, to_job(code, snapshot), count
    elif kind == "territories":
        for code, count in overview.codes("region").items():
            if region := to_region(code):
                yield code, region, count
        for code, count in overview.codes("department").items():
            if department := to_department(code):
                yield code, department, count
    else:
        for code, count in overview.codes("domain").items():
            yield code, to_domain(code, snapshot), count
