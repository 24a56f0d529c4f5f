"""What the portal's pages have in common: layout, trail, sections of links, structured data."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from search_app.exports.structured_data import to_script
from search_app.exports.structured_lists import build_breadcrumb, build_graph
from search_app.pages.shared.layout import Freshness, Layout, Link
from search_app.pages.subjects.subjects import DOMAINS, JOBS, TERRITORIES
from search_app.text import wording

SHEET: Final = "portal.css"
HOME: Final = Link("Accueil", "/")
INDEX_LINKS: Final = {
    "jobs": Link("Métiers", JOBS),
    "domains": Link("Domaines", DOMAINS),
    "territories": Link("Territoires", TERRITORIES),
}


@dataclass(frozen=True, slots=True)
class PortalLink:
    """A link with the number of offers behind it, None if it is not stated; ``detail`` is an official label."""

    label: str
    href: str
    count: int | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A titled list of links; ``key`` is its anchor."""

    key: str
    title: str
    links: tuple[PortalLink, ...]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """What of the installation a page depends on: its configured address, and the freshness of the catalogue."""

    public_url: str = ""
    freshness: Freshness | None = None

    def url(self, path: str) -> str:
        """Return the absolute address of a page, a path if the site's address is not configured."""
        return f"{self.public_url.rstrip('/')}{path}"


def build_layout(
    title: str,
    description: str,
    path: str,
    trail: Sequence[Link],
    site: Site,
    *things: dict[str, Any] | None,
    indexed: bool = True,
    sheets: tuple[str, ...] = (SHEET,),
    scripts: tuple[str, ...] = (),
) -> Layout:
    """Return the frame of a page of the portal, with its trail and other ``things`` as structured data."""
    steps = [(link.text, site.url(link.href)) for link in trail]
    return Layout(
        wording.typeset(title),
        "portal",
        description=wording.typeset(description),
        canonical=path,
        indexed=indexed,
        freshness=site.freshness,
        structured=to_script(build_graph([build_breadcrumb(steps), *things])),
        sheets=sheets,
        scripts=scripts,
    )


def sections_of(*sections: Section) -> tuple[Section, ...]:
    """Return the sections that have links."""
    return tuple(section for section in sections if section.links)


def offers_text(count: int) -> str:
    """Return a number of offers to come.

    >>> offers_text(3)
    '3\xa0offres à venir'
    """
    return wording.counted(count, "offre à venir", "offres à venir")
