"""The next sessions of a job that can be joined, wherever they are."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from mappings.codes import NOT_OPEN
from search_app.pages.portal.items import FOR_ALL, OfferLine, build_lines
from search_app.pages.search.results.sessions import is_full, session_to_show
from search_app.search.links import Pairs
from search_app.search.passed import is_behind
from search_app.search.results import OfferCard

MOST_NEXT: Final = 5
# Read to show five: an offer whose first session is full stands later, by its next one.
ASKED: Final[Mapping[str, Any]] = {"size": 40}
JOINABLE: Final[Pairs] = (("recruiting", "open"), ("sort", "start"))
_WITHOUT_DAY: Final = "9999"
Order = tuple[str, bool]


def build_next_lines(cards: Iterable[OfferCard], today: date) -> tuple[OfferLine, ...]:
    """Return the offers whose next session is open and not full, by the date that their line shows: a month without a
    day after its first day, what can be entered all year last.
    """
    dated = [(order, card) for card in cards if (order := _order(card, today))]
    first = sorted(dated, key=lambda pair: pair[0])[:MOST_NEXT]
    return build_lines([card for _, card in first], today)


def _order(card: OfferCard, today: date) -> Order | None:
    """Return the sort key of the session shown, None if it cannot be joined."""
    session = session_to_show(card, FOR_ALL, today)
    if session is None or session.recruiting in NOT_OPEN or is_full(session):
        return None
    begun = card.entry == "permanent" and is_behind(session, today.isoformat())
    return _WITHOUT_DAY if begun or not session.start else session.start, session.precision != "day"
