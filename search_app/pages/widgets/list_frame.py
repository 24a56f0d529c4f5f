"""``liste``: the first results of a search, and the way to all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from search_app.base.errors import BadParameters
from search_app.pages.search.groups import build_group
from search_app.pages.shared.layout import Link
from search_app.pages.widgets.frame import Frame
from search_app.pages.widgets.session_lines import SessionLine, build_session_line, where_line
from search_app.pages.widgets.theme import Theme, split_theme
from search_app.search.links import Pairs, address, from_form, to_pairs, without
from search_app.search.params.search_params import SearchParams
from search_app.search.resolved import ResolvedSearch
from search_app.search.results import OfferCard, SearchResults
from search_app.search.service import Services
from search_app.text import wording

DEFAULT_SIZE: Final = 5
# A frame is a glance, and no taller than the 5,000 px that the loader allows.
LARGEST_SIZE: Final = 20
NO_SESSION: Final = "Dates des sessions non communiquées"
LEFT_OUT: Final = ("page", "facet_size", "explain", "selection", "view")


@dataclass(frozen=True, slots=True)
class ListCard:
    """One result; a training with several offers leads to all of them."""

    link: Link
    where: str
    session: SessionLine | None
    no_session: str


@dataclass(frozen=True, slots=True)
class Part:
    """Results with a heading, empty if they are all of one kind."""

    title: str
    cards: tuple[ListCard, ...]


@dataclass(frozen=True, slots=True)
class ListFrame(Frame):
    """The context of ``liste``."""

    count: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What the address of a frame asks for."""

    theme: Theme
    search: ResolvedSearch


def read_list_query(services: Services, pairs: Pairs) -> ListQuery:
    """Return theme and search of an address; raises BadParameters with the faults of both, NothingLoaded.

    Sessions to come are shown unless ``upcoming=false`` is given, as the pages of the site do by their links.
    """
    theme, others, faults = split_theme(pairs)
    searched = without(from_form(others), *LEFT_OUT)
    try:
        search = services.read_search(
            searched, ignore_unknown=True, defaults={"upcoming": True, "size": DEFAULT_SIZE, "facet_size": 1}
        )
    except BadParameters as error:
        raise BadParameters([*faults, *error.faults]) from error
    if faults:
        raise BadParameters(faults)
    return ListQuery(theme, _shortened(services, search))


def _shortened(services: Services, search: ResolvedSearch) -> ResolvedSearch:
    """Return the search with no more results than a frame shows."""
    if search.params.size <= LARGEST_SIZE:
        return search
    given = {name: getattr(search.asked, name) for name in search.asked.given}
    return services.resolve(SearchParams(**{**given, "size": LARGEST_SIZE, "facet_size": 1}))


def build_list_frame(query: ListQuery, results: SearchResults) -> ListFrame:
    """Return the frame of an answer."""
    search = query.search
    pairs = to_pairs(search.params)
    site = without(pairs, "size")
    cards = [_card(card, search, results.today, site) for card in results.results]
    return ListFrame(
        title=_title(search, results),
        theme=query.theme,
        more=Link(_more(results), address(site)),
        count=_count(search, results),
        parts=_parts(results, cards),
    )


def _card(card: OfferCard, search: ResolvedSearch, today: date, pairs: Pairs) -> ListCard:
    group = build_group(card.training, pairs)
    title = wording.typeset(card.title)
    link = Link(f"{title} ({group.text})", group.href) if group else Link(title, card.url)
    matching = card.sessions[: card.matching_sessions]
    session = build_session_line(matching[0], card.entry, today, funders=search.params.funder) if matching else None
    return ListCard(link, where_line(card), session, NO_SESSION)


def _title(search: ResolvedSearch, results: SearchResults) -> str:
    """Return the heading: the words and the place of the search."""
    understood, place = results.understood, results.place
    words = understood.words if understood and understood.corrections else search.params.q
    heading = f"Formations «{wording.NBSP}{words}{wording.NBSP}»" if words else "Formations"
    if place is None:
        return heading
    if place.kind == "point":
        return f"{heading} autour du point choisi"
    if place.radius is None:
        return f"{heading}{wording.NBSP}: {place.label}"
    return f"{heading} près {wording.of(place.label)}"


def _count(search: ResolvedSearch, results: SearchResults) -> str:
    offers = wording.counted(results.total, "offre", "offres") if results.total else "Aucune offre en ce moment"
    return f"{offers}, sessions à venir" if search.params.upcoming and results.total else offers


def _more(results: SearchResults) -> str:
    if results.total > 1:
        return f"Voir les {wording.counted(results.total, 'offre', 'offres')}"
    return "Voir l’offre" if results.total else "Modifier la recherche"


def _parts(results: SearchResults, cards: Sequence[ListCard]) -> tuple[Part, ...]:
    """Return the results under a heading for each kind if a place holds and both kinds were found."""
    counts = _presence(results)
    if counts is None or not all(counts.values()):
        return (Part("", tuple(cards)),) if cards else ()
    titles = {"onsite": "Sur place", "remote": "À distance"}
    kinds = ["remote" if card.mode == "remote" else "onsite" for card in results.results]
    parts = [
        Part(
            f"{title} ({wording.number(counts[kind])})",
            tuple(card for card, own in zip(cards, kinds, strict=True) if own == kind),
        )
        for kind, title in titles.items()
    ]
    return tuple(part for part in parts if part.cards)


def _presence(results: SearchResults) -> dict[str, int] | None:
    """Return how many offers are held at the place, and how many are remote; None without a place."""
    presence: Any = getattr(results, "presence", None)
    if presence is None:
        return None
    return {"onsite": int(presence.onsite), "remote": int(presence.remote)}
