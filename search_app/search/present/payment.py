"""What pays for the person of a search: the value of each result, and the facet."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import msgspec
from msgspec import Raw

from funding.evaluation.facet import LABELS, VALUES, FundingValue, best_value
from funding.facts.stored import dated_facts, indexed_facts
from mappings.columns.durations import to_session_days
from search_app.search.funding.painless.scripts import count_values
from search_app.search.funding.sessions import paying
from search_app.search.present.facets import NOTHING, EarlierSessions, NotBySets, counts_of, read_lists
from search_app.search.present.sessions import session_matches
from search_app.search.query.counts import EARLIER, PAYMENT, SETS
from search_app.search.query.request import SearchRequest
from search_app.search.query.sessions import SessionConditions
from search_app.search.results import FacetRow
from search_app.search.stored import StoredOffer, StoredSession


class Valued(NamedTuple):
    """The best value of an offer over some of its sessions, whether a scheme that gives it covers all fees, and which
    of them have a chosen value and which have none.
    """

    best: FundingValue
    whole: bool
    chosen: Sequence[StoredSession]
    others: Sequence[StoredSession]


def value_sessions(stored: StoredOffer, matching: Sequence[StoredSession], request: SearchRequest) -> Valued:
    """Return what an offer is worth by some of its sessions; one without sessions, on the day of the question."""
    assert request.payment is not None
    conditions, wanted = request.conditions, request.payment.values or VALUES
    settled = request.payment.worth_of_set(stored.funding_set, conditions.funder_of_seats)
    if settled and (matching or not stored.sessions):
        is_chosen = settled[0] in wanted
        return Valued(*settled, *((matching, ()) if is_chosen else ((), matching)))
    valuer = request.payment.valuer.of(indexed_facts(msgspec.structs.asdict(stored)))
    if not stored.sessions:
        return Valued(*valuer.value(None), (), ())
    worth = [
        valuer.value(
            dated_facts(
                to_session_days(session.start, session.start_last, session.end, session.end_precision), stored.entry
            ),
            None if conditions.seats is None else partial(_has_seats, stored, session, conditions),
        )
        for session in matching
    ]
    best = best_value({value for value, _ in worth})
    split: tuple[list[StoredSession], list[StoredSession]] = [], []
    for session, (value, _) in zip(matching, worth, strict=True):
        split[value not in wanted].append(session)
    return Valued(best, any(whole for value, whole in worth if value == best), *split)


def _has_seats(
    stored: StoredOffer, session: StoredSession, conditions: SessionConditions, funders: Collection[str]
) -> bool:
    """Tell whether a session has the seats that are asked for under the funders of a scheme, which pay its offer."""
    under = paying(conditions, funders)
    if under is None or (funders and {*(under.funders or funders)}.isdisjoint(stored.funder)):
        return False
    return session_matches(session, under)


def to_funding(aggregations: Mapping[str, Raw], request: SearchRequest) -> list[FacetRow]:
    """Return the facet, best value first; raises NotBySets if offers have facts or sessions that were not known."""
    payment, lists = request.payment, read_lists(aggregations)
    assert payment is not None
    counts = Counter(count_values(dict(counts_of(lists.get(PAYMENT, NOTHING)))))
    if counts_of(lists.get(EARLIER, NOTHING)):
        raise EarlierSessions(EARLIER)
    known = payment.known(request.conditions)
    for term, number in counts_of(lists[PAYMENT + SETS]) if known else ():
        if term not in known:
            raise NotBySets(term)
        if value := known[term]:
            counts[value] += number
    return [FacetRow(value, LABELS[value], counts[value], value in payment.values) for value in VALUES]
