"""The index pages: all jobs, all domains, all territories that have a page, with their numbers of offers."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from mappings.codes import region_by_department
from search_app.exports.structured_lists import build_item_list
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
from search_app.pages.shared.layout import Link, Page
from search_app.pages.subjects.everyday import OTHERS, official_name
from search_app.pages.subjects.families import FAMILIES, family_of
from search_app.pages.subjects.overview import Overview
from search_app.pages.subjects.subjects import Subject, to_department, to_domain, to_job, to_region
from search_app.search.facets.everyday import everyday
from search_app.search.reference_data import Snapshot
from search_app.text import wording
from search_app.text.slugs import slug


@dataclass(frozen=True, slots=True)
class IndexPage(Page):
    """Sections of counted links, and the links to their anchors; ``letters`` are the same links by first letter."""

    heading: str
    lead: str
    trail: tuple[Link, ...]
    sections: tuple[Section, ...]
    letters: tuple[Section, ...]
    search: Link


def build_jobs_page(overview: Overview, snapshot: Snapshot, site: Site) -> IndexPage:
    """Return the page of all jobs, by family and by letter."""
    jobs = [(to_job(code, snapshot), count) for code, count in overview.codes("rome").items()]
    links = [(job.code, PortalLink(job.label, job.path, count)) for job, count in jobs]
    by_family = [
        Section(f"famille-{letter.lower()}", name, _sorted(link for code, link in links if code.startswith(letter)))
        for letter, name in FAMILIES.items()
    ]
    others = Section("famille-autres", family_of(""), _sorted(link for code, link in links if code[0] not in FAMILIES))
    letters = tuple(
        Section(f"lettre-{letter}", letter.upper(), tuple(PortalLink(link.label, link.href) for link in part))
        for letter, part in groupby(_sorted(link for _, link in links), key=lambda link: slug(link.label)[:1])
    )
    lead = (
        f"{wording.counted(len(links), 'métier', 'métiers')} vers lesquels mènent des formations à venir. Chaque page "
        "dit ce qu’est le métier, comment on y entre, qui paie et à qui s’adresser."
    )
    sections = sections_of(*by_family, others)
    return _build("jobs", "Les métiers et leurs formations", lead, sections, letters, site)


def build_domains_page(overview: Overview, snapshot: Snapshot, site: Site) -> IndexPage:
    """Return the page of all domains, in groups of everyday words."""
    codes = overview.codes("domain")
    domains = {code: to_domain(code, snapshot) for code in codes}
    table = everyday()
    grouped = [Section(slug(group), group, _domain_links(listed, domains, overview, snapshot))
               for group, listed in table.groups.items()]  # fmt: skip
    rest = [code for code in domains if code not in table.names]
    sections = sections_of(*grouped, Section("autres", OTHERS, _domain_links(rest, domains, overview, snapshot)))
    lead = (
        f"{offers_text(overview.total)}, rangées par domaine, avec des mots de tous les jours. Vous ne savez pas quoi "
        "faire ? Parcourez ce qui vous attire : chaque page montre les formations et les métiers auxquels elles mènent."
    )
    return _build("domains", "Que voulez-vous apprendre ?", lead, sections, (), site)


def build_territories_page(overview: Overview, site: Site) -> IndexPage:
    """Return the page of all regions with their départements."""
    departments = {code: count for code, count in overview.codes("department").items() if to_department(code)}
    regions = [(region, count) for code, count in overview.codes("region").items() if (region := to_region(code))]
    sections = []
    for region, count in sorted(regions, key=lambda pair: slug(pair[0].label)):
        inside = (code for code in departments if region_by_department().get(code) == region.code)
        links = _sorted(_link(to_department(code), departments[code]) for code in inside)
        whole = PortalLink(f"Toute la région {region.label}", region.path, count)
        sections.append(Section(slug(f"region {region.label}"), region.label, (whole, *links)))
    lead = "Choisissez une région ou un département : sa page montre les formations qui s’y tiennent, et ses villes."
    return _build("territories", "Les formations par territoire", lead, tuple(sections), (), site)


def _build(
    name: str, heading: str, lead: str, sections: tuple[Section, ...], letters: tuple[Section, ...], site: Site
) -> IndexPage:
    link = INDEX_LINKS[name]
    trail = (HOME, link)
    named = [(item.label, site.url(item.href)) for section in sections for item in section.links]
    return IndexPage(
        layout=build_layout(
            heading, lead, link.href, trail, site, build_item_list(heading, named, len(named))
        ),
        heading=wording.typeset(heading),
        lead=wording.typeset(lead),
        trail=trail,
        sections=sections,
        letters=letters,
        search=Link("Chercher avec ses mots", "/offres?upcoming=true"),
    )  # fmt: skip


def _domain_links(
    codes: Iterable[str], domains: dict[str, Subject], overview: Overview, snapshot: Snapshot
) -> tuple[PortalLink, ...]:
    return tuple(
        PortalLink(domains[code].label, domains[code].path, overview.counts["domain"][code],
                   official_name(code, snapshot))
        for code in codes if code in domains
    )  # fmt: skip


def _link(subject: Subject | None, count: int) -> PortalLink:
    assert subject is not None
    return PortalLink(subject.label, subject.path, count)


def _sorted(links: Iterable[PortalLink]) -> tuple[PortalLink, ...]:
    return tuple(sorted(links, key=lambda link: slug(link.label)))


Build = Callable[[Overview, Snapshot, Site], IndexPage]


def index_builders() -> Iterator[tuple[str, Build]]:
    """Yield the name of each index page, and what builds it."""
    yield "jobs", build_jobs_page
    yield "domains", build_domains_page
    yield "territories", lambda overview, _, site: build_territories_page(overview, site)
