"""One legal body: `/organismes/{siren}`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from search_app.census.answer import BodyView, SiteView
from search_app.census.labels import NAME_KIND_LABELS
from search_app.exports.structured_data import to_script
from search_app.exports.structured_lists import build_breadcrumb, build_graph
from search_app.exports.structured_providers import build_body
from search_app.pages.offer.facts import Fact, FactList, Value
from search_app.pages.providers import facts
from search_app.pages.providers.outline import OutlineMap, draw
from search_app.pages.providers.questions import Asking, Question, sirets_in_question, to_correction, to_questions
from search_app.pages.shared.layout import CountedLink, Freshness, Layout, Link, Page
from search_app.search.links import address
from search_app.search.results import FacetRow, SearchResults
from search_app.text import wording
from search_app.text.casing import cased

SHEETS: Final = ("portal.css", "offer.css", "providers.css")
ALL_BODIES: Final = Link("Organismes", "/organismes")
FIRST_NAMES: Final = 5  # other names; the others are folded
FIRST_SITES: Final = 12  # rows of the table; the others are folded
MOST_LINKS: Final = 12  # domains and départements; the search has all


@dataclass(frozen=True, slots=True)
class About:
    """What a body's page needs beside the body: its offers to come, how many offers it delivers, the site.

    ``upcoming`` is the first page of its search, None if it has no offer to come.
    """

    upcoming: SearchResults | None
    delivered: int
    freshness: Freshness | None = None
    public_url: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One establishment as the table shows it."""

    name: str
    town: str
    siret: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BodyPage(Page):
    """The page context of a body."""

    trail: tuple[Link, ...]
    name: str
    town: str | None
    also: tuple[str, ...]
    more_names: tuple[str, ...]
    brief: tuple[Fact, ...]
    offers: Link | None
    offers_text: str
    domains: tuple[CountedLink, ...]
    places: tuple[CountedLink, ...]
    numbers: tuple[Fact, ...]
    map: OutlineMap | None
    sites: tuple[SiteRow, ...]
    more_sites: tuple[SiteRow, ...]
    questions: tuple[Question, ...]
    correct: Value | None
    json_href: str


def build_body_page(view: BodyView, about: About) -> BodyPage:
    """Return the page of a body."""
    name, town = facts.shown_name(view), facts.shown_town(view.town)
    in_question, names = sirets_in_question(view), _other_names(view)
    sites = sorted(view.sites, key=lambda site: site.siret not in in_question)  # stable
    rows = [_site_row(site, site.siret in in_question) for site in sites]
    asking = Asking(about.delivered, about.public_url, about.contact)
    trail = (Link("Accueil", "/"), ALL_BODIES, Link(name, view.url))
    upcoming = about.upcoming
    return BodyPage(
        layout=_layout(view, name, town, trail, about),
        trail=trail,
        name=name,
        town=town,
        also=tuple(names[:FIRST_NAMES]),
        more_names=tuple(names[FIRST_NAMES:]),
        brief=_brief(view, about),
        offers=_offers_link(view),
        offers_text=facts.offers_text(view.offers),
        domains=_links(view, "domain", upcoming),
        places=_links(view, "department", upcoming),
        numbers=_numbers(view),
        map=_map(view, name),
        sites=tuple(rows[:FIRST_SITES]),
        more_sites=tuple(rows[FIRST_SITES:]),
        questions=to_questions(view, asking),
        correct=to_correction(view, asking),
        json_href=f"/api/v1/providers/{view.siren}",
    )


def _layout(view: BodyView, name: str, town: str | None, trail: Sequence[Link], about: About) -> Layout:
    site = about.public_url.rstrip("/")
    title = f"{name}, {town}" if town else f"{name}, SIREN {view.siren}"
    steps = [(link.text, f"{site}{link.href}") for link in trail]
    things = [build_breadcrumb(steps), build_body(view, f"{site}{view.url}")]
    return Layout(
        title,
        "providers",
        description=wording.typeset(f"{title} : {facts.offers_text(view.offers)}."),
        canonical=view.url,
        freshness=about.freshness,
        structured=to_script(build_graph(things)),
        sheets=SHEETS,
    )


def _other_names(view: BodyView) -> list[str]:
    """Return the other names, each once, with where it comes from."""
    kinds: dict[str, list[str]] = {}
    for each in view.also:
        kinds.setdefault(wording.typeset(cased(each.name)), []).append(NAME_KIND_LABELS.get(each.kind, each.kind))
    return [f"{name} ({', '.join(dict.fromkeys(told))})" for name, told in kinds.items()]


def _brief(view: BodyView, about: About) -> tuple[Fact, ...]:
    """Return the four facts and the certification, each with its date or unknown."""
    found = (
        FactList()
        .add("Organisme déclaré", facts.declared_text(view))
        .add("Situation légale", facts.state_text(view))
        .add("Certification Qualiopi", *facts.certification_texts(view))
        .add("Dernière déclaration", *facts.trainees_texts(view))
    )
    told = wording.typeset(facts.offers_text(view.offers))
    values = [Value(told, address((("provider", view.siren),)) if view.offers.total else None)]
    if about.delivered:
        text = f"{wording.counted(about.delivered, 'offre assurée', 'offres assurées')} comme organisme formateur"
        values.append(Value(text, address((("trainer", view.siren),))))
    return found.add_values("Offres", values).all()


def _offers_link(view: BodyView) -> Link | None:
    if not view.offers.upcoming:
        return None
    text = wording.counted(view.offers.upcoming, "offre à venir", "offres à venir")
    return Link(text, address((("provider", view.siren), ("upcoming", "true"))))


def _links(view: BodyView, name: str, results: SearchResults | None) -> tuple[CountedLink, ...]:
    """Return a search of the offers to come for each value of a facet."""
    rows: Iterable[FacetRow] = results.facets.get(name, ())[:MOST_LINKS] if results else ()
    own = (("provider", view.siren), ("upcoming", "true"))
    return tuple(CountedLink(wording.typeset(row.label), row.count, address((*own, (name, row.value)))) for row in rows)


def _numbers(view: BodyView) -> tuple[Fact, ...]:
    stated = [number for number in view.stated_ndas if number not in view.ndas]
    return (
        FactList()
        .add("SIREN", facts.shown_siren(view.siren))
        .add("Déclaration d’activité", *view.ndas)
        .add("Anciennes déclarations", *view.former_ndas)
        .add("Déclarations citées par ses offres", *stated)
        .all()
    )


def _site_row(site: SiteView, in_question: bool) -> SiteRow:
    notes = [
        "en question" if in_question else None,
        "siège" if site.head else None,
        "indiqué fermé" if site.closed else None,
        "dans la liste publique" if site.listed else None,
        "cité par des offres" if site.in_offers else None,
        "assure des offres" if site.delivers else None,
    ]
    town = " ".join(text for text in (site.postal_code, facts.shown_town(site.town)) if text)
    name = cased(site.name) if site.name else "Sans enseigne connue"
    lines = f"{site.address}, {town}" if site.address and town else town
    return SiteRow(wording.typeset(name), lines or "Lieu non connu", site.siret, tuple(note for note in notes if note))


def _map(view: BodyView, name: str) -> OutlineMap | None:
    sites = [
        (site.lon, site.lat, ", ".join(text for text in (facts.shown_town(site.town), site.siret) if text))
        for site in view.sites
    ]
    count = wording.counted(len(sites), "établissement", "établissements")
    return draw(sites, wording.typeset(f"Carte de France : {count} de {name}. Le tableau qui suit dit la même chose."))
