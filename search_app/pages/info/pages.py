"""Text pages required of a public service; their data on the site come from settings."""

from dataclasses import dataclass
from typing import Final

from mappings.codes import FREE_FUNDERS, FUNDER_LABELS
from search_app.base.settings import Settings
from search_app.pages.offer.facts import Value
from search_app.pages.shared.layout import Freshness, Layout, Page
from search_app.pages.shared.site_contact import to_site_contact
from search_app.text import wording
from search_app.text.wording import curved


@dataclass(frozen=True, slots=True)
class InfoRow:
    """One text page: address, template, title and purpose."""

    path: str
    template: str
    title: str
    about: str


INFO_ROWS: Final = (
    InfoRow("/aide", "info/help.html", "Aide",
            "Chercher avec ses mots, comprendre les places et les financements, suivre une recherche."),
    InfoRow("/accessibilite", "info/accessibility.html", "Déclaration d’accessibilité",
            "Ce qui a été vérifié, ce qui ne l’a pas été, à qui le dire."),
    InfoRow("/mentions-legales", "info/legal.html", "Mentions légales",
            "Qui publie ce site, qui l’héberge, d’où viennent les données."),
    InfoRow("/confidentialite", "info/privacy.html", "Confidentialité",
            "Ni cookie, ni compte, ni mesure d’audience : ce qui est gardé, et ce qui ne l’est pas."),
    InfoRow("/plan-du-site", "info/map.html", "Plan du site", "Toutes les pages du site."),
)  # fmt: skip
STATEMENT_MADE_ON: Final = "23 novembre 2026"  # date of the declaration of accessibility, to be renewed with its tests


@dataclass(frozen=True, slots=True)
class InfoPage(Page):
    """The context of a text page; a missing setting is None, and the page says so."""

    row: InfoRow
    rows: tuple[InfoRow, ...]
    editor: str | None
    publisher: str | None
    contact: Value | None
    hosted_by: str | None
    is_rate_limited: bool
    alerts: bool
    tiles_from: str | None
    seats_old_after: str
    free_funders: tuple[str, ...]
    statement_made_on: str


def build_info_page(row: InfoRow, settings: Settings, freshness: Freshness | None) -> InfoPage:
    """Return a text page with the data of the settings."""
    funders = [curved(FUNDER_LABELS[code]) for code in FREE_FUNDERS]
    return InfoPage(
        layout=Layout(
            row.title,
            description=wording.typeset(row.about),
            canonical=row.path,
            freshness=freshness,
            sheets=("info.css",),
        ),
        row=row,
        rows=INFO_ROWS,
        editor=settings.editor or None,
        publisher=settings.publisher or None,
        contact=to_site_contact(settings.contact),
        hosted_by=settings.hosted_by or None,
        is_rate_limited=settings.rate_limit > 0,
        alerts=settings.alerts_offered,
        tiles_from=settings.tiles_origin or None,
        seats_old_after=wording.counted(settings.seats_old_after_days, "jour", "jours"),
        free_funders=tuple(funders),
        statement_made_on=STATEMENT_MADE_ON,
    )
