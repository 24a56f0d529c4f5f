"""The stored document of an offer: what its record says, and what is kept beside it, joined once.

Conversion makes the body (``mappings.offer.OfferBody``), and the hash is of the body alone. What the whole feed,
earlier loads and seat statements tell of an offer is kept beside it until it is written as ``mappings.offer.Offer``.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import orjson

from indexer.transform.offer import recruiting_of
from seats.ledger.store import Figure
from seats.projection.write import figures_to_left, merge_figures, seats_rows


class Head(NamedTuple):
    """What the load tells of an offer that it writes; ``written_at`` is the moment at which the load began."""

    hash: str
    copy_number: int
    written_at: str


class FirstSeen(NamedTuple):
    """When an offer and its sessions, by key, were first seen; a session that is not among them has come now."""

    offer: str
    sessions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Seats:
    """Seat figures by session key from several places, the newest of each funder counts.

    Those that were observed before the cutoff are shown and do not count; "" is no cutoff.
    """

    told: Sequence[Mapping[str, Sequence[Figure]]] = field(default=())
    cutoff: str = ""

    def of_session(self, key: str) -> list[Figure]:
        """Return the figures of a session, one for each funder."""
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
    """Return the JSON of ``mappings.offer.Offer``: the body with all that is kept beside it.

    An offer that was not ``seen`` before is first seen now. ``without`` are positions of sessions that the offer loses.
    A session without figures in ``seats`` keeps those that it has.
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
    return orjson.dumps(document)


def _to_session(session: Mapping[str, Any], first_seen: str, seats: Seats, funders: Sequence[str]) -> dict[str, Any]:
    told = {**session, "first_seen": first_seen}
    if figures := seats.of_session(session["key"]):
        told["seats"] = figures
        told["left"] = figures_to_left(figures, funders, seats.cutoff)
    return told
