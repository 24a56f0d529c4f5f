"""``liste``: the first results of a search, and the way to all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from search_app.base.errors import BadParameters
from search_app.pages.search.results.card import ShownSession, build_result_card
from search_app.pages.search.results.heading import build_count, build_heading
from search_app.pages.search.results.trainings import build_training_row, is_several
from search_app.pages.shared.layout import Link
from search_app.pages.widgets.frame import Frame
from search_app.pages.widgets.kinds import DEFAULT_SIZE, LARGEST_SIZE
from search_app.pages.widgets.session_lines import where_line
from search_app.pages.widgets.theme import Theme, split_theme
from search_app.search.links import Pairs, address, from_form, to_pairs, without
from search_app.search.params.parameter import integer
from search_app.search.params.parse import read_fields
from search_app.search.resolved import ResolvedSearch
from search_app.search.results import OfferCard, SearchResults
from search_app.search.service import Services
from search_app.text import wording

LEFT_OUT: Final = ("page", "facet_size", "explain", "selection", "view")
SIZE: Final = integer("size", 1, LARGEST_SIZE, "Offres au plus.", str(DEFAULT_SIZE))


@dataclass(frozen=True, slots=True)
class ListCard:
    """One result; a training with several offers leads to all of them."""

    link: Link
    where: str
    session: ShownSession | None
    no_session: str
    more_dates: str | None


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
    _, of_size = read_fields((pair for pair in searched if pair[0] == SIZE.name), {SIZE.name: SIZE})
    if of_size:
        faults.extend(of_size)
        searched = without(searched, SIZE.name)
    try:
        search = services.read_search(
            searched, ignore_unknown=True, defaults={"upcoming": True, "size": DEFAULT_SIZE, "facet_size": 1}
        )
    except BadParameters as error:
        raise BadParameters([*faults, *error.faults]) from error
    if faults:
        raise BadParameters(faults)
    return ListQuery(theme, search)


def build_list_frame(query: ListQuery, results: SearchResults) -> ListFrame:
    """Return the frame of an answer."""
    search = query.search
    pairs = to_pairs(search.params)
    site = without(pairs, "size")
    cards = [_card(card, search, results.today, site) for card in results.results]
    return ListFrame(
        title=build_heading(search, results),
        theme=query.theme,
        more=Link(_more(results), address(site)),
        count=_count(search, results),
        parts=_parts(results, cards),
    )


def _card(card: OfferCard, search: ResolvedSearch, today: date, pairs: Pairs) -> ListCard:
    shown = build_result_card(card, search.params, today)
    link = Link(shown.title, shown.href)
    if is_several(card):
        row = build_training_row(card.training, (shown,), pairs)
        link = Link(f"{row.title} ({wording.counted(card.training.offers or 1, 'offre', 'offres')})", row.href)
    return ListCard(link, where_line(shown), shown.session, shown.no_session, shown.more_dates)


def _count(search: ResolvedSearch, results: SearchResults) -> str:
    if not results.total:
        return "Aucune offre en ce moment"
    count = build_count(results)
    return f"{count}, sessions à venir" if search.params.upcoming else count


def _more(results: SearchResults) -> str:
    if results.total > 1:
        return f"Voir les {wording.counted(results.total, 'offre', 'offres')}"
    return "Voir l’offre" if results.total else "Modifier la recherche"


def _parts(results: SearchResults, cards: Sequence[ListCard]) -> tuple[Part, ...]:
    """Return the results under a heading for each kind if a place holds and both kinds were found."""
    presence = results.presence
    if presence is None or not (presence.onsite and presence.remote):
        return (Part("", tuple(cards)),) if cards else ()
    remote = [card.mode == "remote" for card in results.results]
    titles = {
        False: f"Sur place ({wording.number(presence.onsite)})",
        True: f"À distance ({wording.number(presence.remote)})",
    }
    parts = [
        Part(title, tuple(card for card, own in zip(cards, remote, strict=True) if own is kind))
        for kind, title in titles.items()
    ]
    return tuple(part for part in parts if part.cards)
