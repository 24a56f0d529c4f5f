"""The page of a job: what it is, ways in, diplomas, trainings, sessions near, who pays, whom to ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mappings.codes import LEVEL_NAMES
from search_app.exports.structured_lists import build_item_list, build_occupation
from search_app.pages.documents.block import InformBlock
from search_app.pages.portal.frame import (
    HOME,
    INDEX_LINKS,
    PortalLink,
    Section,
    Site,
    build_layout,
    offers_text,
    sections_of,
)
from search_app.pages.portal.items import OfferLine, TrainingItem, build_items
from search_app.pages.portal.next_sessions import build_next_lines
from search_app.pages.portal.paging import PathPaging, build_paging
from search_app.pages.portal.sections import departments_of_job, narrower
from search_app.pages.search.fields import TextField
from search_app.pages.search.form import FIELD_SCRIPTS, PLACES
from search_app.pages.shared.layout import Link, Page
from search_app.pages.subjects.families import family_of
from search_app.pages.subjects.overview import Overview
from search_app.pages.subjects.subjects import Subject, to_job
from search_app.search.links import Pairs, address
from search_app.search.reference_data import Snapshot
from search_app.search.results import FacetRow, OfferCard, SearchResults
from search_app.text import wording
from search_app.text.slugs import slug
from search_app.text.wording import curved

MOST_RELATED: Final = 12
MOST_TITLES: Final = 8
LEVELS: Final = ("13", "14", "15", "16", "17", "18")  # without those that are no diploma


@dataclass(frozen=True, slots=True)
class JobAnswer:
    """What the engine answers about a job: its trainings, how many offers demand no diploma, its first open offers."""

    trainings: SearchResults
    without_diploma: int
    soon: Sequence[OfferCard]


@dataclass(frozen=True, slots=True)
class JobPage(Page):
    """The sections in the order of a reader's questions; ``definition`` and ``access`` are those of the ROME sheet,
    empty if it is not loaded. From the second page on, only the list of trainings.
    """

    heading: str
    code: str
    count: Link
    about: str
    trail: tuple[Link, ...]
    definition: tuple[str, ...]
    titles: tuple[str, ...]
    access: tuple[str, ...]
    ways: tuple[PortalLink, ...]
    levels: tuple[PortalLink, ...]
    trainings: tuple[TrainingItem, ...]
    trainings_count: str
    paging: PathPaging | None
    next_offers: tuple[OfferLine, ...]
    where: TextField
    hidden: Pairs
    funders: tuple[PortalLink, ...]
    sections: tuple[Section, ...]
    is_first: bool
    inform: InformBlock | None = None


def build_job_page(job: Subject, answer: JobAnswer, overview: Overview, snapshot: Snapshot, site: Site) -> JobPage:
    """Return one page of a job."""
    found = answer.trainings
    number, first = found.trainings or 0, found.page == 1
    sheet = snapshot.reference.rome_sheets.get(job.code, {})
    definition, access = (tuple(map(curved, sheet.get(name, ()))) for name in ("definition", "access"))
    heading = job.label if first else f"{job.label}, page {found.page}"
    trail = (HOME, INDEX_LINKS["jobs"], Link(job.label, job.path))
    items = build_items(found.results, found.today, " pour ce métier")
    things = (
        build_occupation(job.code, job.label, site.url(job.path), " ".join(definition), " ".join(access)),
        build_item_list(job.label, [(item.title, site.url(item.href or "")) for item in items], number),
    )
    return JobPage(
        layout=build_layout(
            f"{heading} : métier et formations", _description(job, definition, found.total), job.page(found.page),
            trail, site, *things, scripts=FIELD_SCRIPTS, indexed=overview.has_page("rome", job.code),
        ),
        heading=wording.typeset(heading),
        code=job.code,
        count=Link(offers_text(found.total), job.search),
        about=wording.typeset(job.within),
        trail=trail,
        definition=definition if first else (),
        titles=_titles(job.code, snapshot) if first else (),
        access=access if first else (),
        ways=_ways(job, answer) if first else (),
        levels=_levels(job, found) if first else (),
        trainings=items,
        trainings_count=wording.counted(number, "formation", "formations"),
        paging=build_paging(job, found.page, number),
        next_offers=build_next_lines(answer.soon, found.today) if first else (),
        where=TextField("place", wording.typeset("Où ?"), suggest=PLACES),
        hidden=job.pairs,
        funders=tuple(narrower(job, "funder", found.facets)) if first else (),
        sections=sections_of(departments_of_job(job, found.facets), _related(job, overview, snapshot))
        if first else (),
        is_first=first,
    )  # fmt: skip


def _description(job: Subject, definition: tuple[str, ...], total: int) -> str:
    told = f"{offers_text(total)} {job.within}. {' '.join(definition)}"
    return told if len(told) <= 200 else told[:200].rpartition(" ")[0] + "…"


def _titles(code: str, snapshot: Snapshot) -> tuple[str, ...]:
    """Return names under which the job is known, the shortest first."""
    titles = sorted(snapshot.reference.rome_titles.get(code, ()), key=len)
    return tuple(curved(title.replace("''", "'")) for title in titles[:MOST_TITLES])


def _ways(job: Subject, answer: JobAnswer) -> tuple[PortalLink, ...]:
    """Return the ways in: without a diploma, as an apprentice, remotely."""
    facets = answer.trainings.facets
    alternating = _row(facets.get("rhythm", []), "alternating")
    remote = _row(facets.get("mode", []), "remote")
    ways = [
        PortalLink("Sans diplôme exigé", address((*job.pairs, ("entry_level", "0"))), answer.without_diploma),
        PortalLink("En alternance", address((*job.pairs, ("rhythm", "alternating"))), alternating),
        PortalLink("À distance", address((*job.pairs, ("mode", "remote"))), remote),
    ]
    return tuple(way for way in ways if way.count)


def _levels(job: Subject, found: SearchResults) -> tuple[PortalLink, ...]:
    """Return the searches by the diploma that is reached, the lowest first."""
    rows = [row for row in found.facets.get("level", ()) if row.value in LEVELS and row.count]
    links = (PortalLink(LEVEL_NAMES[row.value], address((*job.pairs, ("level", row.value))), row.count)
             for row in sorted(rows, key=lambda row: row.value))  # fmt: skip
    return tuple(links)


def _row(rows: list[FacetRow], value: str) -> int:
    return next((row.count for row in rows if row.value == value), 0)


def _related(job: Subject, overview: Overview, snapshot: Snapshot) -> Section:
    """Return jobs of the same ROME family: those with more of the code in common first."""
    codes = [code for code in overview.codes("rome") if code != job.code and code[0] == job.code[0]]
    near = sorted(codes, key=lambda code: (-_common(code, job.code), code))[:MOST_RELATED]
    jobs = [to_job(code, snapshot) for code in near]
    links = tuple(PortalLink(related.label, related.path, overview.counts["rome"][related.code]) for related in jobs)
    return Section("proches", f"Métiers proches : {family_of(job.code)}", tuple(sorted(links, key=_by_name)))


def _common(code: str, other: str) -> int:
    return next((place for place in range(len(code)) if code[place] != other[place : place + 1]), len(code))


def _by_name(link: PortalLink) -> str:
    return slug(link.label)
