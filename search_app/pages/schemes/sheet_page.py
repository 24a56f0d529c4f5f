"""``/financements/{id}``: one scheme with its rule of a day, its sources and its versions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from search_app.exports.funding import FEED_PATH, SCHEMES
from search_app.exports.structured_data import known
from search_app.funding.sheets import current_of
from search_app.funding.views import ContactView, FigureView, SchemeView, SourceView, VersionView
from search_app.funding.wording import (
    ROLES,
    STATES,
    TERRITORIES,
    VERSION_STATES,
    article_text,
    deadline_text,
    pays_text,
)
from search_app.pages.documents.block import InformBlock
from search_app.pages.offer.facts import Fact, FactList, Value
from search_app.pages.portal.frame import HOME, Site, build_layout
from search_app.pages.schemes.conditions import ConditionGroup, capital, to_groups
from search_app.pages.schemes.list_page import ALL, SHEETS
from search_app.pages.shared.layout import Link, Page
from search_app.search.links import address
from search_app.text import wording
from search_app.text.dates import french_day

WITHOUT_RULE: Final = {
    "sheet": "Aucun texte n’a été lu : cette fiche dit à qui s’adresser, et aucun verdict n’est donné.",
    "to_verify": "Les sources de cette règle auraient dû être relues : jusque-là, aucun oui n’est donné.",
    "unread": "Le texte a changé et n’a pas été lu dans sa nouvelle version : jusque-là, aucun oui n’est donné.",
    "not_yet": "Aucune règle lue ne vaut encore à cette date.",
    "ended": "Aucune règle lue ne vaut plus à cette date : le verdict est « à vérifier ».",
}


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure in euros: what it is, its days, when it is used, and its source."""

    label: str
    role: str
    euros: str
    days: str
    when: str
    source: "SourceRow"


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source; ``read`` tells the day on which it was read, ``verified`` is false if its text was not."""

    text: str
    href: str | None
    read: str
    verified: bool


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version: its days, its state on the page's day, and the address of the page under it."""

    days: str
    chosen_by: str
    state: str
    note: str
    href: str | None


@dataclass(frozen=True, slots=True)
class ContactRow:
    """Whom to ask; ``where`` tells how the right one is found."""

    label: str
    what: str
    where: str
    href: str | None


@dataclass(frozen=True, slots=True)
class SheetPage(Page):
    """The page context; ``other_day`` is the day that is shown if it is not today."""

    trail: tuple[Link, ...]
    label: str
    summary: str
    other_day: str | None
    here: str
    warning: str | None
    brief: tuple[Fact, ...]
    conditions: tuple[ConditionGroup, ...]
    judged: tuple[str, ...]
    deadlines: tuple[str, ...]
    documents: tuple[str, ...]
    figures: tuple[FigureRow, ...]
    contacts: tuple[ContactRow, ...]
    sources: tuple[SourceRow, ...]
    versions: tuple[VersionRow, ...]
    due: tuple[str, ...]
    offers: tuple[Link, ...]
    links: tuple[Link, ...]
    inform: InformBlock | None = None


def build_sheet_page(scheme: SchemeView, on: date, today: date, site: Site) -> SheetPage:
    """Return the page of a scheme on a day."""
    label, rule = wording.typeset(scheme.label), current_of(scheme)
    trail = (HOME, ALL, Link(label, scheme.url))
    layout = build_layout(
        f"{label} : qui, combien, comment", scheme.summary, scheme.url, trail, site, _service(scheme, site),
        indexed=on == today, sheets=SHEETS,
    )  # fmt: skip
    return SheetPage(
        layout=layout,
        trail=trail,
        label=label,
        summary=wording.typeset(scheme.summary),
        other_day=french_day(on) if on != today else None,
        here=scheme.url,
        warning=WITHOUT_RULE.get(scheme.state),
        brief=_brief(scheme, rule),
        conditions=to_groups(rule.conditions) if rule else (),
        judged=_typeset(rule.judged if rule else ()),
        deadlines=tuple(map(deadline_text, rule.deadlines)) if rule else (),
        documents=_typeset(rule.documents if rule else ()),
        figures=tuple(map(_figure, rule.figures)) if rule else (),
        contacts=tuple(map(_contact, scheme.contacts)),
        sources=tuple(map(_source, [*(rule.sources if rule else ()), *scheme.sources])),
        versions=tuple(_version(each, scheme, rule) for each in scheme.versions),
        due=_typeset(each.text for each in scheme.due),
        offers=tuple(_offers(scheme)),
        links=_links(scheme),
    )


