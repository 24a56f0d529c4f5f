"""The sections beside a list of offers: other pages of the portal, and narrower searches with their counts.

A count beside a link is that of the page or search behind it: those of searches are facets of this page's search, those
of pages are of the search of that page.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from mappings.codes import region_by_department
from search_app.pages.portal.frame import PortalLink, Section
from search_app.pages.subjects.overview import Overview
from search_app.pages.subjects.subjects import (
    FEWEST,
    Subject,
    to_department,
    to_domain,
    to_job,
    to_job_in,
)
from search_app.search.links import address
from search_app.search.reference_data import Snapshot
from search_app.search.results import FacetRow
from search_app.text.slugs import slug

Facets = Mapping[str, Sequence[FacetRow]]
MOST_LINKS: Final = 24


def narrower(subject: Subject, name: str, facets: Facets, labels: Mapping[str, str] | None = None) -> list[PortalLink]:
    """Return the searches that narrow this subject by the values of a facet, most frequent first."""
    given = labels or {}
    return [
        PortalLink(given.get(row.value, row.label), address((*subject.pairs, (name, row.value))), row.count)
        for row in facets.get(name, ())
        if row.count
    ][:MOST_LINKS]  # fmt: skip


def domain_searches(subject: Subject, facets: Facets, snapshot: Snapshot) -> Section:
    """Return the searches for each domain within a subject, under everyday names."""
    names = {row.value: to_domain(row.value, snapshot).label for row in facets.get("domain", ())}
    links = narrower(subject, "domain", facets, names)
    return Section("domaines", "Par domaine", tuple(links))


def job_pages(facets: Facets, overview: Overview, snapshot: Snapshot) -> Section:
    """Return the pages of the jobs that offers of this list lead to."""
    jobs = [to_job(row.value, snapshot) for row in facets.get("rome", ()) if overview.has_page("rome", row.value)]
    links = [PortalLink(job.label, job.path) for job in jobs[:MOST_LINKS]]
    return Section("metiers", "Les métiers de ces formations", tuple(links))


def domain_pages(facets: Facets, overview: Overview, snapshot: Snapshot) -> Section:
    """Return the pages of the domains that offers of this list are in."""
    rows = [row for row in facets.get("domain", ()) if overview.has_page("domain", row.value)]
    domains = [to_domain(row.value, snapshot) for row in rows[:MOST_LINKS]]
    links = [PortalLink(domain.label, domain.path) for domain in domains]
    return Section("domaines", "Les domaines de ces formations", tuple(links))


def departments_of_job(job: Subject, facets: Facets) -> Section:
    """Return the pages of a job in each département with enough offers."""
    rows = [row for row in facets.get("department", ()) if row.count >= FEWEST]
    links = [PortalLink(label, inside.path, row.count) for row in rows
             if (inside := to_job_in(job, row.value)) and (label := _department_label(row.value))]  # fmt: skip
    return Section("departements", "Dans votre département", _by_name(links))


def jobs_of_department(code: str, facets: Facets, snapshot: Snapshot) -> Section:
    """Return the pages of each job with enough offers in a département."""
    links = []
    for row in facets.get("rome", ()):
        job = to_job(row.value, snapshot)
        inside = to_job_in(job, code)
        if inside and row.count >= FEWEST:
            links.append(PortalLink(job.label, inside.path, row.count))
    return Section("metiers", "Par métier", tuple(links[:MOST_LINKS]))


def departments_of_region(code: str, overview: Overview) -> Section:
    """Return the pages of the départements of a region."""
    inside = (row for row in overview.codes("department").items() if region_by_department().get(row[0]) == code)
    links = [PortalLink(found.label, found.path, count) for key, count in inside if (found := to_department(key))]
    return Section("departements", "Par département", _by_name(links))


def communes_section(counted: Iterable[tuple[Subject, int]]) -> Section:
    """Return the pages of the communes of a département."""
    links = [PortalLink(subject.label, subject.path, count) for subject, count in counted]
    return Section("communes", "Par ville", _by_name(links))


def _department_label(code: str) -> str:
    found = to_department(code)
    return found.label if found else ""


def _by_name(links: Iterable[PortalLink]) -> tuple[PortalLink, ...]:
    return tuple(sorted(links, key=lambda link: slug(link.label)))
