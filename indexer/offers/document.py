"""The stored document of an offer: the body from its record, joined once with data from other sources.

Conversion makes the body (``mappings.offer.OfferBody``), and only the body is hashed. Data from the whole feed, earlier
loads and seat statements are kept beside it until it is written as ``mappings.offer.Offer``.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import orjson

from indexer.transform.offer import recruiting_of
from mappings.index_fields import index_fields
from seats.ledger.store import Figure
from seats.projection.write import figures_to_capacity, figures_to_left, merge_figures, seats_rows


class Head(NamedTuple):
    """Data of the load on an offer that it writes; ``written_at`` is the time at which the load began."""

    hash: str
    copy_number: int
    written_at: str


class FirstSeen(NamedTuple):
    """When an offer and its sessions, by key, were first seen; a missing session is new."""

    offer: str
    sessions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Seats:
    """Seat figures by session key from several sources; of each funder the newest counts.

    Figures observed before the cutoff are displayed and do not count; "" is no cutoff.
    """

    told: Sequence[Mapping[str, Sequence[Figure]]] = field(default=())
    cutoff: str = ""

    def of_session(self, key: str) -> list[Figure]:
        """Return the figures of a session, one per funder."""
        merged: list[Figure] = []
        for figures in self.told:
            if fresh := figures.get(key):
                merged = merge_figures(merged, fresh)
        return merged


NO_SEATS: Final = Seats()


def to_document(
    body: Mapping[str, Any],
    head: Head,
    seen: FirstSeen | None = None,
    seats: Seats = NO_SEATS,
    without: Collection[int] = (),
) -> bytes:
    """Return the JSON of ``mappings.offer.Offer``: the body joined with the other data.

    Without ``seen`` the offer is first seen now. ``without`` are positions of sessions that are removed. A session
    without figures in ``seats`` keeps its own.
    """
    seen = seen or FirstSeen(head.written_at, {})
    sessions = [
        _to_session(session, seen.sessions.get(session["key"], head.written_at), seats, body.get("funder", ()))
        for position, session in enumerate(body.get("sessions", ()))
        if position not in without
    ]
    news_at = max([seen.offer, *(session["first_seen"] for session in sessions)])
    document = {**body, **head._asdict(), "first_seen": seen.offer, "news_at": news_at}
    if "sessions" in body:
        document["sessions"] = sessions
        document["recruiting"] = recruiting_of(sessions)
        document["seats_rows"] = seats_rows(sessions)
    return orjson.dumps(document | index_fields(document))


def _to_session(session: Mapping[str, Any], first_seen: str, seats: Seats, funders: Sequence[str]) -> dict[str, Any]:
    told = {**session, "first_seen": first_seen}
    if figures := seats.of_session(session["key"]):
        told["seats"] = figures
        told["left"] = figures_to_left(figures, funders, seats.cutoff)
        told["capacity"] = figures_to_capacity(figures, funders, seats.cutoff)
    return told