def _typeset(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(wording.typeset(capital(text)) for text in texts)


def _brief(scheme: SchemeView, rule: VersionView | None) -> tuple[Fact, ...]:
    facts = FactList().add("Paie", capital(pays_text(scheme))).add("Décide", scheme.decides)
    facts.add("Pour commencer", scheme.starts)
    facts.add_values("Financeurs", (Value(wording.typeset(each.label)) for each in scheme.funders))
    if rule is not None:
        facts.add("Règle", capital(f"{_days(rule.from_, rule.to)} ({STATES[rule.state]})"))
        facts.add("À relire avant le", french_day(rule.verify_by) if rule.verify_by else None)
    return facts.all()


def _days(first: date, last: date | None) -> str:
    return f"du {french_day(first)} au {french_day(last)}" if last else f"depuis le {french_day(first)}"


def _figure(figure: FigureView) -> FigureRow:
    per = " par mois" if figure.per == "month" else ""
    return FigureRow(
        label=wording.typeset(figure.label),
        role=ROLES[figure.role],
        euros=f"{'jusqu’à ' if figure.is_most else ''}{wording.euros(figure.euros)}{per}",
        days=_days(figure.from_, figure.to),
        when=wording.typeset(" ; ".join(figure.when)),
        source=_source(figure.source),
    )


def _source(source: SourceView) -> SourceRow:
    read = f"lu le {french_day(source.read_on)}"
    if not source.verified:
        read = f"vu le {french_day(source.read_on)}"
    if source.as_of:
        read = f"{read}, dans sa version au {french_day(source.as_of)}"
    return SourceRow(article_text(source.text), source.url, read, source.verified)


def _version(version: VersionView, scheme: SchemeView, shown: VersionView | None) -> VersionRow:
    by = "les sessions qui commencent" if version.by == "session_start" else "les demandes faites"
    note = version.unread or (f"à relire avant le {french_day(version.verify_by)}" if version.verify_by else "")
    href = None if version is shown else address((("on", version.from_.isoformat()),), scheme.url)
    days = capital(_days(version.from_, version.to))
    return VersionRow(days, f"{by} à ces dates", VERSION_STATES[version.state], wording.typeset(note), href)


def _contact(contact: ContactView) -> ContactRow:
    return ContactRow(
        wording.typeset(contact.label), wording.typeset(contact.what), TERRITORIES[contact.territory], contact.url
    )


def _offers(scheme: SchemeView) -> Iterator[Link]:
    """Yield the search of the offers of each funder."""
    for funder in scheme.funders:
        found = address((("funder", funder.code), ("upcoming", "true")))
        yield Link(wording.typeset(f"Offres à venir de : {funder.label}"), found)


def _links(scheme: SchemeView) -> tuple[Link, ...]:
    here = f"{SCHEMES}/{scheme.id}"
    return Link("Données (JSON)", here), Link("Tableau (CSV)", f"{here}.csv"), Link("Changements (Atom)", FEED_PATH)


def _service(scheme: SchemeView, site: Site) -> dict[str, Any]:
    """Return the scheme as structured data."""
    url = site.url(scheme.url)
    return known({
        "@type": "GovernmentService",
        "@id": url,
        "url": url,
        "name": scheme.label,
        "description": scheme.summary,
        "serviceType": "Financement de la formation professionnelle",
        "areaServed": {"@type": "Country", "name": "France"},
    })  # fmt: skip
